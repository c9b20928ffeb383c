"""The body of an entry as pieces that can be printed; what a link leads to is looked up once for a whole edition."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from wagtail.documents import get_document_model

from cms.domain.exporting.edition import Edition
from cms.domain.exporting.rich import RichParagraph, Run, paragraphs_of
from cms.models import BasePage


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Words:
    """Paragraphs and items of lists; the links of their runs are ``#entry-7`` or an address."""

    paragraphs: list[RichParagraph]


@dataclass(frozen=True)
class Steps:
    steps: list[str]


@dataclass(frozen=True)
class Table:
    head: list[str]
    rows: list[list[str]]
    caption: str = ""


@dataclass(frozen=True)
class KeyFigure:
    value: str
    label: str
    source: str


@dataclass(frozen=True)
class Warned:
    text: str


@dataclass(frozen=True)
class Picture:
    """``image`` is Wagtail's, None when somebody deleted it."""

    image: Any
    description: str


@dataclass(frozen=True)
class Attachment:
    title: str
    address: str


@dataclass(frozen=True)
class Question:
    text: str


Piece = Heading | Words | Steps | Table | KeyFigure | Warned | Picture | Attachment | Question


@dataclass
class Links:
    """Where the links in an edition lead: inside it, to the site, or out to the web."""

    edition: Edition
    _pages: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        inside = {entry.page.pk: f"#entry-{entry.page.pk}" for entry in self.edition.entries}
        inside |= {chapter.page.pk: f"#chapter-{chapter.page.pk}" for chapter in self.edition.chapters}
        self._pages = inside

    def address(self, link: str) -> str:
        """ "" for what leads nowhere any more."""
        kind, _colon, number = link.partition(":")
        if kind == "page" and number.isdecimal():
            return self._page(int(number))
        if kind == "document" and number.isdecimal():
            return self.document(get_document_model().objects.filter(pk=number).first())
        if link.startswith("/"):
            return self.edition.base.rstrip("/") + link
        return link if link.startswith(("http://", "https://", "mailto:", "tel:")) else ""

    def _page(self, number: int) -> str:
        if number in self._pages:
            return self._pages[number]
        page = BasePage.objects.filter(pk=number, live=True).first()
        return self.edition.base.rstrip("/") + page.url if page and page.url else ""

    def document(self, document: Any) -> str:
        if document is None:
            return ""
        path = reverse("wagtaildocs_serve", args=[document.pk, document.filename])
        return self.edition.base.rstrip("/") + path


def pieces_of(body: Any, links: Links) -> Iterator[Piece]:
    """The blocks of a body in their order. An unknown kind is printed as its words."""
    for block in body:
        yield _piece(block.block_type, block.value, links)


def _piece(kind: str, value: Any, links: Links) -> Piece:
    if kind == "text":
        return Words([_linked(paragraph, links) for paragraph in paragraphs_of(value.source)])
    if kind == "document":
        return Attachment(value.title if value else "", links.document(value))
    makers: dict[str, Callable[[Any], Piece]] = {
        "heading": lambda words: Heading(str(words)),
        "steps": lambda steps: Steps([str(step) for step in steps]),
        "table": _table,
        "key_figure": lambda figure: KeyFigure(figure["value"], figure["label"], figure["source"]),
        "warning": lambda words: Warned(str(words)),
        "image": lambda picture: Picture(picture["image"], picture["description"]),
        "question": lambda words: Question(str(words)),
    }
    return makers[kind](value) if kind in makers else Words([RichParagraph(runs=[Run(str(value))])])


def _table(value: Any) -> Table:
    rows = [[str(cell) for cell in row["values"]] for row in value.row_data]
    return Table([column["heading"] for column in value.columns], rows, value.caption or "")


def _linked(paragraph: RichParagraph, links: Links) -> RichParagraph:
    runs = [Run(run.text, run.bold, links.address(run.link) if run.link else "") for run in paragraph.runs]
    return RichParagraph(paragraph.mark, paragraph.depth, paragraph.number, runs)
