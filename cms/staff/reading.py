"""The report on what is read: which entries and notices nobody reads, and which were read in an older version."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from cms.domain.reading_figures import Only, notice_figures, notices_read, readers_of, reading_figures
from cms.models import ChapterPage, EntryPage, HandbookPage, NoticePage
from cms.models.desk import on_desk
from cms.staff.pages import StaffPage, person_of
from common.clock import now
from members.enums import Role
from members.models import User

A_PAGE = 50
NOTICES = "notices"
READERS_OF_FIGURES = (Role.TRAINER, Role.ADMINISTRATOR, Role.INSPECTOR, Role.AUDITOR)
FILTERS = [
    ("", pgettext_lazy("reading", "All")),
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
        books = {str(book.pk): book for book in on_desk(HandbookPage.objects.live().order_by("path"), self.person)}
        shelves = {**{key: book.title for key, book in books.items()}, NOTICES: gettext("Notices")}
        asked = self.request.GET.get("handbook", "")
        shown = asked if asked in shelves else next(iter(shelves))
        only = next((only for only in Only if only == self.request.GET.get("only")), None)
        figures = self._of_book(books[shown], only) if shown in books else self._of_notices(only)
        return super().get_context_data(
            shelves=shelves.items(),
            shown=shown,
            title=shelves[shown],
            only=only or "",
            filters=FILTERS,
            **figures,
            **kwargs,
        )

    def _of_book(self, book: HandbookPage, only: Only | None) -> dict[str, Any]:
        readers = readers_of(book, within=self._within(), on=localdate(now()))
        page = self._paged(reading_figures(book, readers, only=only).defer("body", "plain_text"))
        chapters = dict(ChapterPage.objects.descendant_of(book).values_list("path", "title"))
        total = readers.count() if isinstance(readers, QuerySet) else len(readers)
        rows = [(entry, chapters.get(entry.path[: -EntryPage.steplen], ""), *_counts(entry, total)) for entry in page]
        return {"book": book, "total": total, "page": page, "rows": rows}

    def _of_notices(self, only: Only | None) -> dict[str, Any]:
        notices = on_desk(NoticePage.objects.defer("body", "plain_text"), self.person)
        page = self._paged(notices_read(notices, within=self._within(), only=only))
        figures = notice_figures(page, within=self._within(), on=localdate(now()))
        rows = [(each.notice, each.notice.issue, *_counts(each, each.readers)) for each in figures]
        return {"page": page, "rows": rows}

    def _within(self) -> list[str]:
        return self.person.scope(*READERS_OF_FIGURES)

    def _paged(self, pages: Any) -> Page:
        return Paginator(pages, A_PAGE).get_page(self.request.GET.get("p"))


def _counts(read: Any, total: int) -> tuple[int, int, int]:
    """Read now, read in an older version, not read."""
    return read.read_now, read.read_before, total - read.read_now - read.read_before


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
