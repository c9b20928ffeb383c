"""Lists of a Word file: paragraphs that only say how deep they stand."""

from collections.abc import Sequence
from typing import NamedTuple


class ListItem(NamedTuple):
    depth: int
    is_numbered: bool
    html: str


def list_html(items: Sequence[ListItem]) -> str:
    """The items as lists within lists. An item may stand any number of levels deeper than the one before."""
    parts: list[str] = []
    open_lists: list[tuple[int, str]] = []
    for item in items:
        while open_lists and open_lists[-1][0] > item.depth:
            parts.append(f"</li></{open_lists.pop()[1]}>")
        tag = "ol" if item.is_numbered else "ul"
        if open_lists and open_lists[-1] == (item.depth, tag):
            parts.append(f"</li><li>{item.html}")
            continue
        if open_lists and open_lists[-1][0] == item.depth:
            parts.append(f"</li></{open_lists.pop()[1]}>")
        open_lists.append((item.depth, tag))
        parts.append(f"<{tag}><li>{item.html}")
    parts += [f"</li></{tag}>" for _depth, tag in reversed(open_lists)]
    return "".join(parts)
