"""The page from which an exam is run, and everything done from there."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.generic import View
from wagtail.admin.ui.tables import Column, Table
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets import AdminDateTimeInput

from common.chinese import mask_phone
from common.clock import now
from exams.domain.closing import close_overdue
from exams.domain.drawing import draw_candidates
from exams.domain.publishing import request_publication
from exams.domain.steering import close_exam, plan_retake, release_results
from exams.domain.watching import missing_people, township_progress
from exams.enums import ExamState
from exams.models import Attempt, Candidate, Draw, Exam
from exams.staff import steps
from exams.staff.pages import ExamAction, OfExam, ReadingPage, StaffPage


class ControlPage(OfExam, ReadingPage):
    """Where an exam stands and the one thing to do next."""

    django_permission = "exams.view_exam"
    page_title = gettext_lazy("Overview")
    template_name = "exams/staff/control.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items()[:2], {"url": "", "label": self.exam.title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment, exam = now(), self.exam
        facts: dict[str, Any] = {"exam": exam, "state": steps.state_in_words(exam, at=moment)}
        if exam.state == ExamState.DRAFT:
            facts |= {"preparation": steps.preparation_of(exam, at=moment), "failure": steps.last_failure(exam)}
        elif exam.state == ExamState.PUBLISHING:
            facts["publication"] = exam.publications.order_by("-requested_at").first()
        else:
            close_overdue(at=moment, exam=exam)
            facts |= {
                "standing": steps.standing_of(exam, at=moment),
                "board": Board(exam, self.request, moment),
                "draw": exam.draws.order_by("-number").first(),
                "release": steps.release_in_words(exam, at=moment),
                "is_over": exam.is_over(at=moment),
                "has_begun": moment >= exam.opens_at,
            }
        return super().get_context_data(**facts, **kwargs)


class Board:
    """How an exam is going by township, for the page and for the fragment that replaces it."""

    def __init__(self, exam: Exam, request: HttpRequest, moment: Any) -> None:
        self.rows = township_progress(exam, by=request.user, at=moment)  # type: ignore[arg-type]
        self.at = moment
        self.exam = exam

    @property
    def total(self) -> dict[str, int]:
        names = ("expected", "started", "submitted", "absent")
        return {name: sum(getattr(row, name) for row in self.rows) for name in names}


class BoardFragment(OfExam, StaffPage, View):
    """What the page asks for every few seconds: two queries beside session and person."""

    unattended = True
    django_permission = "exams.view_exam"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return render(request, "exams/staff/_board.html", {"board": Board(self.exam, request, now())})


class ProgressAnswer(OfExam, StaffPage, View):
    """How many papers of how many are made: ``{"state", "done", "total"}``."""

    unattended = True
    django_permission = "exams.view_exam"

    def get(self, request: HttpRequest, **kwargs: Any) -> JsonResponse:
        publication = self.exam.publications.order_by("-requested_at").first()
        if publication is None:
            return JsonResponse({"state": self.exam.state, "done": 0, "total": 0})
        return JsonResponse({"state": self.exam.state, "done": publication.done, "total": publication.total})


# -- before it begins -----------------------------------------------------------------------


class DrawForm(forms.Form):
    seed = forms.CharField(
        label=gettext_lazy("Public number as seed"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Such as a lottery result announced later. Empty: the computer throws the dice."),
    )
    reason = forms.CharField(label=gettext_lazy("Why are people drawn again?"), max_length=200)

    def __init__(self, *args: Any, last: Draw | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if last is None:
            del self.fields["reason"]


class DrawPage(ExamAction):
    django_permission = "exams.change_exam"
    page_title = gettext_lazy("Draw people")
    form_class = DrawForm
    submit_label = gettext_lazy("Draw now")
    success_message = gettext_lazy("The people have been drawn.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"last": self.exam.draws.order_by("-number").first()}

    def get_explanation(self) -> list[str]:
        preparation = steps.preparation_of(self.exam, at=now())
        count = self.exam.draw_count
        people = ngettext("%(count)s person", "%(count)s people", count) % {"count": count} if count else ""
        return [
            _("%(size)s are drawn at random from %(population)s people.")
            % {"size": people or f"{self.exam.draw_percent}%", "population": preparation.population},
            _("Seed, method and result are published, so that anyone can repeat the draw."),
        ]

    def act(self, cleaned: dict[str, Any]) -> Draw:
        return draw_candidates(self.exam, by=self.person, at=now(), **cleaned)


class PublishPage(ExamAction):
    django_permission = "exams.change_exam"
    page_title = gettext_lazy("Publish the exam")
    form_class = forms.Form
    submit_label = gettext_lazy("Publish and make the papers")

    def get_explanation(self) -> list[str]:
        preparation = steps.preparation_of(self.exam, at=now())
        made = ngettext(
            "A paper is made for %(people)s person, %(papers)s in all, and frozen.",
            "A paper is made for each of %(people)s people, %(papers)s in all, and frozen.",
            preparation.people,
        ) % {"people": preparation.people, "papers": preparation.papers}
        return [made, _("From then on neither the people nor the questions can be changed.")]

    def act(self, cleaned: dict[str, Any]) -> Any:
        return request_publication(self.exam, by=self.person, at=now())


# -- while it runs and afterwards -------------------------------------------------------------


class ClosePage(ExamAction):
    django_permission = "exams.change_exam"
    page_title = gettext_lazy("Close the exam")
    form_class = forms.Form
    submit_label = gettext_lazy("Close now")
    success_message = gettext_lazy("The exam is closed.")

    def get_explanation(self) -> list[str]:
        sitting = Attempt.objects.open().filter(candidate__exam=self.exam, closes_at__gt=now()).count()
        text = ngettext(
            "%(count)s person is sitting the exam now. Their paper is handed in as it is saved.",
            "%(count)s people are sitting the exam now. Their papers are handed in as they are saved.",
            sitting,
        ) % {"count": sitting}
        return [text, _("Nobody can start any more. This cannot be undone.")]

    def act(self, cleaned: dict[str, Any]) -> Exam:
        return close_exam(self.exam, by=self.person, at=now())


class ReleasePage(ExamAction):
    django_permission = "exams.change_exam"
    page_title = gettext_lazy("Release the results")
    form_class = forms.Form
    submit_label = gettext_lazy("Release now")
    success_message = gettext_lazy("The results are released.")

    def get_explanation(self) -> list[str]:
        standing = steps.standing_of(self.exam, at=now())
        seen = ngettext(
            "%(count)s person sees their score, the right answers and the explanations at once.",
            "%(count)s people see their scores, the right answers and the explanations at once.",
            standing.arrived,
        ) % {"count": standing.arrived}
        if not standing.waiting:
            return [seen]
        unmarked = ngettext(
            "%(count)s short answer is not marked yet; its paper shows no score before it is.",
            "%(count)s short answers are not marked yet; their papers show no score before they are.",
            standing.waiting,
        ) % {"count": standing.waiting}
        return [seen, unmarked]

    def act(self, cleaned: dict[str, Any]) -> Exam:
        return release_results(self.exam, by=self.person, at=now())


class RetakeForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    opens_at = forms.DateTimeField(label=gettext_lazy("Opens at"), widget=AdminDateTimeInput)
    closes_at = forms.DateTimeField(label=gettext_lazy("Closes at"), widget=AdminDateTimeInput)
    failed = forms.BooleanField(label=gettext_lazy("those who failed"), required=False, initial=True)
    absent = forms.BooleanField(label=gettext_lazy("those who did not come"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The exam closes before it opens."))
        if not cleaned.get("failed") and not cleaned.get("absent"):
            self.add_error("absent", _("Choose who sits the retake."))
        return cleaned


class RetakePage(ExamAction):
    django_permission = "exams.add_exam"
    page_title = gettext_lazy("Plan a retake")
    form_class = RetakeForm
    submit_label = gettext_lazy("Prepare the retake")
    success_message = gettext_lazy("The retake is prepared. Check it and publish it.")

    def get_initial(self) -> dict[str, Any]:
        return {"title": _("%(title)s (retake)") % {"title": self.exam.title[:110]}}

    def get_explanation(self) -> list[str]:
        people = Candidate.objects.filter(exam=self.exam)
        text = _("%(failed)s failed, %(absent)s did not come. The retake has the same blueprint and rules.")
        failed, absent = people.filter(score__lt=self.exam.pass_points), people.absent()
        return [text % {"failed": failed.count(), "absent": absent.count()}]

    def act(self, cleaned: dict[str, Any]) -> Exam:
        return plan_retake(self.exam, by=self.person, at=now(), **cleaned)

    def after(self, outcome: Exam) -> str:
        return reverse("exams_staff:control", args=[outcome.uuid])


class MissingPage(OfExam, StaffPage, BaseListingView):
    """Who has not arrived: asked for, not shown by itself."""

    django_permission = "exams.view_exam"
    page_title = gettext_lazy("Not arrived")
    paginate_by = 50
    table_class = Table
    columns = [
        Column("name", label=pgettext_lazy("person", "Name"), accessor="person.name"),
        Column("team", label=gettext_lazy("Team"), accessor="team.name"),
        Column("role", label=gettext_lazy("Role in the team"), accessor="get_role_display"),
        Column("code", label=gettext_lazy("Staff number"), accessor="person.code"),
        Column("phone", label=gettext_lazy("Mobile phone"), accessor=lambda row: mask_phone(row.person.phone or "")),
    ]

    no_results_message = gettext_lazy("Everybody has arrived.")

    def get_index_url(self) -> str:
        return self.exam_url("missing")

    def get_base_queryset(self) -> Any:
        return missing_people(self.exam, by=self.person)


urlpatterns = [
    path("<uuid:uuid>/", ControlPage.as_view(), name="control"),
    path("<uuid:uuid>/board/", BoardFragment.as_view(), name="board"),
    path("<uuid:uuid>/progress/", ProgressAnswer.as_view(), name="progress"),
    path("<uuid:uuid>/missing/", MissingPage.as_view(), name="missing"),
    path("<uuid:uuid>/draw/", DrawPage.as_view(), name="draw"),
    path("<uuid:uuid>/publish/", PublishPage.as_view(), name="publish"),
    path("<uuid:uuid>/close/", ClosePage.as_view(), name="close"),
    path("<uuid:uuid>/release/", ReleasePage.as_view(), name="release"),
    path("<uuid:uuid>/retake/", RetakePage.as_view(), name="retake"),
]
