"""Which encoding is it? For formats that are text."""

import codecs

from common.chinese import strip_controls
from question_bank.domain.importing.refusals import EmptyQuestionFile, UnknownEncoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Without a mark, what XML begins with tells UTF-16.
_STARTS = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))


def decode(content: bytes) -> str:
    """The text in UTF-8, UTF-16 or GB18030, whichever fits first; lines are parted by ``\\n``, controls are left out.

    Refuses with ``EmptyQuestionFile`` and ``UnknownEncoding``.
    """
    text = decode_exactly(content)
    return strip_controls(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))


def decode_exactly(content: bytes) -> str:
    if not content.strip(b"\x00 \t\r\n"):
        raise EmptyQuestionFile
    marked = [codec for mark, codec in (*_MARKS, *_STARTS) if content.startswith(mark)]
    for codec in marked[:1] or ["utf-8", "gb18030"]:
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            continue
    raise UnknownEncoding
