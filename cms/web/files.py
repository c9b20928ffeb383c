"""Documents and pictures: given to whoever may read a page they stand in, and never run by a browser."""

import re
from datetime import UTC, datetime
from typing import Any, BinaryIO
from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.users.models import UserProfile

from cms.domain.files import INLINE_TYPES, content_type_of, may_open
from cms.web.gates import reader
from common.clock import now

# Nothing that stands in a file runs, loads or sends anything here, should it be opened as a page.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def check_reader(document: Any, request: HttpRequest) -> HttpResponse | None:
    """Receiver of Wagtail's ``before_serve_document``: raises Http404 for whoever is signed in and may not."""
    person = reader(request)
    if may_open(document, person, on=localdate(now())):
        return None
    if person is None:
        return redirect_to_login(request.get_full_path(), reverse("sign_in"))
    raise Http404


@require_safe
def document(request: HttpRequest, pk: int, name: str) -> HttpResponse | FileResponse:
    """In place of Wagtail's view of the same address, which knows no ranges: recordings are played on phones."""
    found = get_document_model().objects.select_related("collection").filter(pk=pk).first()
    if found is None or found.filename != name:
        raise Http404
    for ask in hooks.get_hooks("before_serve_document"):
        if answer := ask(found, request):
            refused: HttpResponse = answer
            return refused
    return _give(request, found.file, found.filename)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponse | FileResponse:
    """Pictures in any of their sizes, and the portraits of staff. Documents are given by their own address alone."""
    file = _picture(request, path) or _portrait(request, path)
    if not file:
        raise Http404
    return _give(request, file, path)


def _picture(request: HttpRequest, path: str) -> File | None:
    images = get_image_model()
    rendition = images.get_rendition_model().objects.filter(file=path).select_related("image").first()
    image = rendition.image if rendition else images.objects.filter(file=path).first()
    if image is None or not may_open(image, reader(request), on=localdate(now())):
        return None
    found: File = (rendition or image).file
    return found


def _portrait(request: HttpRequest, path: str) -> File | None:
    person = reader(request)
    if person is None or not person.has_perm("wagtailadmin.access_admin"):
        return None
    profile = UserProfile.objects.filter(avatar=path).first()
    return profile.avatar if profile else None


# -- how a file is sent -----------------------------------------------------------------------


def _give(request: HttpRequest, file: Any, name: str) -> HttpResponse | FileResponse:
    """The file as it is stored, whole or the part that was asked for; 304 where the browser has it."""
    name = name.rsplit("/", 1)[-1]
    try:
        size, changed_at = file.size, file.storage.get_modified_time(file.name)
    except (FileNotFoundError, SuspiciousFileOperation):
        raise Http404 from None
    mark = f'"{size:x}-{int(changed_at.timestamp()):x}"'
    headers = _headers(name, mark, changed_at)
    has_it = get_conditional_response(request, etag=mark, last_modified=int(changed_at.timestamp()))
    response = has_it or _part(request, file, size, mark)
    for header, value in headers.items():
        response.headers[header] = value
    return response


def _headers(name: str, mark: str, changed_at: datetime) -> dict[str, str]:
    kind = content_type_of(name)
    disposition = "inline" if kind in INLINE_TYPES else "attachment"
    return {
        "Content-Type": kind,
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "ETag": mark,
        "Last-Modified": http_date(changed_at.astimezone(UTC).timestamp()),
        # Otherwise it would be compressed on the way out, and a part of it would not be that part any more.
        "Content-Encoding": "identity",
    }


def _part(request: HttpRequest, file: Any, size: int, mark: str) -> HttpResponse | FileResponse:
    """A recording is played from its middle on a phone: one range is answered, several are answered by the whole."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not asked or not any(asked.groups()) or request.headers.get("If-Range", mark) != mark:
        return _stream(file.storage.open(file.name), 0, size, status=200)
    first, last = asked.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = _stream(file.storage.open(file.name), start, end - start + 1, status=206)
    response.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


def _stream(file: BinaryIO, start: int, length: int, *, status: int) -> FileResponse:
    file.seek(start)
    return FileResponse(_Part(file, length), status=status, headers={"Content-Length": str(length)})


class _Part:
    """The next ``length`` bytes of an open file."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file, self._left = file, length

    def read(self, size: int = -1) -> bytes:
        found = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(found)
        return found

    def close(self) -> None:
        self._file.close()
