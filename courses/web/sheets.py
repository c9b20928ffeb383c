"""The paper path: the sheet to sign on, and what was signed entered at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.clock import now
from common.refusals import Refusal
from courses.domain.attending import settle_session
from courses.domain.sheets import SheetEntry, enter_sheet, sign_in_sheet
from courses.domain.watching import Seat, seats_of
from courses.web.forms import SheetForm, choice_of
from courses.web.gates import hosted_session, person_of
from courses.web.hosting import may_be_marked


@never_cache
@login_required
@require_safe
def sheet_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Empty before the session, filled in once it was held."""
    moment, session = now(), hosted_session(request, uuid)
    if settle_session(session, at=moment):
        session = hosted_session(request, uuid)
    content = sign_in_sheet(session, by=person_of(request), at=moment)
    response = HttpResponse(content, content_type="application/pdf")
    day = localtime(session.starts_at).strftime("%Y%m%d")
    response["Content-Disposition"] = f'inline; filename="sign-in-{day}.pdf"'
    return response


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter_paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All names with a choice for each; all of it is saved or, if a row is refused, nothing."""
    moment, session = now(), hosted_session(request, uuid)
    person = person_of(request)
    # Nobody enters their own.
    seats = {seat.person.pk: seat for seat in seats_of(session) if seat.person.pk != person.pk}
    current = {key: _choice(seat) for key, seat in seats.items()}
    form = SheetForm(request.POST if request.method == "POST" else None, current=current)
    context: dict[str, Any] = {"session": session, "may_mark": may_be_marked(session, at=moment), "form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        entries = [SheetEntry(seats[key].person, state, reason) for key, (state, reason) in form.changes().items()]
        try:
            count = enter_sheet(session, entries, by=person, at=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _said(count))
            return redirect("courses:host", uuid=uuid)
    elif request.method == "POST":
        status = 400
    context["rows"] = [(seat, form[f"p{key}"], form.shown(key)) for key, seat in seats.items()]
    return render(request, "courses/enter_sheet.html", context, status=status)


def _choice(seat: Seat) -> str:
    return choice_of(seat.state, seat.attendance.reason if seat.attendance else "")


def _said(count: int) -> str:
    said = ngettext("%(count)s person noted from the sheet.", "%(count)s people noted from the sheet.", count)
    return said % {"count": count}
