"""How long the texts of a question may be: what the models say, asked before anything is stored."""

from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.domain.importing.values import NotCertain
from question_bank.models import AnswerOption, Blank, Question

_FIELDS = ("stem", "explanation", "marking_guide", "basis", "document_number", "region")
# No model holds these: topics and entries are looked up, and a key is compared.
_MOST_OTHER_CHARACTERS, _MOST_OF_ENTRY = 200, 300
_TOPIC, _KEY, _ENTRY = _("topic"), _("identifier of the question"), _("tests the entry")
_OPTION, _ACCEPTED = _("option"), _("accepted answers")


def check_lengths(draft: QuestionDraft) -> None:
    """Refuse with ``NotCertain`` a draft with a text that the bank cannot hold."""
    for name in _FIELDS:
        _check(getattr(draft, name), Question._meta.get_field(name).verbose_name, _most(Question, name))
    _check(draft.topic, _TOPIC, _MOST_OTHER_CHARACTERS)
    _check(draft.key, _KEY, _MOST_OTHER_CHARACTERS)
    _check(draft.entry, _ENTRY, _MOST_OF_ENTRY)
    for option in draft.options:
        _check(option.text, _OPTION, _most(AnswerOption, "text"))
    for blank in draft.blanks:
        _check("\n".join(blank), _ACCEPTED, _most(Blank, "accepted"))


def _check(text: str, field: str | Promise, most: int) -> None:
    if len(text) > most:
        raise NotCertain(
            gettext("%(field)s: %(count)s characters are too many; %(most)s are possible.")
            % {"field": field, "count": len(text), "most": most}
        )


@cache
def _most(model: type[Question | AnswerOption | Blank], name: str) -> int:
    return int(model._meta.get_field(name).max_length or 0)
