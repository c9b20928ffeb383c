"""Courses, townships and lecturers, held against figures reckoned by hand (see ``small_county``)."""

from datetime import date
from decimal import Decimal

import pytest

from courses.domain.cohorts import follow_roster
from courses.domain.courses import close_course
from courses.domain.reporting.courses import Completion, course_figures, reported_courses
from courses.domain.reporting.feedback import Opinion
from courses.domain.reporting.lecturers import lecturer_figures
from courses.domain.reporting.spans import Span
from courses.domain.reporting.tallies import Tally
from courses.domain.reporting.townships import Townships, township_figures
from courses.enums import AbsenceReason, CourseState, Outcome
from courses.models import Course, Enrolment, SessionFeedback
from exams.enums import ExamState
from exams.models import Candidate
from members.enums import Role
from members.models import Division, User
from tests.conftest import NOON
from tests.courses.small_county import SmallCounty
from tests.exams.staff.counting import queries_of
from tests.factories.courses import CourseFactory
from tests.factories.exams import ExamFactory
from tests.factories.members import UserFactory, give_role

YEAR = Span.of_year(2026)
SPRING = Span(date(2026, 3, 1), date(2026, 5, 31))


def townships_of(*courses: Course, by: User, span: Span | None = YEAR, **bounds) -> Townships:
    return township_figures(courses, by=by, at=NOON, total="合计", span=span, **bounds)


def think(small: SmallCounty, name: str, answers: int, *, mark: int = 4) -> None:
    for _number in range(answers):
        SessionFeedback.objects.create(
            session=small.sessions[name], content=mark, lecturer=mark - 1, usefulness=5, text=""
        )


# -- townships --------------------------------------------------------------------------------


def test_townships_stand_in_the_order_of_their_codes(small: SmallCounty, ben: User) -> None:
    table = townships_of(small.course, small.meetings, by=ben)

    assert [(row.name, row.sessions, row.tally, row.people, row.roster, row.gaps) for row in table.rows] == [
        ("青石镇", 4, Tally(11, 8, 1, 0, 3, 1), 4, 4, 2),
        ("柳河镇", 4, Tally(8, 5, 1, 1, 2, 0), 3, 3, 2),
    ]
    total = table.total
    assert (total.sessions, total.tally, total.people, total.roster, total.gaps) == (
        4,
        Tally(19, 13, 2, 1, 5, 1),
        7,
        7,
        4,
    )


def test_township_is_measured_on_its_own_days(small: SmallCounty, township: Division, ben: User) -> None:
    """柳河镇 has no part in a session that is for 青石镇 alone: its roster is not that of this day."""
    small.sessions["january"].attendances.filter(division_code__startswith="530999102").delete()

    table = townships_of(by=ben)

    assert [row.roster for row in table.rows] == [4, 2]


def test_span_and_kind_bound_the_attendance(small: SmallCounty, ben: User) -> None:
    spring = townships_of(by=ben, span=SPRING)
    training = townships_of(by=ben, span=SPRING, kind=small.training)

    assert [(row.tally.expected, row.people, row.roster) for row in spring.rows] == [(6, 2, 3), (4, 2, 2)]
    assert [(row.tally.expected, row.people, row.coverage) for row in training.rows] == [(3, 2, 2 / 3), (2, 1, 0.5)]


def test_one_course_has_townships_of_its_own(small: SmallCounty, ben: User) -> None:
    table = townships_of(small.course, by=ben, span=None)

    assert [(row.tally.expected, row.gaps) for row in table.rows] == [(5, 0), (3, 1)]


def test_office_of_a_township_gets_its_line_alone(small: SmallCounty, township: Division, county: Division) -> None:
    person = give_role(UserFactory(), Role.INSPECTOR, township)

    table = townships_of(small.course, small.meetings, by=person, division=county)

    assert [(row.name, row.gaps) for row in table.rows] == [("青石镇", 2)]
    assert (table.total.people, table.total.roster) == (4, 4)


# -- courses ----------------------------------------------------------------------------------


def test_course_is_told_by_attendance_and_completion(small: SmallCounty, ben: User) -> None:
    figures = course_figures([small.course, small.meetings], by=ben, at=NOON, span=YEAR)

    assert [(row.sessions, row.tally, row.completion, row.passed) for row in figures] == [
        (2, Tally(8, 5, 1, 1, 2, 1), Completion(6, 5, 0, 1, 0), None),
        (2, Tally(11, 8, 1, 0, 3, 0), Completion(5, 2, 0, 3, 3), None),
    ]


def test_span_bounds_the_attendance_and_not_the_completion(small: SmallCounty, ben: User) -> None:
    (figures,) = course_figures([small.course], by=ben, at=NOON, span=SPRING)

    assert (figures.sessions, figures.tally.expected, figures.completion.completed) == (1, 5, 5)


