"""The report on what is read: which entries nobody reads, and which were read in an older version."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from cms.domain.reading_figures import Only, readers_of, reading_figures
from cms.models import ChapterPage, EntryPage, HandbookPage
from cms.models.desk import on_desk
from cms.staff.pages import StaffPage, person_of
from common.clock import now
from members.enums import Role
from members.models import User

A_PAGE = 50
STEP = EntryPage.steplen
READERS_OF_FIGURES = (Role.TRAINER, Role.ADMINISTRATOR, Role.INSPECTOR, Role.AUDITOR)
FILTERS = [
    ("", gettext_lazy("All entries")),
    (Only.UNREAD, gettext_lazy("Read by nobody")),
    (Only.OUTDATED, gettext_lazy("Read only in an older version")),
]


def may_see_reading(person: User) -> bool:
    return person.is_superuser or person.holds(*READERS_OF_FIGURES)


class ReadingPage(StaffPage):
    """Counts of the members in one's own divisions; whoever looks sees no name here."""

    page_title = pgettext_lazy("report", "Reading")
    header_icon = "view"
    template_name = "cms/staff/reading.html"

    def may_enter(self) -> bool:
        return may_see_reading(self.person)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        books = list(on_desk(HandbookPage.objects.live().order_by("path"), self.person))
        asked = self.request.GET.get("handbook", "")
        book = next((book for book in books if str(book.pk) == asked), books[0] if books else None)
        only = next((only for only in Only if only == self.request.GET.get("only")), None)
        figures = self._figures(book, only) if book else {}
        return super().get_context_data(books=books, book=book, only=only or "", filters=FILTERS, **figures, **kwargs)

    def _figures(self, book: HandbookPage, only: Only | None) -> dict[str, Any]:
        readers = readers_of(book, within=self.person.scope(*READERS_OF_FIGURES), on=localdate(now()))
        entries = reading_figures(book, readers, only=only).defer("body", "plain_text")
        page = Paginator(entries, A_PAGE).get_page(self.request.GET.get("p"))
        chapters = dict(ChapterPage.objects.descendant_of(book).values_list("path", "title"))
        total = readers.count() if isinstance(readers, QuerySet) else len(readers)
        return {
            "page": page,
            "total": total,
            "rows": [
                (entry, chapters.get(entry.path[: -EntryPage.steplen], ""), *_counts(entry, total)) for entry in page
            ],
            "kept": f"{urlencode({'handbook': book.pk, **({'only': only} if only else {})})}&",
        }


def _counts(entry: Any, total: int) -> tuple[int, int, int]:
    """Read now, read in an older version, not read."""
    return entry.read_now, entry.read_before, total - entry.read_now - entry.read_before


class ReadingViewSet(ViewSet):
    name = "reading_figures"
    url_prefix = "reading"
    icon = "view"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", ReadingPage.as_view(), name="index")]


class ReadingMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_reading(person_of(request))


def reading_menu_item() -> ReadingMenuItem:
    url = reverse("reading_figures:index")
    return ReadingMenuItem(pgettext_lazy("report", "Reading"), url, name="reading-figures", icon_name="view", order=100)
