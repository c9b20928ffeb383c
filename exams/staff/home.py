"""What waits for the person who has just come in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import site_summary
from wagtail.admin.ui.components import Component
from wagtail.admin.views import home

from common.clock import now
from exams.enums import SETTLED_EXAM_STATES, ExamState, ReleaseRule, RepairState
from exams.models import Candidate, Exam, KeyRepair
from exams.staff import marking, repairs, scores, steps
from exams.staff.gates import person_of
from members.enums import Role
from members.models import User
from members.models.division import inside

# What Wagtail shows by itself speaks of pages in moderation; nobody here asked for that.
_WAGTAILS_OWN = (
    home.WorkflowObjectsToModeratePanel,
    home.UserObjectsInWorkflowModerationPanel,
    home.LockedPagesPanel,
    home.RecentEditsPanel,
)
MOST = 12


@dataclass(frozen=True)
class Task:
    """One thing that waits: what it is, how it stands, where to go."""

    title: str
    url: str
    state: str
    figures: str = ""
    is_urgent: bool = False


class WaitingPanel(Component):
    """Exams this person runs, answers they can mark, scores they may read: what needs doing first."""

    name = "exams_waiting"
    template_name = "exams/staff/home.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        person, moment = person_of(parent_context["request"]), now()
        tasks = [
            *running(person, at=moment),
            *to_decide(person),
            *to_mark(person),
            *to_release(person, at=moment),
            *prepared(person),
        ]
        return {
            "tasks": tasks[:MOST],
            "may_add_exam": person.has_perm("exams.add_exam"),
            "may_read_scores": person.has_perm(scores.PERMISSION),
            "add_url": reverse("exams_staff:add"),
            "scores_url": reverse("exams_scores:index"),
        }


def _own_exams(person: User) -> Any:
    return Exam.objects.filter(inside(person.scope(Role.ADMINISTRATOR), field="division__code"))


def running(person: User, *, at: datetime) -> list[Task]:
    exams = (
        _own_exams(person)
        .running(at=at)
        .annotate(expected=Count("candidates"), arrived=Count("candidates", filter=Q(candidates__attempts_used__gt=0)))
    )
    return [
        Task(
            exam.title,
            reverse("exams_staff:control", args=[exam.uuid]),
            _("In progress"),
            _("%(arrived)s of %(expected)s came") % {"arrived": exam.arrived, "expected": exam.expected},
            is_urgent=True,
        )
        for exam in exams.order_by("closes_at")
    ]


def to_decide(person: User) -> list[Task]:
    """Repairs of keys that somebody else proposed, as far as this person may approve them."""
    if not person.has_perm(repairs.PERMISSION):
        return []
    others = Exam.objects.exclude(inside(person.scope(Role.ADMINISTRATOR), field="division__code"))
    waiting = KeyRepair.objects.visible_to(person).filter(state=RepairState.PROPOSED).exclude(proposed_by=person)
    decidable = waiting.exclude(Exists(others.filter(key_repairs=OuterRef("pk"))))
    return [
        Task(
            str(repair),
            reverse("exams_repairs:repair", args=[repair.uuid]),
            _("To decide"),
            repair.proposed_by.name,
            is_urgent=True,
        )
        for repair in decidable.select_related("version", "proposed_by").order_by("proposed_at")
    ]


def to_mark(person: User) -> list[Task]:
    if not person.has_perm(marking.PERMISSION):
        return []
    return [
        Task(
            exam.title,
            reverse("exams_marking:index"),
            _("To mark"),
            ngettext("%(count)s short answer", "%(count)s short answers", exam.waiting) % {"count": exam.waiting},
        )
        for exam in cast(Iterable[Any], marking.exams_to_mark(person))
    ]


def to_release(person: User, *, at: datetime) -> list[Task]:
    over = Q(state=ExamState.CLOSED) | Q(state=ExamState.PUBLISHED, closes_at__lte=at)
    came = Candidate.objects.filter(exam=OuterRef("pk"), attempts_used__gt=0)
    exams = _own_exams(person).filter(over, Exists(came), release_rule=ReleaseRule.BY_HAND, released_at=None)
    return [
        Task(exam.title, reverse("exams_staff:control", args=[exam.uuid]), _("Results not released"))
        for exam in exams.order_by("closes_at")
    ]


def prepared(person: User) -> list[Task]:
    exams = _own_exams(person).exclude(state__in=SETTLED_EXAM_STATES).order_by("opens_at")
    return [
        Task(
            exam.title,
            reverse("exams_staff:control", args=[exam.uuid]),
            steps.state_in_words(exam, at=now()),
            str(exam.get_audience_display()),
        )
        for exam in exams
    ]


def replace_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Hook ``construct_homepage_panels``: ours instead of Wagtail's own; those of other apps stay."""
    panels[:] = [WaitingPanel(), *(panel for panel in panels if not isinstance(panel, _WAGTAILS_OWN))]


def no_summary(request: HttpRequest, items: list[site_summary.SummaryItem]) -> None:
    """Hook ``construct_homepage_summary_items``: how many images there are helps nobody with an exam."""
    items.clear()


HIDDEN_MENU_ITEMS = frozenset({"help"})
KEPT_REPORTS = frozenset({"site-history"})


def tidy_main_menu(request: HttpRequest, items: list[Any]) -> None:
    """Hook ``construct_main_menu``."""
    items[:] = [item for item in items if item.name not in HIDDEN_MENU_ITEMS]


def tidy_reports(request: HttpRequest, items: list[Any]) -> None:
    """Hook ``construct_reports_menu``: who did what stays; reports about workflows and page types go."""
    items[:] = [item for item in items if item.name in KEPT_REPORTS or not _is_wagtails(item)]


def _is_wagtails(item: Any) -> bool:
    return type(item).__module__.startswith("wagtail.")
