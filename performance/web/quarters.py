"""My quarters: which there are, and one of them line by line, with objections."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cms.domain.files import content_type_of
from common.charts import Point, trend_chart
from common.clock import now
from common.refusals import Refusal
from performance.domain import reading_cards as cards
from performance.domain import records
from performance.domain.appeals import file_appeal
from performance.domain.reading_cards import QuarterPoint
from performance.models import Scorecard
from performance.rules import may_object
from performance.web.forms import LONGEST_TEXT, ObjectionForm
from performance.web.gates import card_for, line_for, objection_for, person_of

# Nothing that stands in a file runs or loads anything here, should it be opened as a page.
POLICY = "default-src 'none'; sandbox"


@never_cache
@login_required
@require_safe
def my_quarters(request: HttpRequest) -> HttpResponse:
    shown = cards.cards_of(person_of(request))
    newest = cards.newest_of_each_quarter(shown)
    context = {
        "cards": newest,
        "earlier": [card for card in shown if card not in newest],
        "now": now(),
    }
    return render(request, "performance/my_quarters.html", context)


@never_cache
@login_required
@require_safe
def my_quarter(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _shown(request, card_for(request, uuid))


def _shown(
    request: HttpRequest, card: Scorecard, *, line: int = 0, form: ObjectionForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a card; ``form`` is what was said about ``line`` and could not be taken."""
    person, moment = person_of(request), now()
    computation = card.computation
    shown = cards.cards_of(person)
    trend = cards.trend_of(card, shown)
    newer = cards.newer_card(card, person=person)
    context = {
        "card": card,
        "computation": computation,
        "quarter": computation.quarter,
        "scheme": computation.scheme,
        "rows": cards.lines_of(card),
        "posts": cards.posts_of(card),
        # What was printed before it was published is the office's draft.
        "sheets": cards.sheets_of(card, since=computation.published_at),
        "limits": cards.limits_in_words(card),
        "measure": cards.measure_in_words(card.measure),
        "trend": trend,
        "trend_chart": chart_of(trend) if len(trend) > 1 else "",
        "newer": newer,
        "may_object": may_object(person, card, at=moment),
        "form": form,
        "form_line": line,
        "longest": LONGEST_TEXT,
    }
    return render(request, "performance/my_quarter.html", context, status=status)


def chart_of(trend: list[QuarterPoint]) -> str:
    points = [
        Point(each.card.computation.quarter.name[2:], float(each.card.total or 0), is_now=each.is_this)
        for each in trend
    ]
    return trend_chart(points, title=_("My totals by quarter"))


@login_required
@require_POST
def send_objection(request: HttpRequest, uuid: UUID, line: int) -> HttpResponse:
    """Refused or not, the person comes back to the line; what was typed is not lost."""
    card = card_for(request, uuid)
    found = line_for(card, line)
    form = ObjectionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, card, line=line, form=form, status=400)
    said: dict[str, Any] = form.cleaned_data
    try:
        file_appeal(found, text=said["text"], file=said["file"], by=person_of(request), at=now())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, card, line=line, form=form, status=refusal.status)
    messages.success(request, _("Your objection is with the office. The answer appears here."))
    return redirect(f"{reverse('performance:my_quarter', args=[uuid])}#line-{line}")


@never_cache
@login_required
@require_safe
def objection_file(request: HttpRequest, uuid: UUID) -> FileResponse:
    """The document the person added; only ever saved, never opened here."""
    appeal = objection_for(request, uuid)
    name = appeal.file_name or str(appeal.file.name)
    response = FileResponse(appeal.file.open("rb"), as_attachment=True, filename=name)
    response["Content-Type"] = content_type_of(name)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@login_required
@require_safe
def scorecard_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """My own record as a file."""
    card = card_for(request, uuid)
    quarter = card.computation.quarter
    response = HttpResponse(records.scorecard_pdf(card, at=now()), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{quarter.name}-{card.person.code}.pdf"'
    return response
