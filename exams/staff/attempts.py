"""A candidate's attempt as the office sees it: paper, answers, keys, the ledger of marks; overruling one."""

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import messages as django_messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSet

from common.clock import now
from common.refusals import Refusal
from exams.domain.closing import close_if_overdue
from exams.domain.marking import overrule_mark
from exams.domain.results import review
from exams.models import Attempt, Candidate, Mark
from exams.rules import may_overrule
from exams.staff.gates import attempt_for
from exams.staff.pages import OfExam, ReadingPage, StaffPage

PERMISSION = "exams.change_exam"


class OverruleForm(forms.Form):
    points = forms.DecimalField(label=gettext_lazy("New points"), min_value=0, max_digits=5, decimal_places=2)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


class OfAttempt(StaffPage):
    """A page about one attempt: outside one's divisions there is none."""

    django_permission = PERMISSION

    @cached_property
    def attempt(self) -> Attempt:
        return attempt_for(self.request, self.kwargs["uuid"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _gate = self.attempt
        return super().dispatch(request, *args, **kwargs)


class AttemptPage(OfAttempt, ReadingPage):
    page_title = gettext_lazy("Paper")
    template_name = "exams/staff/attempt.html"

    def get_page_subtitle(self) -> str:
        return self.attempt.candidate.person.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        exam = self.attempt.exam
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("exams_staff:index"), "label": _("Exams")},
            {"url": reverse("exams_staff:control", args=[exam.uuid]), "label": exam.title},
            {"url": reverse("exams_staff:scores", args=[exam.uuid]), "label": _("Scores")},
            {"url": "", "label": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        attempt = self.attempt
        close_if_overdue(attempt, at=now())
        facts = {
            "attempt": attempt,
            "candidate": attempt.candidate,
            "exam": attempt.exam,
            "others": attempt.candidate.attempts.exclude(pk=attempt.pk).order_by("opened_at"),
            "questions": [] if attempt.is_open() else self._questions(),
            "overrule_form": OverruleForm(auto_id=False),
        }
        return super().get_context_data(**facts, **kwargs)

    def _questions(self) -> list[dict[str, Any]]:
        """Every question with what it earned and who said so, in the order of the ledger."""
        ledger: dict[int, list[Mark]] = defaultdict(list)
        for mark in Mark.objects.filter(attempt=self.attempt).select_related("actor").order_by("number", "revision"):
            ledger[mark.number].append(mark)
        return [{"row": row, "ledger": ledger[row.number]} for row in review(self.attempt)]


class OverruleAction(OfAttempt, View):
    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        number, form = self.kwargs["number"], OverruleForm(request.POST)
        back = redirect(f"{reverse('exams_attempts:attempt', args=[self.attempt.uuid])}#question-{number}")
        if not form.is_valid():
            said = " ".join(
                f"{form.fields[name].label}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()
            )
            django_messages.error(request, said)
            return back
        try:
            overrule_mark(self.attempt, number, by=self.person, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            django_messages.error(request, str(refusal))
            return back
        messages.success(request, _("The mark of question %(number)s was overruled.") % {"number": number})
        return back


class CandidatePage(OfExam, StaffPage, View):
    """Leads to the newest attempt of a person in an exam."""

    exam_rule = staticmethod(may_overrule)
    django_permission = PERMISSION

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        candidate = get_object_or_404(Candidate, exam=self.exam, person__code=self.kwargs["code"])
        attempt = candidate.attempts.order_by("-opened_at").first()
        if attempt is None:
            raise Http404
        return redirect("exams_attempts:attempt", attempt.uuid)


class AttemptViewSet(ViewSet):
    name = "exams_attempts"
    url_prefix = "attempts"

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("<uuid:uuid>/", AttemptPage.as_view(), name="attempt"),
            path("<uuid:uuid>/overrule/<int:number>/", OverruleAction.as_view(), name="overrule"),
        ]


exam_urlpatterns = [path("<uuid:uuid>/candidates/<str:code>/", CandidatePage.as_view(), name="candidate")]
