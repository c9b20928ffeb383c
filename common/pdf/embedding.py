"""A font whose text can be searched in the PDF and copied out again, rare characters included."""

from collections.abc import Sequence
from typing import Any

from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

# PDF 32000-1, 9.10.3: at most 100 entries between beginbfchar and endbfchar.
_ENTRIES_PER_BLOCK = 100


class EmbeddedFont(TTFont):  # type: ignore[misc]  # ReportLab has no types
    """ReportLab's font, with a ToUnicode map that is also right beyond the basic plane.

    ReportLab writes U+2B2CE there as five digits, which is no UTF-16: readers find another character or none.
    """

    def addObjects(self, doc: Any) -> None:  # noqa: N802  # ReportLab's name
        state = self.state.get(doc)
        super().addObjects(doc)
        for number, subset in enumerate(state.subsets if state else ()):
            name = b"".join((SUBSETN(number), b"+", self.face.name, self.face.subfontNameX)).decode()
            doc.idToObject[f"toUnicodeCMap:{name}"].content = to_unicode_map(name, subset)


def to_unicode_map(name: str, subset: Sequence[int]) -> str:
    """The CMap that maps the byte ``n`` to the code point ``subset[n]``, as UTF-16 (PDF 32000-1, 9.10.3)."""
    entries = [f"<{byte:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for byte, code in enumerate(subset)]
    blocks = [entries[start : start + _ENTRIES_PER_BLOCK] for start in range(0, len(entries), _ENTRIES_PER_BLOCK)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>",
            "endcodespacerange",
            *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )
