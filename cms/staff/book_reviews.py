"""The buttons "send the book to review" and "approve the book" of a handbook, and the pages behind them."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button

from cms.domain.book_reviews import Bundle, approve_book, submit_book, to_approve, to_submit
from cms.models import BasePage, HandbookPage
from cms.models.desk import is_closed
from cms.staff.pages import StaffPage
from common.clock import now
from common.refusals import Refusal
from members.models import User


class _BookPage(StaffPage):
    """Says how many pages it is about; the POST to the same address does it."""

    template_name = "cms/staff/book_review.html"
    of_book: Callable[..., Bundle]
    carry_out: Callable[..., int]

    @cached_property
    def handbook(self) -> HandbookPage:
        handbook: HandbookPage = get_object_or_404(HandbookPage, pk=self.kwargs["pk"])
        if is_closed(handbook, self.person):
            raise Http404
        return handbook

    def may_enter(self) -> bool:
        return bool(self.handbook.permissions_for_user(self.person).can_edit())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bundle = type(self).of_book(self.handbook, by=self.person)
        return super().get_context_data(
            handbook=self.handbook, bundle=bundle, counts=bundle.counts(), back=self._back(), view=self, **kwargs
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            pages = type(self).carry_out(self.handbook, shown=request.POST.get("shown", ""), by=self.person, at=now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.path)
        messages.success(request, self.done(pages))
        return HttpResponseRedirect(self._back())

    def done(self, pages: int) -> str:
        raise NotImplementedError

    def _back(self) -> str:
        return reverse("wagtailadmin_explore", args=[self.handbook.pk])


class SubmitBookPage(_BookPage):
    page_title = gettext_lazy("Send the whole book to review")
    header_icon = "resubmit"
    of_book, carry_out = to_submit, submit_book
    explanation = gettext_lazy(
        "Another person looks at these drafts and approves them; until then members see nothing of them."
    )
    nothing = gettext_lazy("Nothing in this handbook waits to be sent: there are no drafts, or they are in review.")
    left_out = gettext_lazy("Drafts that are locked and stay as they are:")
    action = pgettext_lazy("book", "Send to review")

    def done(self, pages: int) -> str:
        said = ngettext("%(n)s page was sent to review.", "%(n)s pages were sent to review.", pages)
        return said % {"n": pages}


class ApproveBookPage(_BookPage):
    page_title = gettext_lazy("Approve the whole book")
    header_icon = "check"
    of_book, carry_out = to_approve, approve_book
    explanation = gettext_lazy("You have read these drafts. Approved, they are published and members see them at once.")
    nothing = gettext_lazy("Nothing in this handbook waits for your approval.")
    left_out = gettext_lazy("Drafts that you wrote or sent yourself, which another person approves:")
    action = pgettext_lazy("book", "Approve and publish")

    def done(self, pages: int) -> str:
        said = ngettext("%(n)s page was approved and published.", "%(n)s pages were approved and published.", pages)
        return said % {"n": pages}


class BookReviewViewSet(ViewSet):
    name = "book_review"
    url_prefix = "books"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:pk>/submit/", SubmitBookPage.as_view(), name="submit"),
            path("<int:pk>/approve/", ApproveBookPage.as_view(), name="approve"),
        ]


def book_buttons(page: BasePage, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Hook ``register_page_header_buttons``: on a handbook, for those who may change it."""
    if page.specific_class is HandbookPage and page.permissions_for_user(user).can_edit():
        submit, approve = (reverse(f"book_review:{name}", args=[page.pk]) for name in ("submit", "approve"))
        yield Button(_("Send the whole book to review …"), url=submit, icon_name="resubmit", priority=71)
        yield Button(_("Approve the whole book …"), url=approve, icon_name="check", priority=72)
