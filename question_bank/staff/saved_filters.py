"""A person's own filters of the list of questions: save, open, delete."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet

from common.refusals import Refusal
from question_bank.domain.saving_filters import LONGEST_NAME, LONGEST_QUERY, delete_filter, save_filter
from question_bank.models import SavedFilter
from question_bank.staff.reports import ReportMenuItem, ReportPage


class SavedFilterPage(ReportPage):
    """``?query=…`` is what may be saved; a POST saves it, or deletes the filter named by ``delete``."""

    page_title = gettext_lazy("Saved filters")
    header_icon = "doc-full-inverse"
    template_name = "question_bank/staff/saved_filters.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            filters=SavedFilter.objects.filter(person=self.person),
            query=self.request.GET.get("query", "")[:LONGEST_QUERY],
            longest=LONGEST_NAME,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        number = request.POST.get("delete", "")
        try:
            if number:
                if number.isascii() and number.isdigit() and len(number) < 18:
                    delete_filter(int(number), by=self.person)
                messages.success(request, gettext_lazy("Filter deleted."))
            else:
                save_filter(request.POST.get("name", ""), request.POST.get("query", ""), by=self.person)
                messages.success(request, gettext_lazy("Filter saved."))
        except Refusal as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("question_filters:index"))


class SavedFilterViewSet(ViewSet):
    name = "question_filters"
    url_prefix = "question-filters"
    icon = "doc-full-inverse"
    menu_label = gettext_lazy("Saved filters")
    menu_item_class = ReportMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", SavedFilterPage.as_view(), name="index")]
