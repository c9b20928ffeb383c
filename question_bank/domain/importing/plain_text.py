"""Questions in a plain text file."""

from django.utils.translation import gettext as _

from common.spreadsheets.refusals import UnreadableSpreadsheet
from common.spreadsheets.text_tables import decode
from question_bank.domain.importing.document_refusals import DocumentTooLarge, EmptyDocument, NotAText
from question_bank.domain.importing.drafts import QuestionFile
from question_bank.domain.importing.grammar import Line
from question_bank.domain.importing.text_questions import read_lines
from question_bank.enums import Kind

FORMAT = "text"
MOST_BYTES = 20 * 1024 * 1024


def read_plain_text(content: bytes, *, kind: Kind | None = None) -> QuestionFile:
    """The questions of a text in UTF-8, UTF-16 or GB18030.

    ``kind`` is that of the questions above the first heading. Raises a subclass of ``UnreadableDocument``.
    """
    if len(content) > MOST_BYTES:
        raise DocumentTooLarge
    if not content.strip(b"\x00 \t\r\n"):
        raise EmptyDocument
    try:
        text = decode(content)
    except UnreadableSpreadsheet as refusal:
        raise NotAText from refusal
    place = _("line %(number)s")
    lines = (
        Line(line, place % {"number": number})
        for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)
    )
    return read_lines(lines, format=FORMAT, kind=kind)
