"""Creating, editing and deleting questions: what Wagtail's views do, with this app's rules around it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.snippets.views.snippets import CreateView, EditView

from question_bank.domain.freezing import QuestionIncomplete
from question_bank.models import Question, Topic


class _PublishesWhole:
    """Saving, publishing and freezing are one step: refused in one of them, nothing of it stays.

    The form has looked before; what it could not see (rows that were not sent) is said above it.
    """

    produced_error_code: str
    produced_error_message: str

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
                return response
        except QuestionIncomplete as refusal:
            self.produced_error_code, self.produced_error_message = refusal.code, str(refusal)
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]


class QuestionCreateView(_PublishesWhole, CreateView):
    pass


class QuestionEditView(_PublishesWhole, EditView):
    pass


def refuse_to_delete_what_was_asked(request: HttpRequest, instances: Iterable[Model]) -> HttpResponse | None:
    """Hook ``before_delete_snippet``: papers rest on the versions of a question, and questions on their topic."""
    objects = list(instances)
    questions = [instance.pk for instance in objects if isinstance(instance, Question)]
    topics = [instance for instance in objects if isinstance(instance, Topic)]
    if Question.objects.filter(pk__in=questions, versions__isnull=False).exists():
        messages.error(
            request,
            _("A question that has been published is never deleted: papers rest on it. Unpublish it to retire it."),
        )
        return HttpResponseRedirect(reverse(Question.snippet_viewset.get_url_name("list")))  # type: ignore[attr-defined]
    if Question.objects.filter(topic__in=topics).exists():
        messages.error(request, _("This topic has questions. Move them to another topic first."))
        return HttpResponseRedirect(reverse(Topic.snippet_viewset.get_url_name("list")))  # type: ignore[attr-defined]
    return None
