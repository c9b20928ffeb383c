"""Chinese text: comparing typed answers, ordering names, masking numbers, refusing control characters."""

import re
import unicodedata

# A mark between two digits carries the value (3.14, 3-5, 8:30, 1/2), so it stays, in one spelling for all its keys.
_MARKS = {
    **dict.fromkeys("-‐‑‒–—―−~〜〰", "-"),
    **dict.fromkeys(".。·•・∙⋅", "."),
    **dict.fromkeys(",、;", "、"),
    **dict.fromkeys(":∶", ":"),
    **dict.fromkeys("/⁄∕", "/"),
}
_RUN_OF_MARKS = re.compile(f"[{re.escape(''.join(_MARKS))}]+")
_MINUS = "-−"
_ALWAYS_KEPT = "%‰"
_PUNCTUATION_AMONG_SYMBOLS = "|^`´¨¯¦"
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_THOUSANDS = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def fold(text: str) -> str:
    """The form in which two typed answers are compared: equal when they differ only in how they were typed.

    Full width becomes half width (NFKC), letters are case-folded, spaces and punctuation disappear. What changes a
    value stays: a mark between two digits (in one spelling: ``3～5`` and ``3—5`` both give ``3-5``, ``3·15`` gives
    ``3.15``; separators of thousands disappear), a minus sign before a digit, ``%``, ``‰`` and signs such as ``+``.
    Traditional forms and Chinese numerals are not converted: whoever accepts them lists them. Idempotent.
    """
    without_thousands = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), text)
    compatible = _compatible(_VARIATION_SELECTORS.sub("", without_thousands))
    kept = compatible.translate(_KEPT)
    # Composed once more, and again: a combining mark may have lost the space or the sign between it and a letter.
    return unicodedata.normalize("NFKC", _RUN_OF_MARKS.sub(_meaning, unicodedata.normalize("NFKC", kept)))


def _compatible(text: str) -> str:
    # Twice: case folding may yield characters that NFKC changes again (the NFKC_Casefold of Unicode 3.13, D146).
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


class _Kept(dict[int, int | None]):
    """What becomes of a character, asked once for each: a bank of questions is folded again and again."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if _is_dropped(chr(code)) else code
        return self[code]


_KEPT = _Kept()


def _is_dropped(character: str) -> bool:
    if character in _MARKS or character in _ALWAYS_KEPT:
        return False
    category = unicodedata.category(character)
    return category[0] in "PZC" or character in _PUNCTUATION_AMONG_SYMBOLS


def _meaning(run: re.Match[str]) -> str:
    """The one mark that the neighbours of a run of marks give a meaning to, or nothing."""
    marks, text = run[0], run.string
    if not _is_digit(text[run.end() : run.end() + 1]):
        return ""
    is_sign = marks[-1] in _MINUS and (len(marks) == 1 or _MARKS[marks[-2]] != "-")
    if not _is_digit(text[max(run.start() - 1, 0) : run.start()]):
        return "-" if is_sign else ""
    first = _MARKS[marks[0]]
    return f"{first}-" if is_sign and len(marks) > 1 and first != "-" else first


def _is_digit(character: str) -> bool:
    return unicodedata.category(character) == "Nd" if character else False


def mask_phone(phone: str) -> str:
    """``13812341234`` as ``138****1234``, whatever was typed between the digits; a shorter number shows less.

    Never shows more than seven digits, and none at all of a number with fewer than seven.
    """
    digits = "".join(character for character in unicodedata.normalize("NFKC", phone) if _is_digit(character))
    if not phone.strip():
        return ""
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) >= 7 else "****"


def sort_key(text: str) -> bytes:
    """Key that orders names as GB 18030 does: common characters by pinyin, then the others by radical and strokes.

    Needs no dictionary and accepts every character, also beyond the basic plane.
    """
    return text.encode("gb18030", errors="replace")


def is_control_free(text: str) -> bool:
    """May it be stored and written to a file? Tab, line feed and carriage return may; NUL, other controls, lone
    surrogates and noncharacters may not (PostgreSQL refuses NUL, XML refuses the others)."""
    return _CONTROL.search(text) is None


def strip_controls(text: str) -> str:
    """The text without the characters that :func:`is_control_free` refuses."""
    return _CONTROL.sub("", text)
