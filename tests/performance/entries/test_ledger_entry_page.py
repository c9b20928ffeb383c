"""An entry is read by whom it concerns and by the office; for everybody else there is none."""

from datetime import date

import pytest
from django.test import Client

from members.models import Division, User
from performance.enums import LedgerState, LedgerTarget
from performance.models import LedgerEntry
from tests.factories.members import PostingFactory, UserFactory
from tests.factories.performance import a_ledger_entry, a_ledger_kind

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 4)


@pytest.fixture
def entry(county: Division, ana: User) -> LedgerEntry:
    return a_ledger_entry(a_ledger_kind(county), person=ana, on=DAY)


def seen_by(person: User | None, entry: LedgerEntry) -> int:
    client = Client()
    if person:
        client.force_login(person)
    return client.get(f"/ledger/{entry.uuid}/").status_code


def test_an_entry_is_read_by_whom_it_concerns(entry: LedgerEntry, ana: User) -> None:
    client = Client()
    client.force_login(ana)

    page = client.get(f"/ledger/{entry.uuid}/").content.decode()

    assert all(word in page for word in ("事项Z1", "安娜", "2026-05-04", "5.00", "入户核实"))


def test_for_others_there_is_none(entry: LedgerEntry, ana: User, dan: User, ben: User, cleo: User) -> None:
    assert [seen_by(person, entry) for person in (None, ana, dan, ben, cleo)] == [302, 200, 404, 404, 200]


def test_a_teams_entry_is_read_by_who_served_in_it_on_that_day(county: Division, ana: User, dan: User) -> None:
    team = ana.postings.get().team
    late = UserFactory()
    PostingFactory(person=late, team=team, starts_on=date(2026, 6, 1))
    entry = a_ledger_entry(a_ledger_kind(county, target=LedgerTarget.TEAM), team=team, on=DAY)

    assert [seen_by(person, entry) for person in (ana, late, dan)] == [200, 404, 404]


def test_what_waits_is_the_offices_alone(county: Division, ana: User, cleo: User) -> None:
    entry = a_ledger_entry(a_ledger_kind(county), person=ana, on=DAY, state=LedgerState.WAITING)

    assert [seen_by(person, entry) for person in (ana, cleo)] == [404, 200]
