"""QTI 3.0 packages."""

from collections.abc import Iterable

from question_bank.domain.exporting.qti_dialects import QTI_30
from question_bank.domain.exporting.qti_package import write_package
from question_bank.domain.exporting.written import WrittenFile
from question_bank.domain.importing.drafts import QuestionDraft


def write_qti30(drafts: Iterable[QuestionDraft]) -> WrittenFile:
    """What an item has no room for stands in a comment at its beginning."""
    return write_package(drafts, QTI_30)
