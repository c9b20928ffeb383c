"""The year table, held against figures reckoned by hand (see ``small_county``)."""

from datetime import date, timedelta

import pytest

from common.refusals import NotAllowed
from courses.domain.reporting.tallies import Tally
from courses.domain.reporting.year import Reach, year_table, years_held
from members.enums import Role
from members.models import Division, User
from tests.courses.small_county import PRESENT, SmallCounty, there
from tests.exams.staff.counting import queries_of
from tests.factories.courses import SessionFactory
from tests.factories.members import PostingFactory, TeamFactory, UserFactory, give_role

NOTHING = Reach(0, 0, 0, Tally(), 0, 0)


def test_every_kind_has_its_line(small: SmallCounty, county: Division, ben: User) -> None:
    table = year_table(county, 2026, by=ben)

    assert [(row.kind, row.planned, row.held, row.reach) for row in table.kinds] == [
        (small.training, 3, 1, Reach(1, 2, 1, Tally(8, 5, 1, 1, 2, 1), people=5, roster=6)),
        (small.meeting, 52, 2, Reach(1, 2, 0, Tally(11, 8, 1, 0, 3, 0), people=6, roster=6)),
        (small.lecture, None, 0, NOTHING),
    ]
    assert table.total == Reach(2, 4, 1, Tally(19, 13, 2, 1, 5, 1), people=7, roster=7)


def test_rates_are_of_those_expected_and_coverage_is_of_the_roster(
    small: SmallCounty, county: Division, ben: User
) -> None:
    training = year_table(county, 2026, by=ben).kinds[0].reach

    assert (training.tally.rate, training.tally.attendances, training.coverage) == (5 / 8, 6, 5 / 6)
    assert (NOTHING.tally.rate, NOTHING.coverage) == (None, None)


def test_months_and_quarters_count_different_people_each(small: SmallCounty, county: Division, ben: User) -> None:
    months = year_table(county, 2026, by=ben).periods
    quarters = year_table(county, 2026, by=ben, months=3).periods

    held = {row.period.number: (row.sessions, row.tally.expected, row.people) for row in months if row.sessions}
    assert held == {1: (1, 6, 5), 3: (1, 5, 3), 4: (1, 5, 3), 8: (1, 3, 3)}
    assert [(row.sessions, row.tally.attendances, row.people) for row in quarters] == [
        (2, 8, 6),
        (1, 3, 3),
        (1, 3, 3),
        (0, 0, 0),
    ]
    assert len(months) == 12


def test_township_has_a_table_of_its_own_people(small: SmallCounty, township: Division, ben: User) -> None:
    training = year_table(township, 2026, by=ben).kinds[0].reach

    assert training == Reach(1, 2, 1, Tally(5, 4, 1, 0, 1, 1), people=4, roster=4)


def test_another_year_is_empty(small: SmallCounty, county: Division, ben: User) -> None:
    table = year_table(county, 2025, by=ben)

    assert [row.reach for row in table.kinds] == [NOTHING] * 3
    assert years_held(by=ben) == [2026]


def test_midnight_is_that_of_the_county(small: SmallCounty, county: Division, ben: User) -> None:
    early = small.sessions["march"]
    early.starts_at = early.starts_at.replace(month=4, day=1, hour=0, minute=30)
    early.ends_at = early.starts_at + timedelta(hours=1)
    early.save()

    months = year_table(county, 2026, by=ben).periods

    assert {row.period.number: row.people for row in months if row.sessions} == {1: 5, 4: 4, 8: 3}


def test_somebody_who_came_and_went_between_sessions_is_in_no_denominator(
    small: SmallCounty, county: Division, ben: User
) -> None:
    team = TeamFactory(division=small.people["A1"].postings.get().team.division)
    PostingFactory(team=team, starts_on=date(2026, 3, 11), ends_on=date(2026, 4, 5))

    assert year_table(county, 2026, by=ben).total.roster == 7


def test_two_posts_of_one_person_count_once(small: SmallCounty, county: Division, ben: User) -> None:
    person = small.people["A1"]
    person.postings.update(ends_on=date(2026, 3, 31))
    PostingFactory(
        person=person, team=TeamFactory(division=person.postings.get().team.division), starts_on=date(2026, 4, 1)
    )

    table = year_table(county, 2026, by=ben)

    assert [row.reach.roster for row in table.kinds] == [6, 6, 0]


def test_account_closed_since_was_on_the_roster_of_the_day(small: SmallCounty, county: Division, ben: User) -> None:
    never_expected = PostingFactory(team=small.people["A1"].postings.get().team, person=UserFactory(is_active=False))
    User.objects.filter(pk=small.people["A2"].pk).update(is_active=False)

    table = year_table(county, 2026, by=ben)

    assert (table.total.people, table.total.roster) == (7, 7), never_expected


@pytest.mark.parametrize("role", [Role.TRAINER, Role.ADMINISTRATOR, Role.INSPECTOR, Role.AUDITOR])
def test_office_of_a_township_sees_that_township_alone(
    small: SmallCounty, county: Division, township: Division, other_township: Division, role: Role
) -> None:
    person = give_role(UserFactory(), role, township)

    assert year_table(township, 2026, by=person).total.people == 4
    for division in (county, other_township):
        with pytest.raises(NotAllowed):
            year_table(division, 2026, by=person)


def test_members_see_none(small: SmallCounty, township: Division, ana: User) -> None:
    with pytest.raises(NotAllowed):
        year_table(township, 2026, by=ana)


@pytest.mark.once
def test_more_people_and_sessions_ask_no_more_of_the_database(small: SmallCounty, county: Division, ben: User) -> None:
    few = queries_of(lambda: year_table(county, 2026, by=ben))
    for day in (1, 2, 3):
        moment = small.sessions["january"].starts_at.replace(month=9, day=day)
        session = SessionFactory(course=small.meetings, starts_at=moment, state="held")
        for name in small.people:
            there(session, name, small.people, PRESENT)

    assert queries_of(lambda: year_table(county, 2026, by=ben)) == few == 7
