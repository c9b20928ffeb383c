"""One course: where it stands, the next thing to do, and the way to everything else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.urls import path, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import now
from courses.domain.addresses import session_url
from courses.domain.attending import settle_overdue
from courses.domain.cohorts import follow_roster
from courses.domain.courses import problems_of
from courses.domain.gap_list import Figures, figures_of
from courses.domain.previewing import named_by
from courses.enums import CourseState, SessionState
from courses.models import Course, Exemption, Session
from courses.rules import may_decide_exemption
from courses.staff.choices import may_organise
from courses.staff.pages import OfCourse
from courses.staff.wording import rule_in_words
from exams.rules import may_manage_exam
from exams.staff.pages import ReadingPage
from members.enums import STAFF_ROLES


def course_url(course: Course, name: str = "course", *args: Any) -> str:
    return reverse(f"courses_staff:{name}", args=[course.uuid, *args])


class NextStep(NamedTuple):
    """A button: where it leads, what it says, and why it comes next."""

    url: str
    label: str
    why: str = ""


def listed_sessions(course: Course) -> QuerySet[Session]:
    """With who was there, in the order of time."""
    there = Q(attendances__is_guest=False)
    return (
        course.sessions.select_related("division", "host_team", "repeat_of")
        .prefetch_related("lecturers")
        .annotate(
            arrived=Count("attendances", filter=Q(attendances__state__in=("present", "late"))),
            late=Count("attendances", filter=Q(attendances__state="late")),
            excused=Count("attendances", filter=there & Q(attendances__state="excused")),
            absent=Count("attendances", filter=there & Q(attendances__state="absent")),
        )
        .order_by("starts_at", "pk")
    )


class CoursePage(OfCourse, ReadingPage):
    template_name = "courses/staff/course.html"

    def get_page_title(self) -> str:
        return self.course.title

    def get_page_subtitle(self) -> str:
        return ""

    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return super().breadcrumbs_between()[:1]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        # Whoever looks sees the roster of today and what the last session left, even between two runs of the timer.
        moment = now()
        settle_overdue(at=moment, course=self.course)
        follow_roster(self.course, at=moment)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        course, moment = self.course, now()
        sessions = list(listed_sessions(course))
        facts: dict[str, Any] = {
            "sessions": sessions,
            "taking_place": [each for each in sessions if each.state != SessionState.CANCELLED],
            "held": sum(each.state == SessionState.HELD for each in sessions),
            "rule": rule_in_words(course),
            "material": list(course.material.select_related("page", "document")),
            "exemptions": self._exemptions(),
            "may_decide": course.state == CourseState.OPEN and may_decide_exemption(self.person, course),
            "may_ask": may_organise(self.person),
            "may_invite": self._may_invite(),
            "is_draft": course.state == CourseState.DRAFT,
            "is_open": course.state == CourseState.OPEN,
        }
        if course.state == CourseState.DRAFT:
            facts["named"] = named_by(course, on=localdate(moment))
            facts["problems"] = list(problems_of(course, at=moment))
            facts["next"] = next_of_draft(course, bool(sessions), facts["problems"])
        else:
            scope = self.person.scope(*STAFF_ROLES)
            facts["figures"] = figures_of(course, at=moment, within=scope)
            facts["next"] = next_of(course, sessions, facts["figures"], at=moment)
        return super().get_context_data(*args, **facts, **kwargs)

    def _exemptions(self) -> list[Exemption]:
        people = self.course.enrolments.visible_to(self.person).values("person")
        found = self.course.exemptions.filter(person__in=people)
        return list(found.select_related("person", "asked_by", "decided_by").order_by("-asked_at"))

    def _may_invite(self) -> bool:
        exam = self.course.exam
        return (
            self.may_manage
            and exam is not None
            and exam.state == "draft"
            and self.course.state == CourseState.OPEN
            and may_manage_exam(self.person, exam)
        )


def next_of_draft(course: Course, has_sessions: bool, problems: list[str]) -> NextStep:
    if not has_sessions:
        why = _("A course is opened once at least one session is planned.")
        return NextStep(course_url(course, "plan"), _("Plan the first session"), why)
    if problems:
        return NextStep(reverse("courses_staff:edit", args=[course.pk]), _("Change the course"), " ".join(problems))
    return NextStep(course_url(course, "open"), _("Open the course"))


def next_of(course: Course, sessions: Sequence[Session], figures: Figures, *, at: datetime) -> NextStep | None:
    """The button that is filled, for a course that is open."""
    if course.state != CourseState.OPEN:
        return None
    running = [each for each in sessions if each.state == SessionState.PLANNED]
    today = next((each for each in running if localdate(each.starts_at) == localdate(at)), None)
    if today:
        return NextStep(session_url(today, "host"), _("Sign-in for today's session"), today.topic)
    if figures.unexplained:
        return NextStep(
            course_url(course, "gaps"), _("Look at the gap list"), unexplained_in_words(figures.unexplained)
        )
    if running:
        return None
    return NextStep(course_url(course, "close"), _("Close the course"))


def unexplained_in_words(people: int) -> str:
    said = ngettext("%(n)s person is missing without a reason.", "%(n)s people are missing without a reason.", people)
    return said % {"n": people}


urlpatterns = [path("<uuid:uuid>/", CoursePage.as_view(), name="course")]
