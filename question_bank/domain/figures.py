"""Pictures of questions: looked at, written anew, kept once."""

import hashlib
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import ClassVar

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from common.refusals import Refusal
from question_bank.models import Figure

MOST_BYTES = 5 * 1024 * 1024
# A phone shows no more, and a candidate on a bad line waits for every kilobyte.
LONGEST_SIDE = 1200
MOST_PIXELS = 40_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
_UNREADABLE = (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError)


class FigureUnreadable(Refusal):
    """The bytes are no picture that can be shown."""

    code: ClassVar[str] = "figure_unreadable"
    status: ClassVar[int] = 422


def keep_figure(content: bytes, *, at: datetime) -> Figure:
    """The figure of these bytes: a new one, or the one that is there already. Refuses with ``FigureUnreadable``.

    What is kept is written anew from the pixels: nothing that was hidden in the file (place of a photograph, scripts,
    a second file) comes along. PNG stays without loss; everything else becomes WebP.
    """
    # Our own bytes, come home with an export: written anew once more they would be another picture.
    if known := Figure.objects.filter(digest=_digest(content)).first():
        return known
    kept, content_type, width, height = write_anew(content)
    digest = _digest(kept)
    figure, _created = Figure.objects.get_or_create(
        digest=digest,
        defaults={"content": kept, "content_type": content_type, "width": width, "height": height, "added_at": at},
    )
    return figure


def is_same_picture(brought: bytes, kept: bytes) -> bool:
    """Would ``brought`` be kept as what is there? So are the file it was made of, and its pixels in another format.

    Refuses with ``FigureUnreadable``.
    """
    if brought == kept:
        return True
    # Most are told apart by their size; to unpack a photograph takes a second.
    size, there = _size(brought), _size(kept)
    if min(max(size), LONGEST_SIDE) != max(there):
        return False
    return (size == there and _pixels(brought) == _pixels(kept)) or digest_anew(brought) == _digest(kept)


@lru_cache(maxsize=8)
def digest_anew(content: bytes) -> str:
    """By what the picture would be known if it were kept. Refuses with ``FigureUnreadable``.

    Remembered for the rows of a file that show the same one, and for whoever asks twice.
    """
    return _digest(write_anew(content)[0])


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def without_loss(kept: bytes) -> bytes:
    """A picture that was kept, for programs that know no WebP: the same pixels as PNG."""
    written = BytesIO()
    with Image.open(BytesIO(kept), formats=_FORMATS) as opened:
        if opened.format == "PNG":
            return kept
        opened.save(written, "PNG")
    return written.getvalue()


def _size(content: bytes) -> tuple[int, int]:
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            return opened.size
    except _UNREADABLE as error:
        raise FigureUnreadable(_("This is no picture that can be shown.")) from error


def _pixels(content: bytes) -> tuple[tuple[int, int], bytes]:
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            picture = ImageOps.exif_transpose(opened)
            return picture.size, picture.convert("RGBA").tobytes()
    except _UNREADABLE as error:
        raise FigureUnreadable(_("This is no picture that can be shown.")) from error


def write_anew(content: bytes) -> tuple[bytes, str, int, int]:
    """What would be kept of these bytes: content, its type, width and height. Refuses with ``FigureUnreadable``."""
    if len(content) > MOST_BYTES:
        raise FigureUnreadable(_("This picture is larger than %(most)s MB.") % {"most": MOST_BYTES // 1024**2})
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise FigureUnreadable(_("This picture has too many pixels."))
            lossless = opened.format == "PNG"
            picture = ImageOps.exif_transpose(opened).convert("RGBA" if opened.has_transparency_data else "RGB")
    except _UNREADABLE as error:
        raise FigureUnreadable(_("This is no picture that can be shown.")) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = BytesIO()
    if lossless:
        picture.save(written, "PNG", optimize=True)
    else:
        picture.save(written, "WEBP", quality=82)
    return written.getvalue(), "image/png" if lossless else "image/webp", *picture.size
