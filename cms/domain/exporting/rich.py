"""Rich text as paragraphs of plain runs, for what is printed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal

Mark = Literal["paragraph", "bullet", "number"]


@dataclass(frozen=True)
class Run:
    """Words that look the same. ``link`` is as the editor stored it: ``page:7``, ``document:3`` or an address."""

    text: str
    bold: bool = False
    link: str = ""


@dataclass
class RichParagraph:
    """``depth`` counts the lists around it from 0, ``number`` is that of an item of a numbered list."""

    mark: Mark = "paragraph"
    depth: int = 0
    number: int = 0
    runs: list[Run] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def paragraphs_of(source: str) -> list[RichParagraph]:
    """The paragraphs of a text in the form in which Wagtail stores it; empty ones are left out."""
    parser = _Parser()
    parser.feed(source)
    parser.close()
    return [paragraph for paragraph in parser.paragraphs if paragraph.text.strip()]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[RichParagraph] = [RichParagraph()]
        self._lists: list[list[str | int]] = []
        self._bold = 0
        self._link = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("ul", "ol"):
            self._lists.append([tag, 0])
        elif tag == "li":
            self._begin_item()
        elif tag in ("p", "div", "h2", "h3", "h4"):
            self._begin()
        elif tag in ("b", "strong"):
            self._bold += 1
        elif tag == "a":
            found = dict(attributes)
            kind, number = found.get("linktype"), found.get("id")
            self._link = f"{kind}:{number}" if kind and number else found.get("href") or ""
        elif tag == "br":
            self._write("\n")

    def _begin(self) -> None:
        if self.paragraphs[-1].runs:
            self.paragraphs.append(RichParagraph(depth=max(len(self._lists) - 1, 0)))

    def _begin_item(self) -> None:
        depth = max(len(self._lists) - 1, 0)
        if self._lists and self._lists[-1][0] == "ol":
            self._lists[-1][1] = number = int(self._lists[-1][1]) + 1
            self.paragraphs.append(RichParagraph("number", depth, number))
        else:
            self.paragraphs.append(RichParagraph("bullet", depth))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self.paragraphs.append(RichParagraph())
        elif tag in ("p", "li"):
            self.paragraphs.append(RichParagraph())
        elif tag in ("b", "strong"):
            self._bold = max(self._bold - 1, 0)
        elif tag == "a":
            self._link = ""

    def handle_data(self, data: str) -> None:
        self._write(data)

    def _write(self, text: str) -> None:
        self.paragraphs[-1].runs.append(Run(text, self._bold > 0, self._link))
