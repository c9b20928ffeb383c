"""The re-check list: what somebody has to look at again, and the three ways to settle it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.admin.viewsets.base import ViewSet

from cms.models.desk import on_desk
from common.clock import now
from question_bank.domain.citing import hide_closed_entries
from question_bank.domain.doubts import entry_changes, expired_entries, expired_questions, open_rechecks
from question_bank.domain.rechecking import confirm_questions
from question_bank.enums import BLOCKING_REASONS
from question_bank.models import Question, Recheck
from question_bank.rules import may_retire
from question_bank.staff.reports import A_PAGE, MAY_DECIDE, MAY_EDIT, ReportMenuItem, ReportPage, number_in

WAITING, ENTRIES, QUESTIONS = "waiting", "entries", "questions"


class RecheckList(ReportPage):
    """Three lists behind one address: ``?show=waiting``, ``entries`` or ``questions``."""

    page_title = gettext_lazy("Re-check")
    header_icon = "rotate"
    template_name = "question_bank/staff/rechecks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = localdate(now())
        lists: dict[str, tuple[Any, QuerySet[Any]]] = {
            WAITING: (pgettext_lazy("questions", "Waiting"), open_rechecks()),
            ENTRIES: (gettext_lazy("Expired entries"), on_desk(expired_entries(on=today), self.person)),
            QUESTIONS: (gettext_lazy("Expired questions"), expired_questions(on=today)),
        }
        asked = self.request.GET.get("show", "")
        show = asked if asked in lists else WAITING
        page = self.paged(lists[show][1])
        questions = [row.question for row in page] if show == WAITING else []
        hide_closed_entries(page if show == QUESTIONS else questions, of=self.person)
        changes = entry_changes(questions)
        return super().get_context_data(
            show=show,
            tabs=[(name, label, rows.count()) for name, (label, rows) in lists.items()],
            rows=[(row, changes.get(row.question_id)) for row in page] if show == WAITING else list(page),
            page=page,
            all_url=_confirm_url(question.pk for question in questions),
            blocking=BLOCKING_REASONS,
            may_decide=self.person.has_perm(MAY_DECIDE),
            may_edit=self.person.has_perm(MAY_EDIT),
            may_retire=may_retire(self.person),
            **kwargs,
        )


class ConfirmPage(ReportPage):
    """``?question=1&question=2``: says how many and which; the POST to the same address confirms them."""

    page_title = gettext_lazy("These questions still hold")
    header_icon = "check"
    template_name = "question_bank/staff/confirm.html"
    needs = (MAY_DECIDE,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = self._chosen(self.request.GET.getlist("question"))
        return super().get_context_data(questions=chosen, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        confirmed = confirm_questions(self._chosen(request.POST.getlist("question")), by=self.person, at=now())
        if confirmed:
            text = ngettext("%(n)s question confirmed.", "%(n)s questions confirmed.", len(confirmed))
            messages.success(request, text % {"n": len(confirmed)})
        else:
            messages.warning(request, gettext_lazy("Nothing to confirm: somebody else was quicker."))
        return HttpResponseRedirect(reverse("question_rechecks:index"))

    def _chosen(self, numbers: Iterable[str]) -> list[Question]:
        """Those of the questions that wait; what is not a number is nobody's."""
        wanted = [number for text in list(numbers)[:A_PAGE] if (number := number_in(text)) is not None]
        waiting = Question.objects.filter(pk__in=Recheck.objects.open().filter(question__in=wanted).values("question"))
        return list(waiting.select_related("topic").order_by("topic__code", "pk"))


def _confirm_url(numbers: Iterable[int]) -> str:
    return f"{reverse('question_rechecks:confirm')}?{urlencode([('question', number) for number in numbers])}"


class RecheckViewSet(ViewSet):
    name = "question_rechecks"
    url_prefix = "question-rechecks"
    icon = "rotate"
    menu_label = gettext_lazy("Re-check")
    menu_item_class = ReportMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", RecheckList.as_view(), name="index"),
            path("confirm/", ConfirmPage.as_view(), name="confirm"),
        ]
