"""Marking short answers: names hidden, one at a time, nobody else at the same one."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from common.clock import now
from common.refusals import Refusal
from exams.domain.marking import claim_next_answer, give_mark
from exams.models import Exam, Item, PendingAnswer, Response
from exams.rules import MARKING_ROLES, may_mark
from exams.staff.gates import person_of
from exams.staff.pages import FormPage, OfExam, ReadingPage, StaffPage
from members.models import User
from members.models.division import inside
from question_bank.models import QuestionVersion

PERMISSION = "exams.change_pendinganswer"
STEP = Decimal("0.5")


def exams_to_mark(person: User) -> QuerySet[Exam]:
    """Exams of this marker with short answers that wait, and how many (``waiting``); own answers do not count."""
    answers = PendingAnswer.objects.filter(attempt__candidate__exam=OuterRef("pk"))
    waiting = answers.exclude(attempt__candidate__person=person).order_by().values("attempt__candidate__exam")
    exams = Exam.objects.filter(inside(person.scope(*MARKING_ROLES), field="division__code"))
    counted = exams.annotate(waiting=Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n")), 0))
    return counted.filter(waiting__gt=0).order_by("closes_at")


class MarkingIndex(ReadingPage):
    django_permission = PERMISSION
    page_title = gettext_lazy("Marking")
    template_name = "exams/staff/marking_index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(exams=exams_to_mark(self.person), **kwargs)


class MarkingStart(OfExam, StaffPage, View):
    """Fetches the next answer for this marker and leads to it; looking at this address shows how many wait."""

    exam_rule = staticmethod(may_mark)
    django_permission = PERMISSION

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect("exams_marking:index")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return next_answer(request, self.exam)


def next_answer(request: HttpRequest, exam: Exam) -> HttpResponse:
    pending = claim_next_answer(exam, by=person_of(request), at=now())
    if pending is not None:
        return redirect("exams_marking:answer", pending.pk)
    messages.success(request, _("No short answer of this exam waits for you any more."))
    return redirect("exams_marking:index")


class PointsForm(forms.Form):
    points = forms.DecimalField(label=gettext_lazy("Points"), min_value=0, max_digits=5, decimal_places=2)
    reason = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Kept with the mark; not needed."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, most: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most
        points = self.fields["points"]
        points.label = _("Points, 0 to %(most)s") % {"most": f"{most.normalize():f}"}
        points.widget.attrs |= {"max": most, "step": STEP, "autofocus": True, "data-points": "", "inputmode": "decimal"}

    def clean_points(self) -> Decimal:
        points: Decimal = self.cleaned_data["points"]
        if points > self.most:
            raise forms.ValidationError(_("At most %(most)s points.") % {"most": f"{self.most.normalize():f}"})
        return points


class MarkingPage(FormPage):
    """One answer without a name. The claim is asked for with every look, so that two never mark the same."""

    django_permission = PERMISSION
    page_title = gettext_lazy("Marking")
    template_name = "exams/staff/marking.html"
    form_class = PointsForm
    submit_label = gettext_lazy("Save and next")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.has_perm(PERMISSION) and self.pending is None:
            messages.warning(request, _("This answer is with somebody else now, or it has been marked."))
            return redirect("exams_marking:index")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def pending(self) -> PendingAnswer | None:
        answers = PendingAnswer.objects.select_related("attempt__paper", "attempt__candidate__exam__division")
        pending = answers.filter(pk=self.kwargs["pk"], claimed_by=self.person, claimed_until__gt=now()).first()
        if pending is not None and not may_mark(self.person, pending.attempt.exam):
            raise Http404
        return pending

    @property
    def exam(self) -> Exam:
        return self._held.attempt.exam

    @property
    def _held(self) -> PendingAnswer:
        if self.pending is None:
            raise Http404
        return self.pending

    @cached_property
    def item(self) -> Item:
        return self._held.attempt.paper.rows()[self._held.number - 1]

    def get_page_subtitle(self) -> str:
        return self.exam.title

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"most": self.item.points}

    def get_cancel_url(self) -> str:
        return reverse("exams_marking:index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = self._held
        answer = Response.objects.get(attempt_id=held.attempt_id, number=held.number).answer
        left = PendingAnswer.objects.filter(attempt__candidate__exam=self.exam).exclude(
            attempt__candidate__person=self.person
        )
        facts = {
            "version": QuestionVersion.objects.get(pk=self.item.version_id),
            "answer": answer.get("text", ""),
            "left": left.count(),
            "item": self.item,
            "exam": self.exam,
        }
        return super().get_context_data(**facts, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        exam = self.exam
        try:
            give_mark(self._held, by=self.person, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            return self.refused(form, refusal)
        return next_answer(self.request, exam)


class MarkingMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return person_of(request).has_perm(PERMISSION)


class MarkingViewSet(ViewSet):
    name = "exams_marking"
    url_prefix = "marking"
    icon = "edit"
    menu_label = gettext_lazy("Marking")
    menu_item_class = MarkingMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", MarkingIndex.as_view(), name="index"),
            path("<int:pk>/", MarkingPage.as_view(), name="answer"),
        ]


exam_urlpatterns = [path("<uuid:uuid>/marking/", MarkingStart.as_view(), name="marking")]