def test_closed_course_is_told_as_it_was_written_down(small: SmallCounty, cleo: User) -> None:
    follow_roster(small.course, at=NOON)
    Enrolment.objects.filter(course=small.course, person=small.people["B1"]).update(
        reason=AbsenceReason.ILLNESS, explained_by=cleo
    )
    close_course(small.course, by=cleo, at=NOON)
    small.course.refresh_from_db()

    (figures,) = course_figures([small.course], by=cleo, at=NOON)

    # A4 is posted in July only: at noon of 15 June the roster has let them go, but they had attended.
    assert small.course.state == CourseState.CLOSED
    assert figures.completion == Completion(6, 5, 0, 1)
    assert townships_of(small.course, by=cleo).total.gaps == 1


def test_who_left_without_completing_is_not_missing(small: SmallCounty, cleo: User) -> None:
    Course.objects.filter(pk=small.course.pk).update(state=CourseState.CLOSED, closed_by=cleo, closed_at=NOON)
    small.course.refresh_from_db()
    Enrolment.objects.filter(course=small.course).update(outcome=Outcome.COMPLETED, completed_at=NOON)
    Enrolment.objects.filter(course=small.course, person=small.people["B1"]).update(
        outcome=Outcome.LEFT, completed_at=None
    )

    (figures,) = course_figures([small.course], by=cleo, at=NOON)

    assert figures.completion == Completion(5, 5, 0, 0)


def test_passed_is_who_reached_the_mark_in_the_test_or_its_retake(small: SmallCounty, ben: User) -> None:
    exam = ExamFactory(division=small.course.division)
    retake = ExamFactory(division=small.course.division, retake_of=exam)
    for held in (exam, retake):
        held.state, held.total_points, held.closed_at = ExamState.CLOSED, Decimal(100), NOON
        held.save()
    for held, name, score in ((exam, "A1", 60), (exam, "A2", 59), (retake, "A2", 80), (exam, "B1", 10)):
        Candidate.objects.create(
            exam=held, person=small.people[name], division_code="530999101201", score=score, attempts_used=1
        )
    small.course.exam = exam
    small.course.save()

    (figures,) = course_figures([small.course], by=ben, at=NOON)

    assert figures.passed == 2


def test_courses_are_those_of_the_span_that_this_person_may_see(
    small: SmallCounty, ben: User, county: Division, other_township: Division
) -> None:
    CourseFactory(division=county, kind=small.lecture)
    stranger = give_role(UserFactory(), Role.INSPECTOR, Division.objects.create(code="530888000000", name="外县"))

    assert set(reported_courses(by=ben, span=YEAR)) == {small.course, small.meetings}
    assert set(reported_courses(by=ben, span=YEAR, kind=small.meeting)) == {small.meetings}
    assert set(reported_courses(by=ben, span=Span(date(2026, 3, 1), date(2026, 3, 31)))) == {small.course}
    assert not reported_courses(by=stranger, span=YEAR)


def test_only_courses_cost_queries(small: SmallCounty, ben: User) -> None:
    courses = list(reported_courses(by=ben, span=YEAR))
    before = queries_of(lambda: course_figures(courses, by=ben, at=NOON))

    Enrolment.objects.filter(person=small.people["A1"]).delete()

    assert queries_of(lambda: course_figures(courses, by=ben, at=NOON)) == before


# -- lecturers and feedback -------------------------------------------------------------------


def test_lecturer_is_told_by_sessions_and_different_people(small: SmallCounty, ben: User) -> None:
    (figures,) = lecturer_figures(by=ben, span=YEAR)

    assert (figures.lecturer, figures.sessions, figures.people, figures.opinion) == (small.lecturer, 2, 5, None)


def test_lecturer_of_other_days_or_kinds_is_left_out(small: SmallCounty, ben: User) -> None:
    assert not lecturer_figures(by=ben, span=YEAR, kind=small.meeting)
    assert not lecturer_figures(by=ben, span=Span.of_year(2025))


def test_office_of_a_township_counts_its_own_people(small: SmallCounty, other_township: Division) -> None:
    person = give_role(UserFactory(), Role.TRAINER, other_township)

    (figures,) = lecturer_figures(by=person, span=YEAR)

    assert (figures.sessions, figures.people) == (2, 1)


@pytest.mark.parametrize(("answers", "said"), [(4, None), (5, Opinion(5, 4.0, 3.0, 5.0))])
def test_means_are_said_from_five_answers_on(small: SmallCounty, ben: User, answers: int, said: Opinion | None) -> None:
    think(small, "march", answers)

    (course,) = course_figures([small.course], by=ben, at=NOON)
    (lecturer,) = lecturer_figures(by=ben, span=YEAR)

    assert (course.opinion, lecturer.opinion) == (said, said)


def test_single_answers_cannot_be_had_by_subtracting(small: SmallCounty, ben: User) -> None:
    """One answer after the make-up: with it or without it, the report says the same."""
    think(small, "march", 5)
    think(small, "august", 1, mark=2)

    (lecturer,) = lecturer_figures(by=ben, span=YEAR)

    assert lecturer.opinion == Opinion(5, 4.0, 3.0, 5.0)
