"""What stands against a question of a file, asked of its plain words.

The rules are those of the models' fields and of ``validators``, as for a question that somebody typed
(``freezing.problems_of``). Making a ``Question`` of each, only to ask it, took a fourth of a dry run.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model

from question_bank.domain.freezing import problems_told_by
from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.models import AnswerOption, Blank, Question
from question_bank.validators import blanks_marked, check_blanks, check_options, check_question_fields

_WORDS = ("kind", "stem", "marking_guide", "explanation", "basis", "document_number", "region")


def problems_of_draft(draft: QuestionDraft) -> dict[str, list[str]]:
    """What ``problems_of`` would say of the question made of it; its pictures are not looked at."""
    words = {name: getattr(draft, name) for name in _WORDS}
    blanks = ["\n".join(accepted) for accepted in draft.blanks]
    return problems_told_by(
        ("", lambda: _check_values(Question, words)),
        ("", lambda: check_question_fields(draft)),
        ("options", lambda: _check_each(AnswerOption, "text", [option.text for option in draft.options])),
        ("options", lambda: check_options(draft.kind, draft.options)),
        ("blanks", lambda: _check_each(Blank, "accepted", blanks)),
        ("blanks", lambda: check_blanks(blanks_marked(draft.kind, draft.stem), blanks)),
    )


def _check_each(model: type[Model], name: str, texts: Iterable[str]) -> None:
    for text in texts:
        _check_values(model, {name: text})


def _check_values(model: type[Model], values: Mapping[str, Any]) -> None:
    """``clean_fields`` of a model of which there is no instance."""
    errors = {}
    for name, value in values.items():
        field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]
        if field.blank and value in field.empty_values:
            continue
        try:
            field.clean(value, None)
        except ValidationError as error:
            errors[name] = error.error_list
    if errors:
        raise ValidationError(errors)
