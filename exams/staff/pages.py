"""The two kinds of page this app adds to Wagtail's own: something to read, and something to decide."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from common.refusals import Refusal
from exams.models import Exam
from exams.rules import may_manage_exam
from exams.staff.gates import ExamRule, exam_for, person_of
from members.models import User


class StaffPage(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A page with Wagtail's furniture around it."""

    request: HttpRequest
    kwargs: dict[str, Any]
    # A single Django permission, for pages that belong to no model Wagtail knows.
    django_permission = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.django_permission and not person_of(request).has_perm(self.django_permission):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    @property
    def person(self) -> User:
        return person_of(self.request)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_subtitle() or self.get_page_title()}]


class ReadingPage(StaffPage, TemplateView):
    """Something to read."""


class FormPage(StaffPage, FormView):
    """A form with one button. What the verb refuses is said above it and nothing is lost."""

    template_name = "exams/staff/form.html"
    submit_label = gettext_lazy("Save")
    cancel_url = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "submit_label": self.submit_label,
            "explanation": self.get_explanation(),
            "cancel_url": self.get_cancel_url(),
        }
        return super().get_context_data(**{**words, **kwargs})

    def get_explanation(self) -> list[str]:
        """Said before the form, sentence by sentence: what pressing the button will do."""
        return []

    def get_cancel_url(self) -> str:
        return self.cancel_url

    def refused(self, form: Any, refusal: Refusal) -> HttpResponse:
        form.add_error(None, str(refusal))
        return cast(HttpResponse, self.form_invalid(form))


class ActionPage(FormPage):
    """Something done to one thing: said first, and done by POST only."""

    success_message: Any = ""

    def get_thing_url(self) -> str:
        """The page of what is changed: where one came from, and where one goes when it is done."""
        raise NotImplementedError

    def get_cancel_url(self) -> str:
        return self.get_thing_url()

    def act(self, cleaned: dict[str, Any]) -> Any:
        """Call the verb; a refusal is shown above the form."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> Any:
        try:
            outcome = self.act(form.cleaned_data)
        except Refusal as refusal:
            return self.refused(form, refusal)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return HttpResponseRedirect(self.after(outcome))

    def after(self, outcome: Any) -> str:
        """Where to go when it is done."""
        return self.get_thing_url()


class OfExam:
    """A page about one exam: outside one's divisions there is none."""

    exam_rule: ExamRule = staticmethod(may_manage_exam)
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def exam(self) -> Exam:
        return exam_for(self.request, self.kwargs["uuid"], rule=self.exam_rule)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The gate comes first: also a request that is refused for its form must not tell that the exam exists.
        _gate = self.exam
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))  # type: ignore[misc]

    def get_page_subtitle(self) -> str:
        return self.exam.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("exams_staff:index"), "label": _("Exams")},
            {"url": self.exam_url(), "label": self.exam.title},
        ]
        return [*items, {"url": "", "label": self.get_page_title()}]  # type: ignore[attr-defined]

    def exam_url(self, name: str = "control") -> str:
        return reverse(f"exams_staff:{name}", args=[self.exam.uuid])


class ExamAction(OfExam, ActionPage):
    """Something done to an exam, with to how many people."""

    def get_thing_url(self) -> str:
        return self.exam_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(exam=self.exam, **kwargs)
