"""My calendar: a month of sessions and exams, and the address under which a calendar program fetches it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.dates import WEEKDAYS
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.clock import now
from common.months import Month
from courses.domain import feeds
from courses.domain.agenda import Appointment, appointments_of
from courses.domain.exam_dates import ExamDate, exam_dates_of
from members.models import User


@dataclass(frozen=True)
class ExamMark:
    """An exam on the day on which its window opens, on that on which it ends, or on the one day of both."""

    of: ExamDate
    opens: bool
    ends: bool


@dataclass(frozen=True)
class Day:
    """A cell of the month."""

    date: date
    appointments: list[Appointment]
    exams: list["ExamMark"]
    is_inside: bool
    is_today: bool


@never_cache
@login_required
@require_safe
def my_calendar(request: HttpRequest) -> HttpResponse:
    person = cast(User, request.user)
    moment = now()
    today = timezone.localdate(moment)
    month = Month.named(request.GET.get("month", "")) or Month.of(today)
    first, last = month.span()
    found = appointments_of(person, first=first, last=last)
    exams = exam_dates_of(person, first=first, last=last)
    context = {
        "month": month,
        "this_month": Month.of(today),
        "weeks": weeks_of(month, found, exams, today=today),
        "weekdays": WEEKDAYS.values(),
        "is_empty": not found and not exams,
        "feed_url": _feed_url(request, person),
        "now": moment,
    }
    return render(request, "courses/calendar.html", context)


def weeks_of(month: Month, found: Iterable[Appointment], exams: Iterable[ExamDate], *, today: date) -> list[list[Day]]:
    """Each session stands on the day on which it begins."""
    by_day: dict[date, list[Appointment]] = defaultdict(list)
    for each in found:
        by_day[timezone.localdate(each.session.starts_at)].append(each)
    marks = _marks(exams)

    def cell(day: date) -> Day:
        is_inside = Month.of(day) == month
        return Day(day, by_day[day] if is_inside else [], marks[day] if is_inside else [], is_inside, day == today)

    return [[cell(day) for day in week] for week in month.weeks()]


def _marks(exams: Iterable[ExamDate]) -> dict[date, list[ExamMark]]:
    by_day: dict[date, list[ExamMark]] = defaultdict(list)
    for each in exams:
        opens, ends = timezone.localdate(each.opens_at), timezone.localdate(each.ends_at)
        for day in sorted({opens, ends}):
            by_day[day].append(ExamMark(each, opens=day == opens, ends=day == ends))
    return by_day


def _feed_url(request: HttpRequest, person: User) -> str:
    feed = feeds.feed_of(person)
    return request.build_absolute_uri(reverse("courses:calendar_feed", args=[feed.token])) if feed else ""


@login_required
@require_POST
def renew_feed(request: HttpRequest) -> HttpResponse:
    feeds.renew_feed(cast(User, request.user), at=now())
    messages.success(request, _("This is the address. Enter it in your calendar program; an earlier one is dead."))
    return redirect(reverse("courses:my_calendar") + "#feed")


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """For calendar programs, which cannot sign in: whoever has the address reads it, and nothing else of the person."""
    person = feeds.person_with(token)
    if person is None:
        raise Http404
    body = feeds.calendar_of(person, at=now())
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="yingzhi.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = etag
    # The address is a secret: no engine shall keep it.
    response["X-Robots-Tag"] = "noindex"
    answer = get_conditional_response(request, etag=etag, response=response)
    return answer or response
