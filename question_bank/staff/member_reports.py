"""What members say about questions: a list, the open ones first, and the answer to each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.viewsets.base import ViewSet

from common.clock import now
from common.refusals import Refusal
from question_bank.domain.reporting import LONGEST_TEXT, listed_reports, settle_report
from question_bank.enums import ReportVerdict
from question_bank.models import QuestionReport, QuestionVersion
from question_bank.staff.reports import MAY_EDIT, ReportMenuItem, ReportPage
from question_bank.staff.version_buttons import buttons_for

OPEN, ALL = "open", "all"


def key_in_words(version: QuestionVersion) -> str:
    """What counts as right, to be read beside what somebody holds against it."""
    key = version.key
    if "options" in key:
        return "\n".join(option["text"] for option in version.shown["options"] if option["id"] in key["options"])
    if "blanks" in key:
        return "\n".join(" / ".join(accepted) for accepted in key["blanks"])
    return str(key.get("guide", ""))


class MemberReportList(ReportPage):
    """``?show=all`` also names those that were answered. Who reported a question does not matter here: no names."""

    page_title = gettext_lazy("Reports of members")
    header_icon = "comment"
    template_name = "question_bank/staff/member_reports.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reports = listed_reports()
        lists = {OPEN: reports.filter(settled_at=None), ALL: reports}
        names = {OPEN: pgettext_lazy("reports", "Open"), ALL: pgettext_lazy("reports", "All")}
        asked = self.request.GET.get("show", "")
        show = asked if asked in lists else OPEN
        page = self.paged(lists[show])
        may_edit = self.person.has_perm(MAY_EDIT)
        buttons = buttons_for([row.version for row in page], self.person)
        return super().get_context_data(
            show=show,
            tabs=[(name, names[name], rows.count()) for name, rows in lists.items()],
            rows=[(row, key_in_words(row.version), buttons[row.version_id]) for row in page],
            page=page,
            may_edit=may_edit,
            longest=LONGEST_TEXT,
            upheld=ReportVerdict.UPHELD,
            declined=ReportVerdict.DECLINED,
            **kwargs,
        )


class SettlePage(ReportPage):
    """Only receives: the forms stand on the list."""

    http_method_names = ["post"]
    needs = (MAY_EDIT,)

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        report = get_object_or_404(QuestionReport.objects.select_related("version__question"), uuid=uuid)
        verdict, answer = request.POST.get("verdict", ""), request.POST.get("answer", "")
        try:
            settle_report(report, verdict=verdict, answer=answer, by=self.person, at=now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext_lazy("Answered. Whoever reported it reads it with the result."))
        return HttpResponseRedirect(reverse("question_reports:index"))


class MemberReportViewSet(ViewSet):
    name = "question_reports"
    url_prefix = "question-reports"
    icon = "comment"
    menu_label = gettext_lazy("Reports of members")
    menu_item_class = ReportMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", MemberReportList.as_view(), name="index"),
            path("<uuid:uuid>/settle/", SettlePage.as_view(), name="settle"),
        ]
