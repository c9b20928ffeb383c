"""A handbook on paper."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, PageBreak

from cms.domain.exporting import pieces
from cms.domain.exporting.edition import Edition, PrintedChapter, PrintedEntry
from cms.domain.exporting.words import basis_line, rest_lines
from common.pdf.blocks import Prose, digest_line
from common.pdf.book import ContentsLine, Cover, Headline, write_book
from common.pdf.canvas import INK_SOFT, SEAL
from common.pdf.paper import Paper, Rendered, grouped
from common.pdf.runs import LINK, Box, PictureBlock, Runs, Style
from common.pdf.tables import ruled_table
from common.tables import Column

_INDENT = 18.0
_WIDEST_PIXELS = 1200


def write_handbook(target: BinaryIO, edition: Edition) -> Rendered:
    """Write the edition as a PDF: cover, contents, chapters, index of bases. The same edition gives the same bytes."""
    paper = Paper(title=edition.handbook.title, author=edition.office, digest=edition.digest)
    story = [*_contents(edition), *_chapters(edition, paper), *_index(edition), digest_line(edition.digest)]
    return write_book(target, paper, _cover(edition), story)


def _cover(edition: Edition) -> Cover:
    count = len(edition.entries)
    facts = [ngettext("%(count)s entry", "%(count)s entries", count) % {"count": count}]
    if edition.as_of:
        facts.append(_("As of %(day)s") % {"day": date_format(edition.as_of)})
    facts.append(_("Version %(digest)s") % {"digest": grouped(edition.digest[:16])})
    return Cover(
        office=edition.office,
        title=edition.handbook.title,
        facts=facts,
        address=edition.address,
        hint=_("Scan to read the current version"),
    )


def _contents(edition: Edition) -> Iterator[Flowable]:
    if edition.handbook.introduction:
        yield Prose(edition.handbook.introduction, after=16)
    yield _part(pgettext("handbook", "Contents"), "contents")
    for chapter in edition.chapters:
        yield ContentsLine(chapter.page.title, f"chapter-{chapter.page.pk}", bold=True)
        for entry in chapter.entries:
            text = f"{entry.label}{_expired_mark(entry)}"
            yield ContentsLine(text, f"entry-{entry.page.pk}", size=9.5, indent=_INDENT)
    yield ContentsLine(_("Index of bases"), "index", bold=True)


def _expired_mark(entry: PrintedEntry) -> str:
    return _(" (expired)") if entry.is_expired else ""


def _part(title: str, key: str) -> Headline:
    return Headline(title, key, level=0, runs_on=True, size=18, leading=1.4, after=10)


def _chapters(edition: Edition, paper: Paper) -> Iterator[Flowable]:
    links = pieces.Links(edition)
    for chapter in edition.chapters:
        yield PageBreak()
        yield from _chapter(chapter, links, paper)


def _chapter(chapter: PrintedChapter, links: pieces.Links, paper: Paper) -> Iterator[Flowable]:
    yield _part(chapter.page.title, f"chapter-{chapter.page.pk}")
    if chapter.page.introduction:
        yield Prose(chapter.page.introduction, after=8, color=INK_SOFT)
    for entry in chapter.entries:
        yield from _entry(entry, links, paper)


def _entry(entry: PrintedEntry, links: pieces.Links, paper: Paper) -> Iterator[Flowable]:
    page = entry.page
    yield Headline(entry.label, f"entry-{page.pk}", level=1, size=13, leading=1.5, after=5)
    if entry.is_expired:
        day = {"day": date_format(page.valid_to) if page.valid_to else ""}
        yield Box(
            _("It was valid until %(day)s and is kept for looking things up.") % day, title=_("This no longer holds")
        )
    answer = Box(page.short_answer, bar=LINK, bold=True)
    answer.keepWithNext = 1
    yield answer
    for piece in pieces.pieces_of(page.body, links):
        yield from _flowables(piece, paper)
    yield Prose(basis_line(page), size=9, color=INK_SOFT)
    yield Prose(rest_lines(page), size=9, color=INK_SOFT, after=16)


def _flowables(piece: pieces.Piece, paper: Paper) -> Iterator[Flowable]:  # one row a kind
    match piece:
        case pieces.Heading(text):
            title = Prose(text, size=11.5, bold=True, after=3)
            title.keepWithNext = 1
            yield title
        case pieces.Words(paragraphs):
            yield from map(_words, paragraphs)
        case pieces.Steps(steps):
            for number, step in enumerate(steps, start=1):
                yield Runs([(step, Style())], indent=_INDENT + 4, sign=f"{number}.", after=3)
        case pieces.Table(head, rows, caption):
            yield from _table(head, rows, caption, paper)
        case pieces.KeyFigure(value, label, source):
            yield Box("　".join(part for part in (label, source) if part), title=value, size=12, bar=LINK)
        case pieces.Warned(text):
            yield Box(text, title=_("Mind this"), bar=SEAL)
        case pieces.Picture(image, description):
            yield from _picture(image, description)
        case pieces.Attachment(title, address):
            yield Runs([(title or _("a document that is no longer there"), Style(link=address))])
        case pieces.Question(text):
            yield Runs([(_("To think about"), Style(bold=True)), ("　" + text, Style())])


def _words(paragraph: Any) -> Runs:
    runs = [(run.text, Style(run.bold, run.link)) for run in paragraph.runs]
    if paragraph.mark == "paragraph":
        return Runs(runs, indent=_INDENT * paragraph.depth)
    sign = f"{paragraph.number}." if paragraph.mark == "number" else "•"
    return Runs(runs, indent=_INDENT * (paragraph.depth + 1), sign=sign, after=3)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str, paper: Paper) -> Iterator[Flowable]:
    if not rows:
        yield Prose("　".join(head), after=8)
        return
    yield ruled_table([Column(title) for title in head], rows, width=paper.text_width)
    yield Prose(caption or " ", size=8, color=INK_SOFT, after=2)


def _picture(image: Any, description: str) -> Iterator[Flowable]:
    """A picture whose file is gone is replaced by its description; a book is not refused for it."""
    try:
        rendition = image.get_rendition(f"max-{_WIDEST_PIXELS}x{_WIDEST_PIXELS}|format-jpeg|bgcolor-ffffff")
        with rendition.get_willow_image() as willow:
            reader = ImageReader(BytesIO(willow.f.read()))
    except (OSError, AttributeError):
        yield Prose(_("(Picture: %(description)s)") % {"description": description}, color=INK_SOFT, after=5)
        return
    yield PictureBlock(reader, description)


def _index(edition: Edition) -> Iterator[Flowable]:
    yield PageBreak()
    yield _part(_("Index of bases"), "index")
    for basis, entries in sorted(edition.bases().items(), key=lambda pair: pair[0].encode("gb18030", "replace")):
        title = Prose(basis or pgettext("basis", "without a basis"), size=10, bold=True, after=1)
        title.keepWithNext = 1
        yield title
        for entry in entries:
            yield ContentsLine(entry.label, f"entry-{entry.page.pk}", size=9, indent=_INDENT)
