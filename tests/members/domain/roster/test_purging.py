"""How long the rows of a roster are kept."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from wagtail.models import ModelLogEntry

from members.domain.roster import carry_out_roster, plan_roster, purge_rosters
from members.domain.roster.refusals import RosterEmpty
from members.models import Division, Posting, RosterImport, User
from tests.conftest import NOON, Clock
from tests.members.rosters import row, uploaded


@pytest.fixture
def rosters(clock: Clock, cleo: User, ana: User, township: Division) -> list[RosterImport]:
    """An old one and one of today."""
    old = uploaded([row("LX1")], by=cleo, division=township, complete=True)
    clock.forward(days=181)
    return [old, uploaded([row("LX2")], by=cleo, division=township)]


def test_only_rows_of_old_rosters_go_and_the_record_stays(rosters: list[RosterImport], clock: Clock) -> None:
    told = [StringIO(), StringIO()]
    for out in told:
        call_command("purge_rosters", "--days=180", stdout=out)

    for roster in rosters:
        roster.refresh_from_db()
    assert [bool(roster.rows) for roster in rosters] == [False, True]
    assert (rosters[0].file_name, rosters[0].uploaded_at) == ("花名册.csv", NOON)
    assert [out.getvalue() for out in told] == ["emptied 1 rosters\n", "emptied 0 rosters\n"]
    entries = ModelLogEntry.objects.filter(action="members.purge_roster").values_list("object_id", "user", "timestamp")
    assert list(entries) == [(str(rosters[0].pk), None, clock())]


def test_emptied_whole_roster_is_not_carried_out(rosters: list[RosterImport], cleo: User, clock: Clock) -> None:
    purge_rosters(before=clock(), at=clock())
    roster = RosterImport.objects.get(pk=rosters[0].pk)
    before = list(Posting.objects.values_list("pk", "ends_on"))

    with pytest.raises(RosterEmpty):
        carry_out_roster(roster, shown=plan_roster(roster).digest(), by=cleo, at=clock())

    assert list(Posting.objects.values_list("pk", "ends_on")) == before


def test_emptied_roster_says_so_on_its_page(as_cleo, rosters: list[RosterImport], clock: Clock) -> None:
    purge_rosters(before=clock(), at=clock())

    page = as_cleo.get(f"/admin/rosters/inspect/{rosters[0].pk}/").content.decode()

    assert ("保存期限" in page, "carry-out" in page) == (True, False)


@pytest.fixture
def as_cleo(client, cleo: User, rosters: list[RosterImport]):
    client.force_login(cleo)
    return client


def test_days_are_counted_to_the_moment(rosters: list[RosterImport], clock: Clock) -> None:
    assert purge_rosters(before=NOON, at=clock()) == 0
    assert purge_rosters(before=NOON + timedelta(seconds=1), at=clock()) == 1
