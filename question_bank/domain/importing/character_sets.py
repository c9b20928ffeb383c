"""Which encoding is it? For formats that are text."""

from common.chinese import strip_controls
from common.encodings import decoded
from question_bank.domain.importing.refusals import EmptyQuestionFile, UnknownEncoding


def decode(content: bytes) -> str:
    """The text in UTF-8, UTF-16 or GB18030, whichever fits first; lines are parted by ``\\n``, controls are left out.

    Refuses with ``EmptyQuestionFile`` and ``UnknownEncoding``.
    """
    text = decode_exactly(content)
    return strip_controls(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))


def decode_exactly(content: bytes) -> str:
    if not content.strip(b"\x00 \t\r\n"):
        raise EmptyQuestionFile
    if (text := decoded(content)) is None:
        raise UnknownEncoding
    return text
