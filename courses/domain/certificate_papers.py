"""Certificates on paper: A4 across, one a page, ready for the office's seal."""

from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

from common.file_names import in_file_name
from common.pdf.book import draw_qr
from common.pdf.canvas import INK, INK_SOFT, SEAL, PaperCanvas
from common.pdf.lines import break_lines
from courses.models import Certificate

_WIDTH, _HEIGHT = float(A4[1]), float(A4[0])
_MIDDLE = _WIDTH / 2
_FRAME, _INSIDE = 12 * mm, 15 * mm
_LEFT, _RIGHT = 32 * mm, _WIDTH - 32 * mm
_PINE = HexColor("#1d5a42")
_TITLE_SIZE, _TITLE_SPACE = 40, 16
_NAME_SIZE, _TEXT_SIZE, _LEADING = 24, 19, 2.1
_INNER_MARKS = str.maketrans("“”", "‘’")
_QR_SIZE = 27 * mm
# Any pattern is read by every reader; looking for the best one takes longer than the rest of the page.
_QR_MASK = 2


def address(certificate: Certificate) -> str:
    """The page that verifies it, as its code carries it."""
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse('courses:certificate', args=[certificate.uuid])}"


def write_certificates(target: BinaryIO, certificates: Iterable[Certificate]) -> frozenset[str]:
    """Write one page for each; gives back the characters that no font could draw (printed as 〓).

    The enrolment's course with its division is looked at. The words are in the county's language whoever asks, so
    that everybody holds the same paper; the same certificates give the same bytes.
    """
    with override(settings.LANGUAGE_CODE):
        paper = PaperCanvas(target, pagesize=(_WIDTH, _HEIGHT), invariant=1, lang="zh-Hans")
        paper.setCreator("Yingzhi")
        paper.setTitle(_("Certificates of completion"))
        for certificate in certificates:
            _draw(paper, certificate)
            paper.showPage()
        paper.save()
    return frozenset(paper.missing_glyphs)


def write_certificates_apart(target: BinaryIO, certificates: Iterable[Certificate]) -> None:
    """An archive with a file for each, named by staff number and name; their people are looked at, too."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for certificate in certificates:
            page = BytesIO()
            write_certificates(page, [certificate])
            # Not the day it is packed: the same certificates give the same bytes, here too.
            entry = ZipInfo(_file_name(certificate), timezone.localtime(certificate.issued_at).timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, page.getvalue())


def _file_name(certificate: Certificate) -> str:
    """By staff number, so that a folder lists them in the order of the roster."""
    person = certificate.enrolment.person
    name = f"{person.code}-{certificate.person_name}-{certificate.serial}"
    return f"{in_file_name(name)}.pdf"


def _draw(paper: PaperCanvas, certificate: Certificate) -> None:
    _draw_frame(paper)
    _draw_title(paper)
    _draw_text(paper, certificate)
    _draw_proof(paper, certificate)
    _draw_signature(paper, certificate)


def _draw_frame(paper: PaperCanvas) -> None:
    """Two thin lines, the inner one with open corners."""
    paper.setStrokeColor(_PINE)
    paper.setLineWidth(1.6)
    paper.rect(_FRAME, _FRAME, _WIDTH - 2 * _FRAME, _HEIGHT - 2 * _FRAME)
    paper.setLineWidth(0.5)
    paper.rect(_INSIDE, _INSIDE, _WIDTH - 2 * _INSIDE, _HEIGHT - 2 * _INSIDE)


def _draw_title(paper: PaperCanvas) -> None:
    words = pgettext("paper", "Certificate of completion")
    is_spaced = not words.isascii()
    space = _TITLE_SPACE if is_spaced else 0
    face, size = paper.typeface, _TITLE_SIZE if is_spaced else _TITLE_SIZE * 0.8
    x = _MIDDLE - (face.width(words, size, bold=True) + space * (len(words) - 1)) / 2
    for piece in words if is_spaced else [words]:
        paper.text(x, _HEIGHT - 52 * mm, piece, size, bold=True, color=_PINE)
        x += face.width(piece, size, bold=True) + space
    paper.rule(_MIDDLE - 18 * mm, _HEIGHT - 60 * mm, 36 * mm, thickness=1.4, color=SEAL)


def _draw_text(paper: PaperCanvas, certificate: Certificate) -> None:
    y = _HEIGHT - 85 * mm
    paper.text(_LEFT, y, _("%(name)s:") % {"name": certificate.person_name}, _NAME_SIZE, bold=True)
    y -= 3 * mm
    words = _("You completed the training course “%(course)s” on %(date)s. This certificate is given as proof.") % {
        # GB/T 15834-2011, 4.8.3.3: quotation marks inside quotation marks are single ones.
        "course": certificate.course_title.translate(_INNER_MARKS),
        "date": date_format(certificate.completed_on, "DATE_FORMAT"),
    }
    indent = "" if words.isascii() else "\u3000\u3000"
    size = _fitting_size(paper, indent + words)
    for line in break_lines(indent + words, _RIGHT - _LEFT, lambda text: paper.typeface.width(text, size)):
        y -= size * _LEADING
        paper.text(_LEFT, y, line, size)


def _fitting_size(paper: PaperCanvas, words: str) -> float:
    """A title of 120 characters takes four lines of a smaller size."""
    lines = break_lines(words, _RIGHT - _LEFT, lambda text: paper.typeface.width(text, _TEXT_SIZE))
    return float(_TEXT_SIZE if len(lines) <= 3 else _TEXT_SIZE - 4)


def _draw_proof(paper: PaperCanvas, certificate: Certificate) -> None:
    where = address(certificate)
    bottom = 26 * mm
    draw_qr(paper, where, _LEFT, bottom, _QR_SIZE, mask=_QR_MASK)
    paper.linkURL(where, (_LEFT, bottom, _LEFT + _QR_SIZE, bottom + _QR_SIZE))
    x = _LEFT + _QR_SIZE + 6 * mm
    paper.text(x, bottom + 19 * mm, pgettext("paper", "Certificate number"), 9, color=INK_SOFT)
    paper.text(x, bottom + 13 * mm, certificate.serial, 12, color=INK)
    paper.text(x, bottom + 4 * mm, _("Scan the code to verify this certificate."), 9, color=INK_SOFT)


def _draw_signature(paper: PaperCanvas, certificate: Certificate) -> None:
    """Who issued it and when; the seal is put over both."""
    middle = _RIGHT - 32 * mm
    office = certificate.enrolment.course.division.name
    paper.text(middle, 37 * mm, _("%(office)s (seal)") % {"office": office}, 14, align="center")
    day = date_format(timezone.localdate(certificate.issued_at), "DATE_FORMAT")
    paper.text(middle, 28 * mm, day, 14, align="center")
