"""Where Wagtail shows a page without asking whether this person may do anything with it.

Most views ask ``permissions_for_user`` or the policy of pages (see ``cms.models.desk``); these here do not.
"""

from collections.abc import Callable, Iterator
from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.chooser import BrowseView
from wagtail.admin.views.pages.bulk_actions import (
    DeleteBulkAction,
    MoveBulkAction,
    PublishBulkAction,
    UnpublishBulkAction,
)
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView

from cms.models import BasePage
from cms.models.desk import is_closed, on_desk
from members.models import User

# What Wagtail's addresses call a page; in the rest of the staff interface "pk" is anything.
PAGE_ARGUMENTS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")
CHOSEN = "wagtailadmin_choose_page_chosen_multiple"


class ClosedPagesMiddleware:
    """A page that does not lie on a person's desk is not there, whatever view its number leads to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        match = request.resolver_match
        if match is None or not match.route.startswith("admin/"):
            return
        named = set(_pages_named(match, request, kwargs))
        if named and isinstance(request.user, User):
            pages = BasePage.objects.filter(pk__in=named)
            if pages.count() != on_desk(pages, request.user).count():
                raise Http404


def _pages_named(match: ResolverMatch, request: HttpRequest, kwargs: dict[str, Any]) -> Iterator[int]:
    """Keys of the pages that the address speaks of."""
    names = (*PAGE_ARGUMENTS, "pk") if match.namespace == "wagtailadmin_pages" else PAGE_ARGUMENTS
    found = [kwargs.get(name, "") for name in names]
    if match.url_name == CHOSEN:
        found += request.GET.getlist("id")
    return (int(key) for key in found if str(key).isdecimal())


def choosable(pages: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Hook ``construct_page_chooser_queryset``."""
    return on_desk(pages, cast(User, request.user))


class _OnDesk:
    """An action on many pages: says nothing of those among them that are closed to whoever asks."""

    request: HttpRequest

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, list[Any]]]:
        pages, others = super().get_actionable_objects()  # type: ignore[misc]
        person = self.request.user
        return pages, {name: [page for page in rest if not is_closed(page, person)] for name, rest in others.items()}


BULK_ACTIONS = [
    type(action.__name__, (_OnDesk, action), {})
    for action in (DeleteBulkAction, MoveBulkAction, PublishBulkAction, UnpublishBulkAction)
]


class PageTypesUsage(PageTypesUsageReportView):
    """In place of Wagtail's report, which names the page of each kind that was edited last."""

    def decorate_paginated_queryset(self, page_types: Any) -> Any:
        page_types = super().decorate_paginated_queryset(page_types)
        for kind in page_types:
            if kind.last_edited_page and is_closed(kind.last_edited_page, self.request.user):
                kind.last_edited_page = None
        return page_types


page_types_usage = require_admin_access(PageTypesUsage.as_view())
page_types_usage_results = require_admin_access(PageTypesUsage.as_view(results_only=True))


class ChoosePage(BrowseView):
    """In place of Wagtail's chooser, which opens at the place where all pages of a kind meet, whosever they are."""

    parent_page: BasePage

    def get_object_list(self) -> Any:
        if is_closed(self.parent_page, self.request.user):
            self.parent_page = BasePage.get_first_root_node().specific
        return super().get_object_list()


choose_page = require_admin_access(ChoosePage.as_view())
