"""Pen and paper: printing frozen papers, and entering what was written on them."""

from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateTimeInput

from common.clock import now
from common.refusals import Refusal
from exams.domain.answers import BLANK_CHARACTERS
from exams.domain.closing import close_overdue
from exams.domain.entering import enter_paper
from exams.domain.printing import print_papers
from exams.domain.sheets import answers_in, unanswered
from exams.domain.sitting import SheetRow, unanswered_rows
from exams.domain.watching import TOWNSHIP_DIGITS, township_progress
from exams.domain.wording import moment
from exams.models import Attempt, Candidate, Paper
from exams.staff.pages import ExamAction, OfExam, StaffPage

PERMISSION = "exams.change_exam"
# Telephone numbers and identity cards are longer; nobody's staff number is.
CODE_CHARACTERS = 32


class PrintForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Staff number"),
        max_length=CODE_CHARACTERS,
        required=False,
        help_text=gettext_lazy("Of one person. Empty: everybody who has not arrived."),
    )
    township = forms.ChoiceField(label=gettext_lazy("Township"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why is it printed?"),
        max_length=200,
        help_text=gettext_lazy("Kept with your name, the time and the staff numbers."),
    )

    def __init__(self, *args: Any, townships: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].choices = [("", _("all townships")), *townships]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip()


class PrintPage(ExamAction):
    django_permission = PERMISSION
    page_title = gettext_lazy("Pen and paper")
    template_name = "exams/staff/papers.html"
    form_class = PrintForm
    submit_label = gettext_lazy("Print")

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = township_progress(self.exam, by=self.person, at=now())
        townships = [(row.code[:TOWNSHIP_DIGITS], f"{row.name} ({row.absent})") for row in rows if row.absent]
        return super().get_form_kwargs() | {"townships": townships}

    def get_initial(self) -> dict[str, Any]:
        return {"code": self.request.GET.get("code", "")[:CODE_CHARACTERS]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = now()
        facts = {
            "may_print": self.exam.is_running(at=at),
            "may_enter": self.exam.takes_written_papers(at=at),
            "until": until_when(self.exam),
            "given_code": self.request.GET.get("code", "")[:CODE_CHARACTERS],
        }
        return super().get_context_data(**facts, **kwargs)

    def form_valid(self, form: Any) -> Any:
        try:
            file = print_papers(self.exam, by=self.person, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            return self.refused(form, refusal)
        name = f"{_('papers')}-{form.cleaned_data['code'] or self.exam.pk}.pdf"
        return FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf")


def until_when(exam: Any) -> str:
    """Until when answers on paper can be entered, said before somebody waits too long."""
    end = {"end": moment(exam.ended_at())}
    if exam.release_rule == "by_hand" and exam.released_at is None:
        return (
            _("Answers can be entered until three days after the exam has ended (%(end)s), before results are out.")
            % end
        )
    return _("Results of this exam are shown by themselves: answers have to be entered before it ends (%(end)s).") % end


class FindPage(OfExam, StaffPage, View):
    """From a staff number to the form of that person."""

    django_permission = PERMISSION

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        code = request.GET.get("code", "").strip()
        if not Candidate.objects.filter(exam=self.exam, person__code=code).exists():
            messages.error(request, _("Nobody with this staff number sits this exam."))
            return redirect(self.exam_url("papers"))
        return redirect("exams_staff:enter_paper", self.exam.uuid, code)


class EnterForm(forms.Form):
    """What is said about a paper beside its answers."""

    number = forms.IntegerField(min_value=1, max_value=9, widget=forms.HiddenInput)
    handed_in_at = forms.DateTimeField(label=gettext_lazy("Handed in at"), widget=AdminDateTimeInput)
    reason = forms.CharField(label=gettext_lazy("Why was it written on paper?"), max_length=200)


class EnterPage(ExamAction):
    """The same questions in the same order as on the printed paper."""

    django_permission = PERMISSION
    page_title = gettext_lazy("Enter a paper")
    template_name = "exams/staff/enter_paper.html"
    form_class = EnterForm
    submit_label = gettext_lazy("Hand in for this person")

    @cached_property
    def candidate(self) -> Candidate:
        candidates = Candidate.objects.filter(exam=self.exam).select_related("person", "team", "exam__division")
        candidate = candidates.filter(person__code=self.kwargs["code"]).first()
        if candidate is None:
            raise Http404
        return candidate

    @cached_property
    def paper(self) -> Paper | None:
        """The one a form was shown for; at first the next that is not used."""
        number = self.request.POST.get("number", "")
        wanted = int(number) if number.isascii() and number.isdigit() and len(number) == 1 else None
        papers = Paper.objects.filter(candidate=self.candidate, number=wanted or self.candidate.attempts_used + 1)
        return papers.select_related("candidate__exam__blueprint", "candidate__exam__division").first()

    @cached_property
    def rows(self) -> list[SheetRow]:
        rows = unanswered_rows(self.paper) if self.paper else []
        answers = answers_in(self.request.POST, rows)
        for row in rows:
            row.answer = answers[row.number]
        return rows

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _gate = self.candidate
        close_overdue(at=now(), exam=self.exam)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.candidate.person.name

    def get_initial(self) -> dict[str, Any]:
        at = min(now(), self.exam.ended_at())
        return {"number": self.candidate.attempts_used + 1, "handed_in_at": at}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_attempt = self.candidate.attempts.open().filter(closes_at__gt=now()).exists()
        facts = {
            "candidate": self.candidate,
            "rows": self.rows,
            "is_sitting": open_attempt,
            "may_enter": bool(self.rows) and not open_attempt and self.exam.takes_written_papers(at=now()),
            "until": until_when(self.exam),
            "blank_characters": BLANK_CHARACTERS,
        }
        return super().get_context_data(**facts, **kwargs)

    def get_cancel_url(self) -> str:
        return self.exam_url("papers")

    def act(self, cleaned: dict[str, Any]) -> Attempt:
        if self.paper is None:
            raise Http404
        answers = {row.number: row.answer for row in self.rows}
        said = {name: cleaned[name] for name in ("handed_in_at", "reason")}
        return enter_paper(self.paper, answers, by=self.person, at=now(), **said)

    def after(self, outcome: Attempt) -> str:
        answered = len(self.rows) - len(unanswered(self.rows))
        text = _("Handed in: %(answered)s of %(count)s questions answered. Receipt %(receipt)s.")
        messages.success(
            self.request,
            text % {"answered": answered, "count": len(self.rows), "receipt": outcome.receipt},
        )
        return reverse("exams_attempts:attempt", args=[outcome.uuid])


exam_urlpatterns = [
    path("<uuid:uuid>/papers/", PrintPage.as_view(), name="papers"),
    path("<uuid:uuid>/papers/find/", FindPage.as_view(), name="find_paper"),
    path("<uuid:uuid>/papers/<str:code>/", EnterPage.as_view(), name="enter_paper"),
]
