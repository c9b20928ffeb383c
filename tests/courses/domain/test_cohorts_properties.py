"""Whatever happens to a roster, a cohort is who the rule names that day, and nobody loses what they attended."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import event, given
from hypothesis import strategies as st

from common.refusals import AlreadyAsked
from courses.domain.attending import expected_at, record_arrival, settle_session
from courses.domain.cohorts import Followed, add_person, follow_roster
from courses.domain.exemptions import ask_exemption, decide_exemption
from courses.domain.progress import progress_of
from courses.domain.refusals import NotEnrolled, NotServing
from courses.enums import ATTENDED_STATES, ArrivalWay, Origin
from courses.models import Attendance, Course, Session
from members.enums import PostingRole, RequestState, Role
from members.models import Posting, Team, User
from tests.factories.courses import SHANGHAI, CourseFactory, SessionFactory
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory, UserFactory, give_role

# The rules are reckoned in Python; test_cohorts.py asks both databases for what they read and write.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
FIRST_DAY = date(2026, 3, 2)
PEOPLE = 4
# Two villages of one township, one of another, one of another county.
VILLAGES = ("530999101201", "530999101202", "530999102201", "530888101201")
ROLES = tuple(PostingRole)

person = st.integers(0, PEOPLE - 1)
changes = st.one_of(
    st.tuples(st.just("post"), person, st.integers(0, len(VILLAGES) - 1), st.sampled_from(ROLES)),
    st.tuples(st.just("end"), person),
    st.tuples(st.just("close account"), person),
    st.tuples(st.just("open account"), person),
    st.tuples(st.just("add by hand"), person),
    st.tuples(st.just("exempt"), person),
    st.tuples(st.just("hold"), st.sets(person), st.booleans()),
)
# So many days later, what happened.
histories = st.lists(st.tuples(st.integers(0, 9), changes), min_size=1, max_size=10)
rules = st.fixed_dictionaries(
    {
        "in_township": st.booleans(),
        "audience_role": st.sampled_from(["", *ROLES]),
        "posted_since": st.sampled_from([None, FIRST_DAY, FIRST_DAY + timedelta(days=8)]),
        "catches_up": st.booleans(),
        "sessions_needed": st.sampled_from([None, 1]),
    }
)


@dataclass
class World:
    """A county, its people and one open course."""

    course: Course
    people: list[User]
    teams: list[Team]
    trainer: User
    administrator: User
    today: date = FIRST_DAY
    contents: list[Session] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(12), SHANGHAI)

    # -- what can happen ------------------------------------------------------------------------

    def post(self, number: int, team: int, role: str) -> None:
        """Posted, moved or returned: the post before ends the day before."""
        person, team_ = self.people[number], self.teams[team]
        if person.postings.filter(starts_on__gte=self.today).exists():
            return
        person.postings.filter(ends_on=None).update(ends_on=self.today - timedelta(days=1))
        PostingFactory(person=person, team=team_, role=role, starts_on=self.today)

    def end(self, number: int) -> None:
        """Today is the last day."""
        self.people[number].postings.filter(ends_on=None).update(ends_on=self.today)

    def close_account(self, number: int) -> None:
        User.objects.filter(pk=self.people[number].pk).update(is_active=False)

    def open_account(self, number: int) -> None:
        User.objects.filter(pk=self.people[number].pk).update(is_active=True)

    def add_by_hand(self, number: int) -> None:
        try:
            add_person(self.course, self.people[number], by=self.trainer, at=self.now)
        except (NotServing, AlreadyAsked) as refusal:
            event(type(refusal).__name__)

    def exempt(self, number: int) -> None:
        try:
            asked = ask_exemption(self.course, self.people[number], reason="产假", by=self.trainer, at=self.now)
        except (NotEnrolled, AlreadyAsked) as refusal:
            event(type(refusal).__name__)
        else:
            decide_exemption(asked, approve=True, by=self.administrator, at=self.now)

    def hold(self, who: set[int], is_repeat: bool) -> None:
        """A session of this morning, or a repeat of the last content, for those of ``who`` that are in the course."""
        follow_roster(self.course, at=self.now)
        again = self.contents[-1] if is_repeat and self.contents else None
        starts_at = datetime.combine(self.today, time(9), SHANGHAI)
        session = SessionFactory(course=self.course, starts_at=starts_at, repeat_of=again)
        for number in sorted(who):
            try:
                record_arrival(session, self.people[number], way=ArrivalWay.SCREEN, at=starts_at)
            except NotEnrolled:
                event("came without being enrolled")
        settle_session(session, at=self.now)
        self.contents += [] if again else [session]

    def happen(self, change: tuple) -> None:
        name, *facts = change
        getattr(self, name.replace(" ", "_"))(*facts)

    # -- what must hold ---------------------------------------------------------------------------

    def named(self) -> set[int]:
        """Whom the rule names today, reckoned from the roster row by row."""
        course = self.course
        return {
            posting.person_id
            for posting in self._in_force()
            if course.where.contains(posting.team.division.code)
            and course.audience_role in ("", posting.role)
            and (course.posted_since is None or posting.starts_on >= course.posted_since)
        }

    def added(self) -> set[int]:
        by_hand = set(self.course.enrolments.filter(origin=Origin.HAND).values_list("person", flat=True))
        inside = {row.person_id for row in self._in_force() if self.course.division.contains(row.team.division.code)}
        return by_hand & inside

    def _in_force(self) -> list[Posting]:
        return [
            posting
            for posting in Posting.objects.select_related("team__division", "person")
            if posting.starts_on <= self.today <= (posting.ends_on or self.today) and posting.person.is_active
        ]

    def active(self) -> set[int]:
        return set(self.course.enrolments.active(on=self.today).values_list("person", flat=True))

    def exempted(self) -> set[int]:
        approved = self.course.exemptions.filter(state=RequestState.APPROVED)
        return set(approved.values_list("person", flat=True))


def a_world(*, in_township: bool, **rule: object) -> World:
    county = DivisionFactory(code="530999000000")
    township = DivisionFactory(code="530999101000")
    people = [UserFactory() for _number in range(PEOPLE)]
    return World(
        course=CourseFactory(division=county, audience_division=township if in_township else None, **rule),
        people=people,
        teams=[TeamFactory(division=DivisionFactory(code=code)) for code in VILLAGES],
        trainer=give_role(UserFactory(), Role.TRAINER, county),
        administrator=give_role(UserFactory(), Role.ADMINISTRATOR, county),
    )


@contextmanager
def forgotten() -> Iterator[None]:
    """One example leaves nothing to the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def known_attendance() -> set[tuple]:
    return set(Attendance.objects.values_list("pk", "session", "person", "state", "arrived_at", "is_guest"))


