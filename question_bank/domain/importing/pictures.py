"""Pictures that come along with questions."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from common.pictures import Picture
from question_bank.domain.importing.findings import MOST_PICTURES, TOO_MANY_PICTURES, NotTaken

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def media_type(content: bytes) -> str:
    """What the bytes say they are; empty for anything but PNG, JPEG, GIF and WebP. SVG may run programs."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), "")


def against_pictures(images: Sequence[Picture]) -> str:
    """Why the pictures of a question cannot be taken; empty: they can."""
    if len(images) > MOST_PICTURES:
        return str(TOO_MANY_PICTURES)
    try:
        for image in images:
            checked_image(*image)
    except NotTaken as doubt:
        return str(doubt.reason)
    return ""


def checked_image(name: str, content: bytes | None, description: str) -> Picture:
    """Raises ``NotTaken`` for a picture that is not there or cannot be shown."""
    if content is None:
        raise NotTaken(_("The picture %(name)s is not in the file.") % {"name": name[:80]})
    if not media_type(content):
        raise NotTaken(_("The picture %(name)s is not a PNG, JPEG, GIF or WebP.") % {"name": name[:80]})
    return Picture(name, content, description)
