"""What waits in the question bank, on the first page of the staff interface."""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from members.models import User
from question_bank.models import QuestionReport, Recheck
from question_bank.staff.reports import MAY_EDIT


class Waiting(NamedTuple):
    """One list that is not empty."""

    title: str
    url: str
    figures: str


class BankPanel(Component):
    """Doubts about questions and reports of members: nothing at all where nothing waits. Two queries."""

    name = "question_bank_waiting"
    template_name = "question_bank/staff/waiting.html"
    # Below exams (10) and reviews (20).
    order = 30

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        person = cast(User, parent_context["request"].user)
        return {"lists": waiting_lists() if person.has_perm(MAY_EDIT) else []}


def waiting_lists() -> list[Waiting]:
    doubted = Recheck.objects.open().values("question").distinct().count()
    reports = QuestionReport.objects.open().count()
    lists = []
    if reports:
        said = ngettext("%(n)s report to answer", "%(n)s reports to answer", reports) % {"n": reports}
        lists.append(Waiting(_("Reports of members"), reverse("question_reports:index"), said))
    if doubted:
        said = ngettext("%(n)s question to look at again", "%(n)s questions to look at again", doubted) % {"n": doubted}
        lists.append(Waiting(_("Re-check"), reverse("question_rechecks:index"), said))
    return lists


def show_waiting(request: HttpRequest, panels: list[Any]) -> None:
    """Hook ``construct_homepage_panels``."""
    panels.append(BankPanel())
