"""What the re-check list and the coverage report share: who may open them, and Wagtail's furniture around them."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from members.models import User

A_PAGE = 25
LONGEST_NUMBER = 18
MAY_READ = ("question_bank.view_question", "question_bank.change_question")
MAY_EDIT = "question_bank.change_question"
# To say that a question still holds changes nothing in it: whoever writes questions may.
MAY_DECIDE = MAY_EDIT


def number_in(text: str) -> int | None:
    """A row's number as it stands in an address; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def may_read(person: User) -> bool:
    return any(person.has_perm(permission) for permission in MAY_READ)


class ReportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read(cast(User, request.user))


class ReportPage(WagtailAdminTemplateMixin, TemplateView):
    """A page for everybody who may read questions; what changes something asks for more."""

    request: HttpRequest
    needs: tuple[str, ...] = MAY_READ

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not any(cast(User, request.user).has_perm(permission) for permission in self.needs):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def paged(self, rows: QuerySet[Any], a_page: int = A_PAGE) -> Page[Any]:
        return Paginator(rows, a_page).get_page(self.request.GET.get("p"))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        return [home, {"url": "", "label": self.get_page_title()}]
