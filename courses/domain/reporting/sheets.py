"""The office's reports as tables, ready to be written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.tables import SheetSpec, local
from courses.domain.progress import Progress, measure
from courses.domain.reporting import columns
from courses.domain.reporting.courses import CourseFigures
from courses.domain.reporting.lecturers import LecturerFigures
from courses.domain.reporting.matrix import MatrixRow, is_settled, matrix_rows, sessions_of
from courses.domain.reporting.spans import Span
from courses.domain.reporting.townships import Townships
from courses.domain.reporting.year import YearTable
from courses.enums import AttendanceState
from courses.models import Course, Enrolment, Session
from members.enums import PostingRole
from members.models import Division, User

_PORTION = 500


@dataclass(frozen=True)
class Report:
    """What leaves the house: the first of ``sheets`` is what CSV holds, ``paper`` what is printed, with its headings.

    ``subject`` is what it is about, for the log.
    """

    subject: Any
    title: str
    office: str
    sheets: Sequence[SheetSpec]
    paper: Sequence[SheetSpec]
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Who takes something out when and what for: said on every file."""

    reason: str
    by: User
    at: datetime

    @property
    def watermark(self) -> str:
        return f"{self.by.name} {local(self.at):%Y-%m-%d %H:%M}"

    def __str__(self) -> str:
        return _("Exported by %(name)s on %(moment)s. Used for: %(reason)s") % {
            "name": self.by.name,
            "moment": f"{local(self.at):%Y-%m-%d %H:%M}",
            "reason": self.reason,
        }


def signatures() -> list[str]:
    return [_("Prepared by"), _("Checked by"), _("Approved by")]


# -- the year ---------------------------------------------------------------------------------


def year_report(table: YearTable, townships: Townships, out: TakenOut) -> Report:
    place = {"division": table.division.name, "year": table.year}
    title = _("Training of %(division)s in %(year)s") % place
    shared: dict[str, Any] = {"notes": [*year_notes(), str(out)], "watermark": out.watermark, "frozen_columns": 1}
    kinds = SheetSpec(
        name=_("By kind"),
        title=title,
        columns=columns.year_columns(),
        rows=[columns.year_values(row) for row in table.kinds],
        totals=columns.year_total(table.total),
        signatures=signatures(),
        **shared,
    )
    quarters = bool(table.periods) and table.periods[0].period.is_quarter
    periods = SheetSpec(
        name=_("By quarter") if quarters else _("By month"),
        title=_("Training of %(division)s in %(year)s, by time") % place,
        columns=columns.period_columns(quarters=quarters),
        rows=[columns.period_values(row) for row in table.periods],
        **shared,
    )
    places = SheetSpec(
        name=_("By township"),
        title=_("Training of %(division)s in %(year)s, by township") % place,
        columns=columns.township_columns(),
        rows=[columns.township_values(row) for row in townships.rows],
        totals=columns.township_values(townships.total),
        **shared,
    )
    return Report(
        subject=table.division,
        title=title,
        office=_("Training record of %(division)s") % place,
        sheets=[kinds, periods, places],
        paper=[kinds, periods, places],
        facts={"year": table.year},
    )


def missing_note() -> str:
    return _("Missing from an open course: whoever lacks a session, also one that is still to come.")


def year_notes() -> list[str]:
    return [
        _(
            "People: different people who were there at least once. On the roster: different people who served on the"
            " day of at least one of the sessions. Coverage: the one divided by the other. Attendance rate: of all who"
            " were expected, those who came."
        )
    ]


# -- all courses, lecturers, townships --------------------------------------------------------


def overview_report(
    courses: Sequence[CourseFigures],
    lecturers: Iterable[LecturerFigures],
    townships: Townships,
    *,
    division: Division,
    span: Span,
    out: TakenOut,
) -> Report:
    title = _("Courses, lecturers and townships, %(span)s") % {"span": span}
    notes = [
        _("Means of feedback are given where five people or more answered after a session."),
        missing_note(),
        str(out),
    ]
    shared: dict[str, Any] = {"notes": notes, "watermark": out.watermark, "frozen_columns": 1}
    by_course = SheetSpec(
        name=pgettext("training", "Courses"),
        title=title,
        columns=columns.course_columns(),
        rows=[columns.course_values(row) for row in courses],
        **shared,
    )
    by_lecturer = SheetSpec(
        name=_("Lecturers"),
        title=_("Lecturers, %(span)s") % {"span": span},
        columns=columns.lecturer_columns(),
        rows=[columns.lecturer_values(row) for row in lecturers],
        **shared,
    )
    by_township = SheetSpec(
        name=_("By township"),
        title=_("Training by township, %(span)s") % {"span": span},
        columns=columns.township_columns(),
        rows=[columns.township_values(row) for row in townships.rows],
        totals=columns.township_values(townships.total),
        **shared,
    )
    others = [by_township, by_lecturer]
    office = _("Training record of %(division)s") % {"division": division.name}
    paper = [*_course_papers(courses, title, span, shared), *others]
    return Report(division, title, office, [by_course, *others], paper, {"span": str(span)})


