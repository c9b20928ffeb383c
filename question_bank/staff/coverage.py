"""The coverage report: entries without a question, topics without an entry; to read, and to take away."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.urls import URLPattern, path
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin.viewsets.base import ViewSet

from cms.models import ChapterPage, EntryPage, HandbookPage
from cms.models.audience import OWNER_PATH
from cms.models.desk import on_desk
from common.clock import now
from common.spreadsheets.csv_out import csv_lines
from common.spreadsheets.writing import Properties, write_workbook
from common.tables import Column, SheetSpec
from members.models import User
from question_bank.domain.coverage import CHAPTER_PATH, coverage, topics_without_entry, untested_entries
from question_bank.staff.reports import ReportMenuItem, ReportPage, number_in

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Located = tuple[EntryPage, str, str]


def located(entries: Any) -> Iterator[Located]:
    """Each entry with the titles of its handbook and chapter, which its path tells."""
    titles: dict[str, str] = {}
    for model in (HandbookPage, ChapterPage):
        titles.update(model.objects.values_list("path", "title"))
    for entry in entries:
        yield entry, titles.get(entry.path[:OWNER_PATH], ""), titles.get(entry.path[:CHAPTER_PATH], "")


class CoveragePage(ReportPage):
    page_title = gettext_lazy("Coverage")
    header_icon = "table"
    template_name = "question_bank/staff/coverage.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = localdate(now())
        books = coverage(on=today, of=self.person)
        handbook = self._handbook()
        page = self.paged(_light(untested_entries(on=today, handbook=handbook, of=self.person)))
        return super().get_context_data(
            books=books,
            handbook=handbook,
            page=page,
            rows=list(located(page)),
            topics=list(topics_without_entry()),
            **kwargs,
        )

    def _handbook(self) -> HandbookPage | None:
        number = number_in(self.request.GET.get("handbook", ""))
        return on_desk(HandbookPage.objects.live(), self.person).filter(pk=number).first() if number else None


class CoverageFile(ReportPage):
    """Nothing personal is in it, so no reason is asked for."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        name = f"{_('Coverage')}-{localdate(now()):%Y%m%d}"
        as_csv = request.GET.get("format") == "csv"
        # The response closes the file when it has been read to its end.
        file = TemporaryFile()  # noqa: SIM115
        if as_csv:
            entries = _light(untested_entries(on=localdate(now()), of=self.person))
            header = [column.title for column in _entry_columns()]
            file.writelines(csv_lines(header, map(_entry_row, located(entries))))
        else:
            write_workbook(file, _sheets(self.person), Properties(title=_("Coverage"), author=self.person.name))
        file.seek(0)
        ending, kind = ("csv", CSV) if as_csv else ("xlsx", XLSX)
        return FileResponse(file, as_attachment=True, filename=f"{name}.{ending}", content_type=kind)


def _light(entries: QuerySet[EntryPage]) -> QuerySet[EntryPage]:
    return entries.defer("body", "plain_text")


def _sheets(person: User) -> list[SheetSpec]:
    today = localdate(now())
    return [
        SheetSpec(name=_("By chapter"), title=_("Coverage"), columns=_chapter_columns(), rows=_chapter_rows(person)),
        SheetSpec(
            name=_("Entries without a question"),
            columns=_entry_columns(),
            rows=map(_entry_row, located(_light(untested_entries(on=today, of=person)))),
        ),
        SheetSpec(
            name=_("Topics without an entry"),
            columns=[Column(_("Code")), Column(_("Topic"), 30), Column(_("Published questions"), kind="integer")],
            rows=[[topic.code, topic.title, topic.asked] for topic in topics_without_entry()],
        ),
    ]


def _chapter_columns() -> list[Column]:
    return [
        Column(_("Handbook"), 30),
        Column(_("Chapter"), 30),
        Column(_("Entries"), kind="integer"),
        Column(_("Tested"), kind="integer"),
        Column(pgettext("coverage", "Share"), kind="percent"),
    ]


def _chapter_rows(person: User) -> Iterator[list[object]]:
    for book in coverage(on=localdate(now()), of=person):
        for chapter in book.chapters:
            yield [book.title, chapter.title, chapter.entries, chapter.tested, chapter.share]
        yield [book.title, _("All chapters"), book.entries, book.tested, book.share]


def _entry_columns() -> list[Column]:
    return [
        Column(_("Handbook"), 30),
        Column(_("Chapter"), 30),
        Column(pgettext("entry", "Number"), kind="integer"),
        Column(_("Entry"), 50),
        Column(pgettext("law", "Basis"), 40),
    ]


def _entry_row(row: Located) -> list[object]:
    entry, handbook, chapter = row
    return [handbook, chapter, entry.number, entry.title, entry.basis]


class CoverageViewSet(ViewSet):
    name = "question_coverage"
    url_prefix = "question-coverage"
    icon = "table"
    menu_label = gettext_lazy("Coverage")
    menu_item_class = ReportMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", CoveragePage.as_view(), name="index"),
            path("file/", CoverageFile.as_view(), name="file"),
        ]
