"""How long the texts of a question may be: what the models say, asked before anything is stored."""

from functools import cache

from django.utils.translation import gettext as _

from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.domain.importing.values import NotCertain
from question_bank.models import AnswerOption, Blank, Question

_FIELDS = ("stem", "explanation", "marking_guide", "basis", "document_number", "region")
# No model holds these: a topic is looked up and a key is compared.
_MOST_OTHER_CHARACTERS = 200


def check_lengths(draft: QuestionDraft) -> None:
    """Refuse with ``NotCertain`` a draft with a text that the bank cannot hold."""
    for name in _FIELDS:
        _check(getattr(draft, name), *_limit(name))
    _check(draft.topic, str(_("topic")), _MOST_OTHER_CHARACTERS)
    _check(draft.key, str(_("identifier of the question")), _MOST_OTHER_CHARACTERS)
    for option in draft.options:
        _check(option.text, str(_("option")), _most(AnswerOption, "text"))
    for blank in draft.blanks:
        _check("\n".join(blank), str(_("accepted answers")), _most(Blank, "accepted"))


def _check(text: str, field: str, most: int) -> None:
    if len(text) > most:
        raise NotCertain(
            _("%(field)s: %(count)s characters are too many; %(most)s are possible.")
            % {"field": field, "count": len(text), "most": most}
        )


def _limit(name: str) -> tuple[str, int]:
    return str(Question._meta.get_field(name).verbose_name), _most(Question, name)


@cache
def _most(model: type[Question | AnswerOption | Blank], name: str) -> int:
    return int(model._meta.get_field(name).max_length or 0)
