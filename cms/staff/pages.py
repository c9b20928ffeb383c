"""What the pages of this app in the staff interface share."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from members.models import User


def person_of(request: HttpRequest) -> User:
    return cast(User, request.user)


class StaffPage(WagtailAdminTemplateMixin, TemplateView):
    """A page with Wagtail's furniture around it, for those whom ``may_enter`` lets in."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def may_enter(self) -> bool:
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_enter():
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    @property
    def person(self) -> User:
        return person_of(self.request)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        return [home, {"url": "", "label": self.get_page_title()}]
