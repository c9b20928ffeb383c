"""Which encoding is it? For files that are text."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(content: bytes) -> str | None:
    """The text in UTF-8, UTF-16 or GB18030, whichever fits first; nothing where none does.

    UTF-16 needs no mark where lines or tags tell it: no other text holds a zero, and of its two kinds only the right
    one has any (U+0A00, U+3C00, U+3E00, which the other would have, are no characters or rare ones).
    """
    marked = [codec for mark, codec in _MARKS if content.startswith(mark)]
    for codec in marked or _without_mark(content):
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            continue
    return None


def _without_mark(content: bytes) -> list[str]:
    if b"\x00" not in content:
        return ["utf-8", "gb18030"]
    found = {codec: sum(map(content.decode(codec, "ignore").count, "\n<>")) for codec in ("utf-16-le", "utf-16-be")}
    return [max(found, key=found.__getitem__)] if any(found.values()) else ["utf-8", "gb18030"]
