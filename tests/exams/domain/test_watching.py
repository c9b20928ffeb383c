from datetime import timedelta
from typing import Any

import pytest

from exams.domain.watching import missing_people, township_progress
from exams.models import Exam
from members.enums import Role
from members.models import Division, User
from tests.factories.exams import NOON, opened_attempt, published_exam, sat_attempt
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory, UserFactory, give_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def emma(ana: User) -> User:
    return PostingFactory(team=ana.postings.get().team, person=UserFactory(code="LX0003", username="emma")).person


@pytest.fixture
def exam(ana: User, dan: User, emma: User, cleo: User) -> Exam:
    """In 青石镇 Ana has handed in and Emma is at it; in 柳河镇 Dan has not come."""
    exam = published_exam(ana, dan, emma, by=cleo, attempts_allowed=2)
    sat_attempt(exam, ana)
    opened_attempt(exam, emma)
    return exam


def test_progress_is_counted_by_township(exam: Exam, cleo: User) -> None:
    rows = township_progress(exam, by=cleo, at=NOON + timedelta(minutes=1))

    assert [(*row, row.absent) for row in rows] == [
        ("530999101000", "青石镇", 2, 2, 1, 0),
        ("530999102000", "柳河镇", 1, 0, 0, 1),
    ]


def test_whoever_ran_out_of_time_is_not_at_it_any_more(exam: Exam, cleo: User) -> None:
    rows = township_progress(exam, by=cleo, at=NOON + timedelta(minutes=30))

    assert [row.submitted for row in rows] == [2, 0]


def test_whoever_sits_a_second_time_is_at_it_again_and_counted_once(exam: Exam, ana: User, cleo: User) -> None:
    opened_attempt(exam, ana, at=NOON + timedelta(minutes=20))

    row = township_progress(exam, by=cleo, at=NOON + timedelta(minutes=21))[0]

    assert (row.expected, row.started, row.submitted) == (2, 2, 0)


def test_the_board_stops_at_the_border_of_the_division(exam: Exam, other_township: Division) -> None:
    watcher = give_role(UserFactory(), Role.INSPECTOR, other_township)
    member = give_role(UserFactory(), Role.MEMBER, other_township)

    assert [row.code for row in township_progress(exam, by=watcher, at=NOON)] == ["530999102000"]
    assert township_progress(exam, by=member, at=NOON) == []
    assert [candidate.person.code for candidate in missing_people(exam, by=watcher)] == ["LX0002"]
    assert list(missing_people(exam, by=member)) == []


def test_the_missing_are_those_who_have_not_started(exam: Exam, dan: User, cleo: User) -> None:
    assert [candidate.person for candidate in missing_people(exam, by=cleo)] == [dan]


def test_a_township_without_a_name_is_shown_by_its_code(cleo: User) -> None:
    person = PostingFactory(team=TeamFactory(division=DivisionFactory(code="530999177201"))).person
    exam = published_exam(person, by=cleo)

    assert [row.name for row in township_progress(exam, by=cleo, at=NOON)] == ["530999177000"]


def test_the_board_takes_two_queries_however_many_people(ana: User, cleo: User, django_assert_num_queries: Any) -> None:
    team = ana.postings.get().team
    assert cleo.roles_held
    for count in (1, 3):
        people = [PostingFactory(team=team).person for _number in range(count)]
        exam = published_exam(*people, by=cleo, blueprint__plan=(("single", 1, 5),))
        with django_assert_num_queries(2):
            assert township_progress(exam, by=cleo, at=NOON)[0].expected == count
