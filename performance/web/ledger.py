"""An entry of the ledger as whoever it concerns reads it."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from members.models import User
from performance.models import LedgerEntry
from performance.rules import may_see_entry


@login_required
@require_GET
def ledger_entry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same 404 for what does not exist and what is not theirs to see."""
    entries = LedgerEntry.objects.select_related("kind", "person", "team", "entered_by", "decided_by")
    entry = get_object_or_404(entries, uuid=uuid)
    if not may_see_entry(cast(User, request.user), entry):
        raise Http404
    context = {"entry": entry, "files": entry.files.all(), "reversal": entry.reversal()}
    return render(request, "performance/ledger_entry.html", context)
