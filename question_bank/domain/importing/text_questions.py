"""From lines to a file of questions, whatever the lines were taken from."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from question_bank.domain.importing.composing import compose_or_refuse, difficulty_is_lost
from question_bank.domain.importing.drafts import QuestionDraft, QuestionFile, RefusedRow
from question_bank.domain.importing.grammar import Line, passages_of
from question_bank.enums import Kind


def read_lines(
    lines: Iterable[Line], *, format: str, kind: Kind | None = None, losses: Sequence[str] = ()
) -> QuestionFile:
    drafts: list[QuestionDraft] = []
    refused: list[RefusedRow] = []
    lost = dict.fromkeys(losses)
    for written, doubt in passages_of(lines, kind=kind):
        if doubt:
            refused.append(RefusedRow(written.place, doubt, " ".join(written.stem.split())[:60]))
            continue
        result = compose_or_refuse(written)
        if isinstance(result, RefusedRow):
            refused.append(result)
            continue
        drafts.append(result)
        if difficulty_is_lost(written, result):
            text = _("A difficulty that is not clear is left open: “%(text)s”.")
            lost[text % {"text": written.difficulty[:20]}] = None
    return QuestionFile(format=format, drafts=drafts, refused=refused, losses=list(lost))