@given(rule=rules, history=histories)
def test_cohort_is_who_the_rule_names_that_day(rule: dict, history: list) -> None:
    with forgotten():
        world = a_world(**rule)
        for days, change in history:
            world.today += timedelta(days=days)
            world.happen(change)

            follow_roster(world.course, at=world.now)

            assert world.active() == world.named() | world.added()


@given(rule=rules, history=histories)
def test_following_twice_changes_nothing_and_never_an_attendance(rule: dict, history: list) -> None:
    with forgotten():
        world = a_world(**rule)
        for days, change in history:
            world.today += timedelta(days=days)
            world.happen(change)
            before = known_attendance()
            follow_roster(world.course, at=world.now)
            rows = list(world.course.enrolments.order_by("pk").values())

            again = follow_roster(world.course, at=world.now)

            assert again == Followed()
            assert list(world.course.enrolments.order_by("pk").values()) == rows
            assert known_attendance() == before


@given(rule=rules, history=histories)
def test_everybody_in_the_cohort_is_completed_exempt_missing_or_came_after_everything(
    rule: dict, history: list
) -> None:
    with forgotten():
        world = a_world(**rule)
        for days, change in history:
            world.today += timedelta(days=days)
            world.happen(change)
            follow_roster(world.course, at=world.now)

            found = progress_of(world.course, at=world.now)

            parts = [
                {row.enrolment.person_id for row in found if row.is_completed and not row.is_exempt},
                {row.enrolment.person_id for row in found if row.is_exempt},
                {row.enrolment.person_id for row in found if row.is_gap},
                {row.enrolment.person_id for row in found if row.came_after and not row.is_exempt},
            ]
            assert set().union(*parts) == world.active()
            assert sum(map(len, parts)) == len(world.active())
            assert not (parts[3] and world.course.catches_up)


@given(rule=rules, history=histories)
def test_the_next_repeat_expects_whoever_lacks_it(rule: dict, history: list) -> None:
    with forgotten():
        world = a_world(**{**rule, "catches_up": True})
        for days, change in history:
            world.today += timedelta(days=days)
            world.happen(change)
        world.hold(set(), False)
        world.today += timedelta(days=1)
        world.happen(history[0][1])
        follow_roster(world.course, at=world.now)
        first = world.contents[-1]
        evening = datetime.combine(world.today, time(19), SHANGHAI)
        makeup = SessionFactory(course=world.course, starts_at=evening, repeat_of=first)

        expected = {row.person_id for row in expected_at(makeup)}

        had = Attendance.objects.filter(session__in=[first, *first.repeats.all()], state__in=ATTENDED_STATES)
        assert expected == world.active() - world.exempted() - set(had.values_list("person", flat=True))


@given(rule=rules, history=histories)
def test_a_settled_session_has_a_row_for_everybody_expected_and_stays_as_it_is(rule: dict, history: list) -> None:
    with forgotten():
        world = a_world(**rule)
        for days, change in history:
            world.today += timedelta(days=days)
            world.happen(change)
            follow_roster(world.course, at=world.now)
        for session in Session.objects.filter(course=world.course):
            rows = session.attendances.filter(is_guest=False)

            settled_again = settle_session(session, at=world.now)

            assert not settled_again
            assert session.expected == rows.count()


def test_who_made_a_session_up_before_it_was_settled_was_expected_at_it_all_the_same() -> None:
    world = a_world(in_township=False)
    world.post(0, 0, PostingRole.MEMBER)
    follow_roster(world.course, at=world.now)
    morning = datetime.combine(world.today, time(9), SHANGHAI)
    first = SessionFactory(course=world.course, starts_at=morning)
    makeup = SessionFactory(course=world.course, starts_at=morning + timedelta(days=1), repeat_of=first)
    record_arrival(makeup, world.people[0], way=ArrivalWay.SCREEN, at=makeup.starts_at)

    settle_session(first, at=morning + timedelta(days=2))

    first.refresh_from_db()
    assert (first.expected, [row.state for row in first.attendances.all()]) == (1, ["absent"])
