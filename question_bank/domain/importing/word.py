"""Questions in a Word document (.docx): running text, or tables of questions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from common.chinese import strip_controls
from common.spreadsheets.pictures import Workbook
from common.spreadsheets.reading import Sheet
from question_bank.domain.importing.columns import understand_columns
from question_bank.domain.importing.drafts import QuestionFile
from question_bank.domain.importing.grammar import Line
from question_bank.domain.importing.layouts import Layout
from question_bank.domain.importing.line_kinds import is_section
from question_bank.domain.importing.tables import read_table
from question_bank.domain.importing.text_questions import read_lines
from question_bank.domain.importing.word_numbering import Numbering
from question_bank.domain.importing.word_package import W, WordPackage, open_package
from question_bank.domain.importing.word_paragraphs import Paragraph, read_paragraph
from question_bank.enums import Kind

FORMAT = "word"


def read_word(content: bytes, *, kind: Kind | None = None) -> QuestionFile:
    """The questions of a document, with the pictures that stand in them.

    ``kind`` is that of the questions above the first heading. Raises a subclass of ``UnreadableDocument`` or of
    ``ArchiveRefused``, whatever the bytes are.
    """
    package = open_package(content)
    with package.archive:
        document = _Document(package)
        lines = list(document.lines())
    running = read_lines(lines, format=FORMAT, kind=kind, losses=list(document.losses))
    layout = understand_columns(document.tables)
    sure = Layout(blocks=tuple(block for block in layout.blocks if block.is_sure))
    tabular = read_table(Workbook(document.tables), sure)
    return QuestionFile(
        format=FORMAT,
        drafts=[*running.drafts, *tabular.drafts],
        refused=[*running.refused, *tabular.refused],
        losses=list(dict.fromkeys([*running.losses, *tabular.losses])),
    )


@dataclass(slots=True)
class _Document:
    """The body as lines; tables of questions are put aside, all others are read as the lines in their cells."""

    package: WordPackage
    tables: list[Sheet] = field(default_factory=list)
    losses: dict[str, None] = field(default_factory=dict)
    _heading: str = ""
    _place: str = field(default_factory=lambda: _("paragraph %(number)s"))
    _count: int = 0

    def lines(self) -> Iterator[Line]:
        numbering = Numbering(self.package)
        for element in self.package.body():
            if element.tag == f"{W}p":
                yield from self._lines_of(element, numbering)
            else:
                yield from self._lines_of_table(element, numbering)

    def _lines_of(self, element: Any, numbering: Numbering) -> Iterator[Line]:
        self._count += 1
        place = self._place % {"number": self._count}
        paragraph = read_paragraph(element, self.package)
        self._note_losses(paragraph)
        properties = element.find(f"{W}pPr")
        style = _style(properties)
        text = strip_controls(numbering.prefix(properties, style) + paragraph.text)
        images = tuple(paragraph.images)
        if is_section(text):
            self._heading = text.strip()
        for part in text.split("\n"):
            yield Line(part, place, images, is_heading=_is_heading(style) and bool(part.strip()))
            images = ()

    def _lines_of_table(self, table: Any, numbering: Numbering) -> Iterator[Line]:
        rows = [[list(cell.iter(f"{W}p")) for cell in row.findall(f"{W}tc")] for row in table.findall(f"{W}tr")]
        texts = [[self._cell_text(cell) for cell in row] for row in rows]
        name = _("table %(number)s") % {"number": len(self.tables) + 1}
        # The heading above a table of single choice questions is all that says so.
        sheet = Sheet(f"{name} {self._heading}".strip(), texts)
        if any(block.is_sure for block in understand_columns([sheet]).blocks):
            self.tables.append(sheet)
            if table.find(f".//{W}drawing") is not None:
                self.losses[_("Pictures in tables are left out.")] = None
            return
        for row in rows:
            for cell in row:
                for paragraph in cell:
                    yield from self._lines_of(paragraph, numbering)

    def _cell_text(self, paragraphs: list[Any]) -> str:
        texts = (read_paragraph(each, self.package).text for each in paragraphs)
        return strip_controls("\n".join(texts)).strip()

    def _note_losses(self, paragraph: Paragraph) -> None:
        if paragraph.has_formula:
            self.losses[_("Formulas are read as plain text.")] = None
        if paragraph.has_text_box:
            self.losses[_("Text boxes are left out.")] = None
        if paragraph.has_lost_image:
            self.losses[_("Pictures that are linked or larger than 5 MB are left out.")] = None


def _style(properties: Any) -> str:
    style = properties.find(f"{W}pStyle") if properties is not None else None
    return (style.get(f"{W}val") or "") if style is not None else ""


def _is_heading(style: str) -> bool:
    """Heading 1 to 9; Word in Chinese calls these styles by their numbers alone."""
    return style.lower().startswith("heading") or style in set("123456789")
