"""The calendar of the county: every session of the divisions one sees, by month."""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from common.clock import now
from common.months import Month
from courses.enums import CourseState
from courses.models import Course, CourseKind, Session
from courses.staff.pages import TrainingPage, may_look
from exams.staff.gates import person_of
from exams.staff.pages import ReadingPage


class Day(NamedTuple):
    """A cell of the month."""

    date: date
    sessions: list[Session]
    is_inside: bool
    is_today: bool


class CalendarPage(TrainingPage, ReadingPage):
    page_title = gettext_lazy("Calendar of training")
    template_name = "courses/staff/calendar.html"

    @cached_property
    def kind(self) -> CourseKind | None:
        chosen = self.request.GET.get("kind", "")
        is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < 10
        return self.kinds.filter(pk=int(chosen)).first() if is_number else None

    @cached_property
    def kinds(self) -> QuerySet[CourseKind]:
        return CourseKind.objects.visible_to(self.person).select_related("division")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate(now())
        month = Month.named(self.request.GET.get("month", "")) or Month.of(today)
        found = list(self.sessions_of(month))
        facts = {
            "month": month,
            "this_month": Month.of(today),
            "weekdays": WEEKDAYS.values(),
            "weeks": weeks_of(month, found, today=today),
            "is_empty": not found,
            "kinds": self.kinds,
            "kind": self.kind,
        }
        return super().get_context_data(**facts, **kwargs)

    def sessions_of(self, month: Month) -> QuerySet[Session]:
        courses = Course.objects.visible_to(self.person).exclude(state=CourseState.CANCELLED)
        if self.kind is not None:
            courses = courses.filter(kind=self.kind)
        first, last = month.span()
        sessions = Session.objects.filter(course__in=courses, starts_at__gte=first, starts_at__lt=last)
        return sessions.select_related("course__kind", "course__division", "division", "host_team")


def weeks_of(month: Month, sessions: list[Session], *, today: date) -> list[list[Day]]:
    by_day: dict[date, list[Session]] = defaultdict(list)
    for session in sessions:
        by_day[timezone.localdate(session.starts_at)].append(session)
    return [[Day(day, by_day[day], Month.of(day) == month, day == today) for day in week] for week in month.weeks()]


class CalendarMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(person_of(request))


class CalendarViewSet(ViewSet):
    name = "training_calendar"
    url_prefix = "training-calendar"
    icon = "calendar-alt"
    menu_label = gettext_lazy("Calendar of training")
    menu_item_class = CalendarMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [path("", CalendarPage.as_view(), name="index")]
