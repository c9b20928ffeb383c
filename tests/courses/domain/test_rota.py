"""Whose turn it is as host, fairly; and swapping."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from common.refusals import NotAllowed, ReasonMissing
from courses.domain.refusals import HostsChanged, NoTeams, SessionNotEditable
from courses.domain.rota import assign, make_rota, plan_rota, swap_hosts
from courses.enums import CourseState, SessionState
from courses.models import Course, CourseKind, Session
from members.models import Division, Message, Posting, Team, User
from tests.conftest import NOON
from tests.factories.courses import MORNING, CourseFactory, CourseKindFactory, SessionFactory
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory

MONTH = timedelta(days=30)


def months(number: int) -> list[Session]:
    return [Session(pk=index, starts_at=MORNING + index * MONTH) for index in range(number)]


def teams(number: int) -> list[Team]:
    return [Team(pk=index, code=f"T{index:03d}", starts_on=MORNING.date()) for index in range(number)]


class TestFairness:
    @given(sessions=st.integers(1, 60), count=st.integers(1, 20))
    def test_nobody_has_a_second_turn_before_everybody_had_a_first(self, sessions: int, count: int) -> None:
        turns = assign(months(sessions), teams(count), {})

        order = [turn.team.pk for turn in turns]
        for start in range(0, len(order), count):
            window = order[start : start + count]
            assert len(set(window)) == len(window)
        had = Counter(order)
        assert max(had.values()) - min([had[team] for team in range(count)]) <= 1

    @given(data=st.data(), count=st.integers(1, 12), sessions=st.integers(1, 12))
    def test_each_turn_is_of_whoever_waited_longest(self, data: Any, count: int, sessions: int) -> None:
        past = st.datetimes(datetime(2024, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
        known = data.draw(st.dictionaries(st.integers(0, count - 1), past))

        for turn in assign(months(sessions), teams(count), known):
            waited = [known.get(team.pk, datetime.min.replace(tzinfo=UTC)) for team in teams(count)]
            assert known.get(turn.team.pk, datetime.min.replace(tzinfo=UTC)) == min(waited)
            known[turn.team.pk] = turn.session.starts_at

    @given(sessions=st.integers(1, 20), count=st.integers(1, 10))
    def test_the_same_question_has_the_same_answer(self, sessions: int, count: int) -> None:
        once, again = (
            [turn.team.pk for turn in assign(months(sessions), order, {})]
            for order in (teams(count), list(reversed(teams(count))))
        )

        assert once == again

    def test_a_team_that_has_left_by_then_has_no_turn(self) -> None:
        leaving, staying = teams(2)
        leaving.ends_on = (MORNING + MONTH).date()

        turns = assign(months(4), [leaving, staying], {})

        assert [turn.team.pk for turn in turns] == [0, 1, 1, 1]

    def test_without_a_team_on_the_day_there_is_no_rota(self) -> None:
        with pytest.raises(NoTeams):
            assign(months(1), [], {})


@pytest.fixture
def kind(county: Division) -> CourseKind:
    return CourseKindFactory.create(division=county, hosted_in_turn=True)


@pytest.fixture
def course(county: Division, kind: CourseKind) -> Course:
    return CourseFactory.create(division=county, kind=kind)


@pytest.fixture
def three(county: Division) -> list[Team]:
    """Three teams with a member each; a fourth in which nobody serves."""
    TeamFactory(code="T0000", division=DivisionFactory(code="530999101900"))
    found = [TeamFactory(code=f"T100{n}", division=DivisionFactory(code=f"53099910120{n}")) for n in range(3)]
    for team in found:
        PostingFactory(team=team)
    return found


def monthly(course: Course, number: int, **facts: Any) -> list[Session]:
    return [
        SessionFactory.create(course=course, topic=f"第{index}次", starts_at=MORNING + index * MONTH, **facts)
        for index in range(1, number + 1)
    ]


def hosts(course: Course) -> list[str]:
    return [session.host_team.code if session.host_team else "" for session in course.sessions.order_by("starts_at")]


@pytest.mark.django_db
class TestMaking:
    def test_teams_that_somebody_serves_in_take_turns(self, course: Course, three: list[Team], cleo: User) -> None:
        monthly(course, 4)

        turns = make_rota(course, by=cleo, at=NOON)

        assert (len(turns), hosts(course)) == (4, ["T1000", "T1001", "T1002", "T1000"])

    def test_turns_in_earlier_courses_of_the_kind_count(
        self, course: Course, kind: CourseKind, three: list[Team], cleo: User
    ) -> None:
        earlier = CourseFactory.create(division=course.division, kind=kind)
        SessionFactory.create(course=earlier, host_team=three[0], starts_at=MORNING - MONTH, state=SessionState.HELD)
        monthly(course, 3)

        make_rota(course, by=cleo, at=NOON)

        assert hosts(course) == ["T1001", "T1002", "T1000"]

    def test_a_host_who_was_chosen_keeps_the_turn_and_doing_it_again_changes_nothing(
        self, course: Course, three: list[Team], cleo: User
    ) -> None:
        first, *_others = monthly(course, 3)
        first.host_team = three[2]
        first.save()

        counts = [len(make_rota(course, by=cleo, at=NOON)), len(make_rota(course, by=cleo, at=NOON))]

        assert (counts, hosts(course)) == ([2, 0], ["T1002", "T1000", "T1001"])

    def test_looking_first_writes_nothing(
        self, course: Course, three: list[Team], django_assert_max_num_queries: Any
    ) -> None:
        monthly(course, 12)

        with django_assert_max_num_queries(4):
            turns = plan_rota(course, at=NOON)

        assert (len(turns), set(hosts(course))) == (12, {""})

    def test_the_team_is_told_and_it_is_written_down(self, course: Course, three: list[Team], cleo: User) -> None:
        (session,) = monthly(course, 1)

        make_rota(course, by=cleo, at=NOON)

        person = Posting.objects.get(team=three[0]).person
        assert [message.person for message in Message.objects.all()] == [person]
        assert Message.objects.get().subject == f"{three[0].name}承办：第1次"
        entry = ModelLogEntry.objects.get(action="courses.give_turn")
        assert (entry.object_id, entry.user, entry.data) == (str(session.pk), cleo, {"team": "T1000"})

    def test_nobody_hears_of_a_course_in_preparation(self, course: Course, three: list[Team], cleo: User) -> None:
        Course.objects.update(state=CourseState.DRAFT)
        monthly(course, 1)

        make_rota(course, by=cleo, at=NOON)

        assert (hosts(course), Message.objects.count()) == (["T1000"], 0)

    def test_whose_course_it_is_not_gives_no_turns(self, course: Course, three: list[Team], dan: User) -> None:
        monthly(course, 1)

        with pytest.raises(NotAllowed):
            make_rota(course, by=dan, at=NOON)

        assert hosts(course) == [""]


@pytest.mark.django_db
class TestSwapping:
    @pytest.fixture
    def pair(self, course: Course, three: list[Team], cleo: User) -> list[Session]:
        monthly(course, 2)
        make_rota(course, by=cleo, at=NOON)
        Message.objects.all().delete()
        return list(course.sessions.order_by("starts_at"))

    def test_hosts_change_places_and_both_are_told(
        self, course: Course, pair: list[Session], three: list[Team], cleo: User
    ) -> None:
        swap_hosts(*pair, reason="雨季道路不通", by=cleo, at=NOON)

        assert hosts(course) == ["T1001", "T1000"]
        told = sorted((message.person_id, message.subject) for message in Message.objects.all())
        people = [Posting.objects.get(team=team).person_id for team in three[:2]]
        subjects = [f"{three[1].name}承办：第1次", f"{three[0].name}承办：第2次"]
        assert told == sorted((person, subject) for person in people for subject in subjects)
        entries = ModelLogEntry.objects.filter(action="courses.swap_hosts")
        assert {entry.data["reason"] for entry in entries} == {"雨季道路不通"}
        assert len(entries) == 2

    def test_without_a_reason_nothing_changes(self, course: Course, pair: list[Session], cleo: User) -> None:
        with pytest.raises(ReasonMissing):
            swap_hosts(*pair, reason=" ", by=cleo, at=NOON)

        assert hosts(course) == ["T1000", "T1001"]

    def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
        self, course: Course, pair: list[Session], three: list[Team], cleo: User
    ) -> None:
        Session.objects.filter(pk=pair[0].pk).update(host_team=three[2])

        with pytest.raises(HostsChanged):
            swap_hosts(*pair, reason="道路不通", by=cleo, at=NOON)

        assert hosts(course) == ["T1002", "T1001"]

    def test_what_has_begun_stays(self, course: Course, pair: list[Session], cleo: User) -> None:
        with pytest.raises(SessionNotEditable):
            swap_hosts(*pair, reason="道路不通", by=cleo, at=pair[0].starts_at)

    def test_one_session_is_no_pair_and_two_courses_do_not_mix(
        self, pair: list[Session], course: Course, cleo: User
    ) -> None:
        (elsewhere,) = monthly(CourseFactory.create(division=course.division), 1)

        for other in (pair[0], elsewhere):
            with pytest.raises(SessionNotEditable):
                swap_hosts(pair[0], other, reason="道路不通", by=cleo, at=NOON)

    def test_whose_course_it_is_not_swaps_nothing(self, pair: list[Session], dan: User) -> None:
        with pytest.raises(NotAllowed):
            swap_hosts(*pair, reason="道路不通", by=dan, at=NOON)
