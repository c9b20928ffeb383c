"""The button "checked today" of an entry, and the page behind it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button

from cms.domain.checking import note_checked
from cms.models import BasePage, EntryPage
from cms.staff.pages import StaffPage
from common.clock import now
from common.refusals import Refusal
from members.models import User


class CheckedPage(StaffPage):
    """Says what pressing the button means; the POST to the same address notes it."""

    page_title = gettext_lazy("Checked today")
    header_icon = "check"
    template_name = "cms/staff/checked.html"

    @cached_property
    def entry(self) -> EntryPage:
        entry: EntryPage = get_object_or_404(EntryPage, pk=self.kwargs["pk"])
        return entry

    def may_enter(self) -> bool:
        return bool(self.entry.permissions_for_user(self.person).can_edit())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(entry=self.entry, today=localdate(now()), back=self._back(), **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            note_checked(self.entry, by=self.person, at=now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Noted: “%(entry)s” was checked today.") % {"entry": self.entry.title})
        return HttpResponseRedirect(self._back())

    def _back(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.entry.pk])


class CheckedViewSet(ViewSet):
    name = "entry_checked"
    url_prefix = "entries"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("<int:pk>/checked/", CheckedPage.as_view(), name="checked")]


def checked_button(page: BasePage, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Hook ``register_page_header_buttons``: on a published entry, for those who may change it."""
    if page.specific_class is EntryPage and page.live and page.permissions_for_user(user).can_edit():
        url = reverse("entry_checked:checked", args=[page.pk])
        yield Button(_("Checked today …"), url=url, icon_name="check", priority=70)
