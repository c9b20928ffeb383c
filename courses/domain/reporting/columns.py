"""The columns of the office's tables, in the order in which they are read aloud, and their values."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.tables import Column
from courses.domain.reporting.courses import CourseFigures
from courses.domain.reporting.feedback import Opinion
from courses.domain.reporting.lecturers import LecturerFigures
from courses.domain.reporting.tallies import Tally
from courses.domain.reporting.townships import TownshipFigures
from courses.domain.reporting.year import KindYear, PeriodFigures, Reach
from courses.enums import AttendanceState
from courses.models import Attendance, Session


def tally_columns() -> list[Column]:
    return [
        Column(pgettext("attendance", "Expected"), kind="integer"),
        Column(pgettext("attendance", "There"), kind="integer"),
        Column(pgettext("attendance", "Of them late"), kind="integer"),
        Column(pgettext("attendance", "Excused"), kind="integer"),
        Column(pgettext("attendance", "Absent"), kind="integer"),
        Column(_("Attendance rate"), kind="percent"),
    ]


def tally_values(tally: Tally) -> list[object]:
    return [tally.expected, tally.present, tally.late, tally.excused, tally.absent, tally.rate]


def opinion_values(opinion: Opinion | None) -> list[object]:
    return [opinion.answers, opinion.content, opinion.lecturer, opinion.usefulness] if opinion else [None] * 4


def opinion_columns() -> list[Column]:
    return [
        Column(pgettext("feedback", "Answers"), kind="integer"),
        Column(pgettext("feedback", "Content"), kind="decimal"),
        Column(pgettext("feedback", "Lecturing"), kind="decimal"),
        Column(pgettext("feedback", "Usefulness"), kind="decimal"),
    ]


# -- courses, lecturers, townships ------------------------------------------------------------


def course_columns() -> list[Column]:
    return [*attendance_columns(), *completion_columns()[1:]]


def course_values(row: CourseFigures) -> list[object]:
    return [*attendance_values(row), *completion_values(row)[1:]]


def attendance_columns() -> list[Column]:
    return [
        Column(pgettext("training", "Course")),
        Column(pgettext("training", "Kind")),
        Column(_("Division")),
        Column(_("State")),
        Column(_("Sessions held"), kind="integer"),
        *tally_columns(),
    ]


def attendance_values(row: CourseFigures) -> list[object]:
    course = row.course
    state = str(course.get_state_display())
    return [course.title, course.kind.title, course.division.name, state, row.sessions, *tally_values(row.tally)]


def completion_columns() -> list[Column]:
    return [
        Column(pgettext("training", "Course")),
        Column(_("People in the course"), kind="integer"),
        Column(pgettext("training", "Completed"), kind="integer"),
        Column(pgettext("training", "Exempt"), kind="integer"),
        Column(pgettext("training", "Missing"), kind="integer"),
        Column(_("Passed the test"), kind="integer"),
        *opinion_columns(),
    ]


def completion_values(row: CourseFigures) -> list[object]:
    completion = row.completion
    return [
        row.course.title,
        completion.people,
        completion.completed,
        completion.exempt,
        completion.gaps,
        row.passed,
        *opinion_values(row.opinion),
    ]


def lecturer_columns() -> list[Column]:
    return [
        Column(_("Lecturer")),
        Column(_("Organisation")),
        Column(_("Sessions held"), kind="integer"),
        Column(_("People reached"), kind="integer"),
        *opinion_columns(),
    ]


def lecturer_values(row: LecturerFigures) -> list[object]:
    return [row.lecturer.name, row.lecturer.organisation, row.sessions, row.people, *opinion_values(row.opinion)]


def township_columns() -> list[Column]:
    return [
        Column(_("Township")),
        Column(_("Sessions held"), kind="integer"),
        *tally_columns(),
        Column(_("People reached"), kind="integer"),
        Column(_("On the roster"), kind="integer"),
        Column(pgettext("training", "Coverage"), kind="percent"),
        Column(pgettext("training", "Missing"), kind="integer"),
    ]


def township_values(row: TownshipFigures) -> list[object]:
    return [row.name, row.sessions, *tally_values(row.tally), row.people, row.roster, row.coverage, row.gaps]


# -- the year ---------------------------------------------------------------------------------


def year_columns() -> list[Column]:
    return [
        Column(pgettext("training", "Kind")),
        Column(_("Rhythm")),
        Column(_("Planned in the year"), kind="integer"),
        Column(_("Held of it"), kind="integer"),
        Column(pgettext("how many", "Courses"), kind="integer"),
        Column(_("Sessions held"), kind="integer"),
        Column(_("Of them make-ups"), kind="integer"),
        Column(_("Attendances"), kind="integer"),
        Column(_("Different people"), kind="integer"),
        Column(_("On the roster"), kind="integer"),
        Column(pgettext("training", "Coverage"), kind="percent"),
        Column(_("Attendance rate"), kind="percent"),
    ]


def year_values(row: KindYear) -> list[object]:
    planned = _("as needed") if row.planned is None else row.planned
    return [row.kind.title, row.rhythm, planned, row.held, *_reach_values(row.reach)]


def year_total(total: Reach) -> list[object]:
    return [_("All together"), "", "", "", *_reach_values(total)]


def _reach_values(reach: Reach) -> list[object]:
    return [
        reach.courses,
        reach.sessions,
        reach.repeats,
        reach.tally.attendances,
        reach.people,
        reach.roster,
        reach.coverage,
        reach.tally.rate,
    ]


def period_columns(*, quarters: bool) -> list[Column]:
    return [
        Column(_("Quarter") if quarters else _("Month")),
        Column(_("Sessions held"), kind="integer"),
        Column(_("Attendances"), kind="integer"),
        Column(_("Different people"), kind="integer"),
        *tally_columns(),
    ]


def period_values(row: PeriodFigures) -> list[object]:
    return [str(row.period), row.sessions, row.tally.attendances, row.people, *tally_values(row.tally)]


# -- one course, person by person ---------------------------------------------------------------


def person_columns(sessions: Sequence[Session]) -> list[Column]:
    return [
        Column(_("Staff number")),
        Column(pgettext("person", "Name")),
        Column(_("Township")),
        Column(_("Village")),
        Column(_("Team")),
        Column(_("Role in the team")),
        *(Column(f"{timezone.localdate(session.starts_at):%m-%d} {session.topic}") for session in sessions),
        Column(_("Sessions attended"), kind="integer"),
        Column(pgettext("training", "Required"), kind="integer"),
        Column(pgettext("training", "Standing")),
    ]


def cell_word(row: Attendance | None, session: Session, words: dict[str, str], *, is_settled: bool) -> str:
    """What a cell of the attendance says: why somebody was away, too."""
    if row is None:
        return _("not expected") if is_settled else ""
    said = words[row.state]
    if row.state == AttendanceState.EXCUSED or row.reason:
        return f"{said}（{row.get_reason_display()}）"
    return said
