"""Reports of training as files: who takes them out, and what for, is written down."""

from datetime import datetime
from tempfile import TemporaryFile
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.file_names import in_file_name
from common.refusals import NotAllowed, ReasonMissing
from courses.domain.reporting.courses import course_figures, reported_courses
from courses.domain.reporting.lecturers import lecturer_figures
from courses.domain.reporting.matrix import enrolled
from courses.domain.reporting.scope import may_report_on
from courses.domain.reporting.sheets import Report, TakenOut, course_report, overview_report, year_report
from courses.domain.reporting.spans import Span
from courses.domain.reporting.townships import township_figures
from courses.domain.reporting.writing import write
from courses.domain.reporting.year import year_table
from courses.models import Course, CourseKind
from courses.rules import may_see_course
from exams.domain.exporting import ScoreFile
from exams.domain.exporting.writing import CONTENT_TYPES, EXTENSIONS
from exams.enums import ExportFormat
from members.models import Division, User

_REASON_LENGTH = 200


def export_course(course: Course, *, format: ExportFormat, reason: str, by: User, at: datetime) -> ScoreFile:
    """The attendance of one course, of the people ``by`` looks after. Raises NotAllowed, ReasonMissing."""
    if not may_see_course(by, course):
        raise NotAllowed(_("You may not see the training of this division."))
    out = _taken_out(reason, by=by, at=at)
    (figures,) = course_figures([course], by=by, at=at)
    townships = township_figures([course], by=by, at=at, total=_("All together"))
    report = course_report(course, list(enrolled(course, by=by)), figures, townships, out)
    return _finished(report, "courses.export_attendance", format, out)


def export_year(
    division: Division, year: int, *, months: int = 1, format: ExportFormat, reason: str, by: User, at: datetime
) -> ScoreFile:
    """The year table of a division, with its months or quarters and its townships. Raises NotAllowed, ReasonMissing."""
    table = year_table(division, year, by=by, months=months)
    out, span = _taken_out(reason, by=by, at=at), Span.of_year(year)
    courses = list(reported_courses(by=by, span=span))
    townships = township_figures(courses, by=by, at=at, total=_("All together"), span=span, division=division)
    return _finished(year_report(table, townships, out), "courses.export_year", format, out)


def export_overview(
    division: Division,
    span: Span,
    *,
    kind: CourseKind | None = None,
    format: ExportFormat,
    reason: str,
    by: User,
    at: datetime,
) -> ScoreFile:
    """Courses, townships and lecturers of a span. Raises NotAllowed, ReasonMissing."""
    if not may_report_on(by, division):
        raise NotAllowed(_("You may not see the training of this division."))
    out = _taken_out(reason, by=by, at=at)
    courses = list(reported_courses(by=by, span=span, kind=kind))
    report = overview_report(
        course_figures(courses, by=by, at=at, span=span, division=division),
        lecturer_figures(by=by, span=span, kind=kind, division=division),
        township_figures(courses, by=by, at=at, total=_("All together"), span=span, kind=kind, division=division),
        division=division,
        span=span,
        out=out,
    )
    return _finished(report, "courses.export_overview", format, out)


def _taken_out(reason: str, *, by: User, at: datetime) -> TakenOut:
    if not reason.strip():
        raise ReasonMissing(_("Say what the file is for."))
    return TakenOut(reason.strip()[:_REASON_LENGTH], by, at)


def _finished(report: Report, action: str, format: ExportFormat, out: TakenOut) -> ScoreFile:
    """The file, open at its beginning, after its leaving was written down; whoever sends it closes it."""
    target = TemporaryFile(suffix=EXTENSIONS[format])  # noqa: SIM115
    try:
        digest = write(target, report, format, out)
        facts: dict[str, Any] = {"format": format, "reason": out.reason, **report.facts}
        # The digest printed on paper, so that a sheet can be held against what was exported.
        log(report.subject, action, user=out.by, timestamp=out.at, data=facts | ({"digest": digest} if digest else {}))
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return ScoreFile(_file_name(report, format, out), CONTENT_TYPES[format], target)


def _file_name(report: Report, format: ExportFormat, out: TakenOut) -> str:
    title = in_file_name(report.title) or _("training")
    return f"{title}-{timezone.localdate(out.at):%Y%m%d}{EXTENSIONS[format]}"
