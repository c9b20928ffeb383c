"""Courses, townships and lecturers, held against figures reckoned by hand (see ``small_county``)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from courses.domain.cohorts import follow_roster
from courses.domain.courses import close_course
from courses.domain.reporting.courses import Completion, course_figures, reported_courses
from courses.domain.reporting.feedback import Opinion
from courses.domain.reporting.lecturers import lecturer_figures
from courses.domain.reporting.spans import Span
from courses.domain.reporting.tallies import Tally
from courses.domain.reporting.townships import Townships, township_figures
from courses.enums import AbsenceReason, AttendanceState, CourseState, Outcome, SessionState
from courses.models import Course, Enrolment, Exemption, SessionFeedback
from exams.enums import ExamState
from exams.models import Candidate, Exam
from members.enums import RequestState, Role
from members.models import Division, User
from tests.conftest import NOON
from tests.courses.small_county import SmallCounty, enrol, there
from tests.exams.staff.counting import queries_of
from tests.factories.courses import CourseFactory, SessionFactory
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
    exam = a_test(small, A1=60, A2=59, B1=10)
    a_test(small, retake_of=exam, A2=80)
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


@pytest.mark.once
def test_people_cost_no_queries(small: SmallCounty, ben: User) -> None:
    courses = list(reported_courses(by=ben, span=YEAR))
    before = queries_of(lambda: course_figures(courses, by=ben, at=NOON))

    Enrolment.objects.filter(person=small.people["A1"]).delete()

    assert queries_of(lambda: course_figures(courses, by=ben, at=NOON)) == before


def with_a_test(small: SmallCounty) -> Course:
    """A course that is open, with a session that was held, and a test that A1 passed and A2 did not."""
    course = CourseFactory(division=small.course.division, exam=a_test(small, A1=60, A2=59), needs_test=True)
    session = SessionFactory(course=course, starts_at=small.sessions["march"].starts_at, state=SessionState.HELD)
    enrol(course, small.people, "A1 A2 A3")
    for name in ("A1", "A2", "A3"):
        there(session, name, small.people, AttendanceState.PRESENT)
    return course


def a_test(small: SmallCounty, retake_of: Exam | None = None, **scores: int) -> Exam:
    exam = ExamFactory(division=small.course.division, retake_of=retake_of)
    exam.state, exam.total_points, exam.closed_at = ExamState.CLOSED, Decimal(100), NOON
    exam.save()
    for name, score in scores.items():
        Candidate.objects.create(
            exam=exam, person=small.people[name], division_code="530999101201", score=score, attempts_used=1
        )
    return exam


@pytest.mark.once
@pytest.mark.parametrize("figures", [course_figures, partial(township_figures, total="合计")])
def test_one_open_course_with_a_test_costs_as_many_queries_as_three(
    small: SmallCounty, ben: User, figures: Callable[..., object]
) -> None:
    courses = [with_a_test(small)]
    one = queries_of(lambda: figures(courses, by=ben, at=NOON, span=YEAR))

    courses += [with_a_test(small), with_a_test(small)]

    assert queries_of(lambda: figures(courses, by=ben, at=NOON, span=YEAR)) == one


def test_each_open_course_is_told_by_its_own_test(small: SmallCounty, ben: User) -> None:
    first, second = with_a_test(small), with_a_test(small)
    a_test(small, retake_of=second.exam, A2=90)

    figures = course_figures([first, second], by=ben, at=NOON, span=YEAR)

    assert [row.completion for row in figures] == [Completion(3, 1, 0, 2, 1), Completion(3, 2, 0, 1, 1)]
    assert [row.passed for row in figures] == [1, 2]
    assert townships_of(first, second, by=ben).total.gaps == 3


def test_an_open_course_counts_as_closing_would_write_it_down(small: SmallCounty, cleo: User, ben: User) -> None:
    """Who completed it although they were exempted has completed it."""
    Exemption.objects.create(
        course=small.course, person=small.people["A1"], reason="在校进修", state=RequestState.APPROVED,
        asked_by=ben, asked_at=NOON, decided_by=cleo, decided_at=NOON,
    )  # fmt: skip
    Enrolment.objects.filter(course=small.course, person=small.people["B1"]).update(
        reason=AbsenceReason.ILLNESS, explained_by=cleo
    )

    (before,) = course_figures([small.course], by=cleo, at=NOON)
    close_course(small.course, by=cleo, at=NOON)
    small.course.refresh_from_db()
    (after,) = course_figures([small.course], by=cleo, at=NOON)

    assert before.completion == after.completion == Completion(6, 5, 0, 1, 0)


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
