"""The questions of an exam with their figures as a file."""

from collections.abc import Callable, Iterable
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.log_actions import log

from common.file_names import in_file_name
from common.spreadsheets.csv_out import CsvEncoding, csv_lines
from common.spreadsheets.writing import Properties, write_workbook
from common.tables import Column, Kind, SheetSpec, local
from exams.domain.exporting import ScoreFile
from exams.domain.exporting.writing import CONTENT_TYPES, EXTENSIONS
from exams.domain.refusals import NotAllowed
from exams.domain.statistics.reports import (
    ItemRow,
    discrimination_words,
    facility_words,
    flag_words,
    item_rows,
    seconds_words,
    too_few,
)
from exams.enums import ExportFormat
from exams.models import Exam, ItemStatistics
from exams.rules import may_see_scores
from members.models import User


class Field(NamedTuple):
    """One column: its heading, and how its value is taken from a row."""

    title: str | Promise
    value: Callable[[ItemRow], object]
    kind: Kind = "text"
    places: int = 1
    width: float | None = None


def _figure(name: str) -> Callable[[ItemRow], object]:
    return lambda row: getattr(row.figures, name) if row.figures else None


def _said(name: str, words: Callable[[ItemStatistics], str]) -> Callable[[ItemRow], object]:
    """The figure as a number, or why there is none."""

    def value(row: ItemRow) -> object:
        if row.figures is None:
            return too_few(0)
        number = getattr(row.figures, name)
        return words(row.figures) if number is None else number

    return value


def _flags(row: ItemRow) -> str:
    return " ".join(flag_words(row.figures, row.version)) if row.figures else ""


FIELDS: tuple[Field, ...] = (
    Field(gettext_lazy("Question number"), lambda row: row.version.question_id, "integer"),
    Field(pgettext_lazy("of a question", "Version"), lambda row: row.version.number, "integer"),
    Field(gettext_lazy("Topic"), lambda row: row.version.topic.title),
    Field(gettext_lazy("Kind"), lambda row: row.version.get_kind_display()),
    Field(gettext_lazy("Question"), lambda row: row.version.shown["stem"], width=60),
    Field(gettext_lazy("Difficulty set by the author"), lambda row: row.version.get_difficulty_display()),
    Field(gettext_lazy("Papers of this exam"), lambda row: row.papers, "integer"),
    Field(gettext_lazy("Answers in all tests"), _figure("n"), "integer"),
    Field(gettext_lazy("Facility"), _said("facility", facility_words), "percent"),
    Field(gettext_lazy("Facility, at least"), _figure("facility_low"), "percent"),
    Field(gettext_lazy("Facility, at most"), _figure("facility_high"), "percent"),
    Field(gettext_lazy("Discrimination"), _said("discrimination", discrimination_words), "decimal", 2),
    Field(gettext_lazy("Discrimination, at least"), _figure("discrimination_low"), "decimal", 2),
    Field(gettext_lazy("Discrimination, at most"), _figure("discrimination_high"), "decimal", 2),
    Field(gettext_lazy("Seconds since the answer before (median)"), _said("seconds_median", seconds_words), "integer"),
    Field(gettext_lazy("People who met it lately"), _figure("exposed_people"), "integer"),
    Field(gettext_lazy("Conspicuous"), _flags, width=60),
)


def export_item_table(exam: Exam, *, format: ExportFormat, by: User, at: datetime) -> ScoreFile:
    """The item table of ``exam`` as XLSX or CSV, after it has been written down who takes it out. Raises NotAllowed.

    It holds questions and no people.
    """
    if not may_see_scores(by, exam):
        raise NotAllowed(_("You may not see the scores of this exam."))
    rows = item_rows(exam)
    # The file outlives this function: whoever sends it closes it.
    target = TemporaryFile(suffix=EXTENSIONS[format])  # noqa: SIM115
    try:
        _write(target, exam, rows, format, by=by, at=at)
        log(exam, "exams.export_statistics", user=by, timestamp=at, data={"format": format, "rows": len(rows)})
    except BaseException:
        target.close()
        raise
    target.seek(0)
    title = in_file_name(exam.title)
    name = f"{title}-{_('question statistics')}-{timezone.localdate(at):%Y%m%d}{EXTENSIONS[format]}"
    return ScoreFile(name, CONTENT_TYPES[format], target)


def _write(target: BinaryIO, exam: Exam, rows: list[ItemRow], format: ExportFormat, *, by: User, at: datetime) -> None:
    if format == ExportFormat.XLSX:
        title = _("%(exam)s: question statistics") % {"exam": exam.title}
        write_workbook(target, [_sheet(title, rows, at=at)], Properties(title=title, author=by.name))
    else:
        encoding: CsvEncoding = "gb18030" if format == ExportFormat.CSV_GB18030 else "utf-8-sig"
        target.writelines(csv_lines([str(field.title) for field in FIELDS], _values(rows), encoding))


def _sheet(title: str, rows: list[ItemRow], *, at: datetime) -> SheetSpec:
    note = _("Figures over all tests. Taken out on %(moment)s.")
    return SheetSpec(
        name=_("Questions"),
        title=title,
        notes=[note % {"moment": f"{local(at):%Y-%m-%d %H:%M}"}],
        columns=[Column(str(field.title), field.width, field.kind, field.places) for field in FIELDS],
        rows=_values(rows),
    )


def _values(rows: Iterable[ItemRow]) -> Iterable[list[object]]:
    return ([field.value(row) for field in FIELDS] for row in rows)
