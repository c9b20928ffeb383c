"""Documents of ledger entries: given to whoever may see the entry, each time noted, never run by a browser."""

from typing import cast
from urllib.parse import quote
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from cms.domain.files import INLINE_TYPES
from cms.web.files import POLICY
from common.clock import now
from members.models import User
from performance.domain.ledger_files import note_opened
from performance.models import LedgerFile
from performance.rules import may_see_entry


@login_required
@require_GET
def ledger_file(request: HttpRequest, uuid: UUID) -> FileResponse:
    """The same 404 for what does not exist and what is not theirs to see."""
    person = cast(User, request.user)
    files = LedgerFile.objects.select_related("entry__kind", "entry__person", "entry__team")
    file = get_object_or_404(files, uuid=uuid)
    if not may_see_entry(person, file.entry):
        raise Http404
    try:
        content = file.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    note_opened(file, by=person, at=now())
    disposition = "inline" if file.content_type in INLINE_TYPES else "attachment"
    headers = {
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(file.name)}",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return FileResponse(content, content_type=file.content_type, headers=headers)
