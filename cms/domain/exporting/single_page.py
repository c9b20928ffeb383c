"""A handbook as one HTML file that needs nothing else: to be kept on a phone and read where there is no network."""

from base64 import b64encode
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cms.domain.exporting import pieces
from cms.domain.exporting.edition import Edition, PrintedEntry
from cms.domain.exporting.rich import RichParagraph, Run
from cms.domain.exporting.words import basis_line, rest_lines

_STYLES = (Path(__file__).parent / "single_page.css").read_text(encoding="utf-8")
_WIDEST_PIXELS = 1000
# Phones open a file of this size at once; what does not fit is described in words.
MOST_PICTURE_BYTES = 8 * 1024 * 1024


def single_page(edition: Edition) -> str:
    """The whole file: contents, entries with bases and validity, styles for screen and paper, pictures; no script."""
    writer = _Writer(edition)
    chapters = [(chapter, [(entry, *writer.shown(entry)) for entry in chapter.entries]) for chapter in edition.chapters]
    context = {
        "edition": edition,
        "chapters": chapters,
        "bases": edition.bases().items(),
        # A download has no policy of ours, and a file of its own cannot refer to our style sheets.
        "styles": mark_safe(f"<style>{_STYLES}</style>"),
    }
    return render_to_string("cms/single_page.html", context)


class _Writer:
    """Writes bodies, and counts what their pictures weigh."""

    def __init__(self, edition: Edition) -> None:
        self._links = pieces.Links(edition)
        self._left = MOST_PICTURE_BYTES

    def shown(self, entry: PrintedEntry) -> tuple[list[tuple[str, Any]], str, str]:
        """The body as pairs of kind and content for the template, and the two lines under it."""
        page = entry.page
        body = [self._shown(piece) for piece in pieces.pieces_of(page.body, self._links)]
        return body, basis_line(page), rest_lines(page)

    def _shown(self, piece: pieces.Piece) -> tuple[str, Any]:
        kind = type(piece).__name__.lower()
        if isinstance(piece, pieces.Words):
            return kind, _html(piece.paragraphs)
        if isinstance(piece, pieces.Picture):
            return kind, {"source": self._source(piece.image), "description": piece.description}
        return kind, piece

    def _source(self, image: Any) -> str:
        """The picture as an address that holds it; empty when its file is gone or there is no room left."""
        try:
            rendition = image.get_rendition(f"max-{_WIDEST_PIXELS}x{_WIDEST_PIXELS}|format-webp")
            with rendition.get_willow_image() as willow:
                content = willow.f.read()
        except (OSError, AttributeError):
            return ""
        if len(content) > self._left:
            return ""
        self._left -= len(content)
        return f"data:image/webp;base64,{b64encode(content).decode('ascii')}"


def _html(paragraphs: list[RichParagraph]) -> SafeString:
    """Paragraphs and lists; neighbours of one kind and depth are one list."""
    parts: list[SafeString] = []
    open_lists: list[tuple[int, str]] = []
    for paragraph in paragraphs:
        tag = {"bullet": "ul", "number": "ol"}.get(paragraph.mark, "")
        while open_lists and (not tag or open_lists[-1][0] > paragraph.depth):
            parts.append(_close(open_lists.pop()))
        if not tag:
            parts.append(format_html("<p>{}</p>", _runs(paragraph.runs)))
            continue
        if open_lists and open_lists[-1] == (paragraph.depth, tag):
            parts.append(format_html("</li><li>{}", _runs(paragraph.runs)))
            continue
        if open_lists and open_lists[-1][0] == paragraph.depth:
            parts.append(_close(open_lists.pop()))
        open_lists.append((paragraph.depth, tag))
        parts.append(format_html("<{}><li>{}", tag, _runs(paragraph.runs)))
    parts += map(_close, reversed(open_lists))
    return mark_safe("".join(parts))


def _close(opened: tuple[int, str]) -> SafeString:
    return format_html("</li></{}>", opened[1])


def _runs(runs: list[Run]) -> SafeString:
    return format_html_join("", "{}", ((_run(run),) for run in runs))


def _run(run: Run) -> SafeString:
    lines = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in run.text.split("\n")))
    words = format_html("<b>{}</b>", lines) if run.bold else lines
    return format_html('<a href="{}">{}</a>', run.link, words) if run.link else words