def _course_papers(
    courses: Sequence[CourseFigures], title: str, span: Span, shared: Mapping[str, Any]
) -> list[SheetSpec]:
    """A screen scrolls; on a sheet of paper twenty columns would break every word."""
    attendance = SheetSpec(
        name=_("Attendance"),
        title=title,
        columns=columns.attendance_columns(),
        rows=[columns.attendance_values(row) for row in courses],
        **shared,
    )
    completion = SheetSpec(
        name=_("Completion"),
        title=_("Completion and feedback, %(span)s") % {"span": span},
        columns=columns.completion_columns(),
        rows=[columns.completion_values(row) for row in courses],
        **shared,
    )
    return [attendance, completion]


# -- one course -------------------------------------------------------------------------------


def course_report(
    course: Course, enrolments: Sequence[Enrolment], figures: CourseFigures, townships: Townships, out: TakenOut
) -> Report:
    """People with their sessions, and townships; on paper townships alone, to be signed."""
    title = _("%(course)s: attendance") % {"course": course.title}
    notes = [_course_note(figures), missing_note(), str(out)]
    sessions = sessions_of(course)
    shared: dict[str, Any] = {"notes": notes, "watermark": out.watermark}
    people = SheetSpec(
        name=_("Attendance"),
        title=title,
        columns=columns.person_columns(sessions),
        rows=list(_people(course, enrolments, sessions)),
        signatures=signatures(),
        frozen_columns=2,
        **shared,
    )
    places = SheetSpec(
        name=_("By township"),
        title=_("%(course)s: attendance by township") % {"course": course.title},
        columns=columns.township_columns(),
        rows=[columns.township_values(row) for row in townships.rows],
        totals=columns.township_values(townships.total),
        signatures=signatures(),
        frozen_columns=1,
        **shared,
    )
    office = _("Training record of %(division)s") % {"division": course.division.name}
    return Report(course, title, office, [people, places], [places], {"people": len(enrolments)})


def _course_note(figures: CourseFigures) -> str:
    return _(
        "%(sessions)s sessions held. In the course: %(people)s, completed: %(completed)s, exempt: %(exempt)s,"
        " missing: %(gaps)s."
    ) % {
        "sessions": figures.sessions,
        "people": figures.completion.people,
        "completed": figures.completion.completed,
        "exempt": figures.completion.exempt,
        "gaps": figures.completion.gaps,
    }


def _people(course: Course, enrolments: Sequence[Enrolment], sessions: Sequence[Session]) -> Iterator[list[object]]:
    words = {state.value: str(state.label) for state in AttendanceState}
    roles = {"": "", **{role.value: str(role.label) for role in PostingRole}}
    townships = dict(Division.objects.townships().values_list("code", "name"))
    progress = {row.enrolment.pk: row for row in measure(course, enrolments)}
    settled = [is_settled(session) for session in sessions]
    for row in _in_portions(enrolments, sessions):
        enrolment = row.enrolment
        township = enrolment.division_code[:9].ljust(12, "0")
        standing = progress[enrolment.pk]
        yield [
            enrolment.person.code,
            enrolment.person.name,
            townships.get(township, township),
            enrolment.team.division.name if enrolment.team else "",
            enrolment.team.name if enrolment.team else "",
            roles[enrolment.role],
            *(
                columns.cell_word(cell, session, words, is_settled=over)
                for cell, session, over in zip(row.cells, sessions, settled, strict=True)
            ),
            standing.attended,
            standing.required,
            standing_word(standing),
        ]


def _in_portions(enrolments: Sequence[Enrolment], sessions: Sequence[Session]) -> Iterator[MatrixRow]:
    for start in range(0, len(enrolments), _PORTION):
        yield from matrix_rows(enrolments[start : start + _PORTION], sessions)


def standing_word(progress: Progress) -> str:
    """Where somebody stands in a course."""
    if progress.enrolment.left_on:
        return _("Left the roster")
    if progress.is_exempt:
        return pgettext("training", "Exempt")
    if progress.is_completed:
        return pgettext("training", "Completed")
    if progress.is_gap:
        return _("Missing, with a reason") if progress.is_explained else pgettext("training", "Missing")
    return _("Nothing was held since they came")
