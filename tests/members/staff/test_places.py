"""Teams, postings, sending units and divisions in the staff interface."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from members.models import Division, Posting, SendingUnit, Team, User
from tests.factories.members import DivisionFactory, SendingUnitFactory, TeamFactory, UserFactory


@pytest.fixture
def unit(db: None) -> SendingUnit:
    return SendingUnitFactory(name="县水务局")


def _team(division: Division, unit: SendingUnit, **values: Any) -> dict[str, Any]:
    return {
        "code": "D100",
        "name": "新工作队",
        "division": division.pk,
        "sending_unit": unit.pk,
        "starts_on": "2026-01-01",
        "ends_on": "",
        **values,
    }


def _posting(**values: Any) -> dict[str, Any]:
    return {
        "role": "member",
        "staff_category": "civil_servant",
        "starts_on": "2026-07-01",
        "ends_on": "",
        **values,
    }


def test_team_is_added_and_changed_inside_the_division(as_, mayor: User, township: Division, unit: SendingUnit) -> None:
    village = DivisionFactory(code="530999101205", name="上河村")
    browser = as_(mayor)

    browser.post("/admin/teams/new/", _team(village, unit))
    team = Team.objects.get(code="D100")
    browser.post(f"/admin/teams/edit/{team.pk}/", _team(village, unit, name="改名工作队"))

    team.refresh_from_db()
    assert (team.name, team.division, team.sending_unit) == ("改名工作队", village, unit)


def test_team_is_neither_added_nor_moved_outside(as_, mayor: User, ana: User, dan: User, unit: SendingUnit) -> None:
    own, foreign = ana.postings.get().team, dan.postings.get().team
    browser = as_(mayor)

    added = browser.post("/admin/teams/new/", _team(foreign.division, unit))
    moved = browser.post(f"/admin/teams/edit/{own.pk}/", _team(foreign.division, unit, code=own.code))
    taken = browser.post(f"/admin/teams/edit/{foreign.pk}/", _team(own.division, unit, code=foreign.code))

    assert (added.status_code, moved.status_code, taken.status_code) == (200, 200, 404)
    assert not Team.objects.filter(code="D100").exists()
    assert Team.objects.get(pk=own.pk).division == own.division


def test_team_page_shows_who_serves(as_, cleo: User, ana: User) -> None:
    page = as_(cleo).get(f"/admin/teams/edit/{ana.postings.get().team.pk}/").content.decode()

    assert ("安娜" in page, "LX0001" in page) == (True, True)


def test_posting_is_ended_and_the_next_one_added(as_, mayor: User, ana: User) -> None:
    posting = ana.postings.get()
    next_team = TeamFactory(division=posting.team.division)
    browser = as_(mayor)

    overlapping = browser.post("/admin/postings/new/", _posting(code="LX0001", team=next_team.pk))
    browser.post(
        f"/admin/postings/edit/{posting.pk}/",
        _posting(starts_on="2026-01-01", ends_on="2026-06-30", role="first_secretary"),
    )
    browser.post("/admin/postings/new/", _posting(code="LX0001", team=next_team.pk))

    assert (overlapping.status_code, posting.team.name in overlapping.content.decode()) == (200, True)
    assert list(ana.postings.order_by("starts_on").values_list("team", "role", "starts_on", "ends_on")) == [
        (posting.team.pk, "first_secretary", date(2026, 1, 1), date(2026, 6, 30)),
        (next_team.pk, "member", date(2026, 7, 1), None),
    ]


@pytest.mark.parametrize(
    "typed", [{"starts_on": "2026-07-01", "ends_on": "2026-06-01"}, {"starts_on": ""}, {"role": "king"}]
)
def test_odd_posting_is_refused_at_the_form(as_, cleo: User, ana: User, typed: dict[str, str]) -> None:
    posting = ana.postings.get()

    response = as_(cleo).post(f"/admin/postings/edit/{posting.pk}/", _posting(**typed))

    assert response.status_code == 200
    assert ana.postings.get().starts_on == date(2026, 1, 1)


def test_posting_elsewhere_is_out_of_reach(as_, mayor: User, ana: User, dan: User) -> None:
    browser = as_(mayor)
    own, foreign = ana.postings.get(), dan.postings.get()

    responses = [
        browser.post(f"/admin/postings/edit/{foreign.pk}/", _posting()).status_code,
        browser.post("/admin/postings/new/", _posting(code="LX0002", team=own.team.pk)).status_code,
        browser.post("/admin/postings/new/", _posting(code="LX0001", team=foreign.team.pk)).status_code,
    ]

    assert responses == [404, 200, 200]
    assert Posting.objects.count() == 2


def test_unit_is_renamed_by_whoever_administers_all_its_teams(
    as_, mayor: User, cleo: User, ana: User, dan: User
) -> None:
    shared = ana.postings.get().team.sending_unit

    assert as_(mayor).post(f"/admin/sending-units/edit/{shared.pk}/", {"name": "改名"}).status_code == 404
    as_(cleo).post(f"/admin/sending-units/edit/{shared.pk}/", {"name": "县农业农村和水务局"})
    as_(mayor).post("/admin/sending-units/new/", {"name": "镇卫生院"})

    assert set(SendingUnit.objects.values_list("name", flat=True)) == {"县农业农村和水务局", "镇卫生院"}


def test_divisions_are_looked_at_and_changed_by_superusers_only(as_, cleo: User, township: Division) -> None:
    root = UserFactory(is_superuser=True)
    typed = {"name": "改名镇", "valid_from": "", "valid_to": ""}

    assert "青石镇" in as_(cleo).get("/admin/divisions/").content.decode()
    assert as_(cleo).post(f"/admin/divisions/edit/{township.pk}/", typed).status_code in (302, 404)
    assert Division.objects.get(pk=township.pk).name == "青石镇"
    as_(root).post(f"/admin/divisions/edit/{township.pk}/", typed)
    as_(root).post("/admin/divisions/new/", {"code": "530999103000", "name": "新镇", "valid_from": "", "valid_to": ""})
    assert set(Division.objects.values_list("name", flat=True)) >= {"改名镇", "新镇"}


@pytest.mark.parametrize("who", ["anonymous", "ana", "ben", "ines", "aude"])
def test_only_administrators_change_places(
    request: pytest.FixtureRequest, as_, dan: User, unit: SendingUnit, who: str
) -> None:
    browser = Client() if who == "anonymous" else as_(request.getfixturevalue(who))
    posting = dan.postings.get()
    calls = [
        ("/admin/teams/new/", _team(posting.team.division, unit)),
        (f"/admin/teams/edit/{posting.team.pk}/", _team(posting.team.division, unit)),
        ("/admin/postings/new/", _posting(code="LX0002", team=posting.team.pk)),
        (f"/admin/postings/edit/{posting.pk}/", _posting(starts_on="2025-01-01")),
        ("/admin/sending-units/new/", {"name": "x"}),
        (f"/admin/sending-units/edit/{unit.pk}/", {"name": "x"}),
        ("/admin/divisions/new/", {"code": "530999103000", "name": "x"}),
    ]

    for address, typed in calls:
        assert browser.post(address, typed).status_code in (302, 403, 404), address

    assert not Team.objects.filter(code="D100").exists()
    assert dan.postings.get().starts_on == date(2026, 1, 1)
    assert not SendingUnit.objects.filter(name="x").exists()
    assert not Division.objects.filter(name="x").exists()


def test_place_forms_need_the_csrf_token(as_, cleo: User, ana: User, unit: SendingUnit) -> None:
    browser = as_(cleo, enforce_csrf_checks=True)

    for address in ("teams", "postings", "sending-units", "divisions"):
        assert browser.post(f"/admin/{address}/new/", {}).status_code == 403
