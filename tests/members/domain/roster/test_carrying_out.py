"""Carrying out a roster."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from common.clock import now
from common.spreadsheets.reading import UnreadableSpreadsheet
from members.domain.roster import (
    Outcome,
    carry_out_roster,
    issue_initial_passwords,
    people_without_sign_in,
    plan_roster,
    read_roster,
)
from members.domain.roster.refusals import (
    RosterAlreadyCarriedOut,
    RosterHasBadRows,
    RosterOutsideScope,
    RosterPlanOutdated,
    RosterWithoutHeading,
)
from members.enums import Role
from members.models import Division, Posting, RosterImport, SendingUnit, Team, User
from tests.factories.members import DivisionFactory, UserFactory, give_role
from tests.members.rosters import EFFECTIVE_ON, carried_out, file_of, row, uploaded

VILLAGES = {"530999101201": "柳湾村", "530999101202": "石桥村", "530999102201": "河口村"}


@pytest.fixture
def villages(township: Division, other_township: Division) -> None:
    for code, name in VILLAGES.items():
        DivisionFactory(code=code, name=name)


def _state() -> dict[str, Any]:
    """Everything a roster may write."""
    return {
        "people": list(User.objects.order_by("code").values_list("code", "name", "phone")),
        "teams": list(
            Team.objects.order_by("code").values_list("code", "name", "division__code", "sending_unit__name")
        ),
        "units": list(SendingUnit.objects.order_by("name").values_list("name", flat=True)),
        "postings": list(
            Posting.objects.order_by("person__code", "starts_on", "pk").values_list(
                "person__code", "team__code", "role", "staff_category", "starts_on", "ends_on"
            )
        ),
        "roles": list(
            User.objects.order_by("code", "role_assignments__role", "role_assignments__division").values_list(
                "code", "role_assignments__role", "role_assignments__division__code"
            )
        ),
    }


def test_added_people_have_team_role_and_no_way_in_yet(cleo: User, county: Division, villages: None) -> None:
    outcome = carried_out([row("LX1", 姓名="周明远", 手机号="13800000001")], by=cleo, division=county)

    person = User.objects.get(code="LX1")
    posting = person.posting(on=EFFECTIVE_ON)
    assert outcome == Outcome(added=1, changed=0, ended=0, unchanged=0, new_teams=1, new_units=1)
    assert (person.username, person.phone, person.must_change_password) == ("LX1", "13800000001", True)
    assert not person.has_usable_password()
    assert posting is not None
    assert (posting.team.name, posting.team.sending_unit.name) == ("柳湾村工作队", "县农业农村局")
    assert [(held.role, held.division.code) for held in person.roles_held] == [(Role.MEMBER, "530999101000")]
    assert [group.name for group in person.groups.all()] == ["role:member"]


def test_second_time_everything_is_unchanged(cleo: User, county: Division, villages: None) -> None:
    rows = [row("LX1"), row("LX2", 行政区划代码="530999102201", 开始日期="")]
    carried_out(rows, by=cleo, division=county, complete=True)
    before = _state()

    outcome = carried_out(rows, by=cleo, division=county, complete=True)

    assert outcome == Outcome(added=0, changed=0, ended=0, unchanged=2, new_teams=0, new_units=0)
    assert _state() == before


def test_moving_takes_the_role_along(cleo: User, county: Division, villages: None) -> None:
    carried_out([row("LX1")], by=cleo, division=county)

    carried_out([row("LX1", 行政区划代码="530999102201", 开始日期="2026-06-10")], by=cleo, division=county)

    person = User.objects.get(code="LX1")
    assert list(person.postings.order_by("starts_on").values_list("team__code", "starts_on", "ends_on")) == [
        ("530999101201", date(2026, 3, 1), date(2026, 6, 9)),
        ("530999102201", date(2026, 6, 10), None),
    ]
    assert [(held.role, held.division.code) for held in person.roles_held] == [(Role.MEMBER, "530999102000")]


def test_phones_can_change_hands(cleo: User, county: Division, villages: None) -> None:
    carried_out([row("LX1", 手机号="13800000001"), row("LX2", 手机号="13800000002")], by=cleo, division=county)

    carried_out([row("LX1", 手机号="13800000002"), row("LX2", 手机号="13800000001")], by=cleo, division=county)

    assert dict(User.objects.filter(code__in=["LX1", "LX2"]).values_list("code", "phone")) == {
        "LX1": "13800000002",
        "LX2": "13800000001",
    }


def test_complete_roster_ends_who_has_left(cleo: User, county: Division, villages: None) -> None:
    carried_out([row("LX1"), row("LX2")], by=cleo, division=county)

    outcome = carried_out([row("LX1")], by=cleo, division=county, complete=True)

    assert outcome.ended == 1
    assert Posting.objects.get(person__code="LX2").ends_on == date(2026, 5, 31)


def test_one_bad_row_and_nothing_is_written(cleo: User, county: Division, villages: None) -> None:
    roster = uploaded([row("LX1"), row("LX2", 职务="村长")], by=cleo, division=county)
    before = _state()

    with pytest.raises(RosterHasBadRows):
        carry_out_roster(roster, shown=plan_roster(roster).digest(), by=cleo, at=now())

    assert _state() == before


def test_other_plan_than_was_shown_is_refused(cleo: User, county: Division, villages: None) -> None:
    roster = uploaded([row("LX1")], by=cleo, division=county)
    shown = plan_roster(roster).digest()
    UserFactory(code="LX1", name="先到者")
    before = _state()

    with pytest.raises(RosterPlanOutdated):
        carry_out_roster(roster, shown=shown, by=cleo, at=now())

    assert _state() == before


def test_roster_is_carried_out_once(cleo: User, county: Division, villages: None) -> None:
    roster = uploaded([row("LX1")], by=cleo, division=county)
    shown = plan_roster(roster).digest()
    carry_out_roster(roster, shown=shown, by=cleo, at=now())

    with pytest.raises(RosterAlreadyCarriedOut):
        carry_out_roster(roster, shown=plan_roster(roster).digest(), by=cleo, at=now())


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TRAINER, Role.INSPECTOR, Role.AUDITOR])
def test_only_administrators_bring_rosters(county: Division, villages: None, role: Role) -> None:
    person = give_role(UserFactory(), role, county)

    with pytest.raises(RosterOutsideScope):
        uploaded([row("LX1")], by=person, division=county)


def test_administrator_of_one_township_cannot_touch_another(
    cleo: User, county: Division, township: Division, other_township: Division, villages: None
) -> None:
    mayor = give_role(UserFactory(), Role.ADMINISTRATOR, township)
    of_county = uploaded([row("LX1")], by=cleo, division=county)

    for division in (county, other_township):
        with pytest.raises(RosterOutsideScope):
            uploaded([row("LX1")], by=mayor, division=division)
    with pytest.raises(RosterOutsideScope):
        carry_out_roster(of_county, shown=plan_roster(of_county).digest(), by=mayor, at=now())
    assert carried_out([row("LX1")], by=mayor, division=township).added == 1


def test_audit_names_who_did_what_and_masks_phones(cleo: User, county: Division, villages: None) -> None:
    carried_out([row("LX1", 手机号="13800000001")], by=cleo, division=county)
    carried_out([row("LX1", 手机号="13800000002")], by=cleo, division=county)

    actions = list(ModelLogEntry.objects.filter(user=cleo).order_by("id").values_list("action", flat=True))
    change = ModelLogEntry.objects.get(action="members.change_person")
    assert [action for action in actions if "roster" in action] == [
        "members.read_roster",
        "members.carry_out_roster",
        "members.read_roster",
        "members.carry_out_roster",
    ]
    assert {"members.add_team", "members.add_person"} <= set(actions)
    assert change.data == {"changes": {"phone": ["138****0001", "138****0002"]}}


def test_file_without_the_needed_columns_is_refused(cleo: User, county: Division) -> None:
    with pytest.raises(RosterWithoutHeading) as refusal:
        uploaded([{"姓名": "周明远", "职务": "队员"}], by=cleo, division=county)

    assert refusal.value.members["missing"] == ["工号", "行政区划代码"]
    assert RosterImport.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"\0\0", b"PK\x03\x04 broken", b"<html></html>"])
def test_what_is_no_table_is_refused(cleo: User, county: Division, content: bytes) -> None:
    with pytest.raises(UnreadableSpreadsheet):
        read_roster(
            content, file_name="x.xlsx", division=county, effective_on=EFFECTIVE_ON, complete=False, by=cleo, at=now()
        )


def test_title_above_and_gb18030_are_understood(cleo: User, county: Division, villages: None) -> None:
    content = file_of([row("LX1")], above=["岚溪县驻村工作队花名册", "2026年6月"]).decode().encode("gb18030")

    roster = read_roster(
        content, file_name="花名册.csv", division=county, effective_on=EFFECTIVE_ON, complete=False, by=cleo, at=now()
    )

    assert [each["place"] for each in roster.rows] == ["4"]
    assert plan_roster(roster).counts()["added"] == 1


# -- initial passwords ------------------------------------------------------------------------


def test_issued_passwords_open_the_account_and_stay_nowhere_in_clear(
    cleo: User, county: Division, villages: None
) -> None:
    roster = uploaded([row("LX1"), row("LX2")], by=cleo, division=county)
    carry_out_roster(roster, shown=plan_roster(roster).digest(), by=cleo, at=now())

    issued = issue_initial_passwords(roster, by=cleo, at=now())

    assert [each.person.code for each in issued] == ["LX1", "LX2"]
    assert all(User.objects.get(code=each.person.code).check_password(each.password) for each in issued)
    assert not any(each.password in str(ModelLogEntry.objects.values_list("data")) for each in issued)
    assert issued[0].password not in str(RosterImport.objects.values())


def test_who_has_signed_in_gets_no_new_initial_password(cleo: User, county: Division, villages: None) -> None:
    roster = uploaded([row("LX1"), row("LX2")], by=cleo, division=county)
    carry_out_roster(roster, shown=plan_roster(roster).digest(), by=cleo, at=now())
    User.objects.filter(code="LX1").update(last_login=now())

    issued = issue_initial_passwords(roster, by=cleo, at=now())

    assert [each.person.code for each in issued] == ["LX2"] == [p.code for p in people_without_sign_in(roster)]


def test_initial_passwords_are_not_for_others(
    cleo: User, ben: User, county: Division, other_township: Division, villages: None
) -> None:
    roster = uploaded([row("LX1")], by=cleo, division=county)
    carry_out_roster(roster, shown=plan_roster(roster).digest(), by=cleo, at=now())
    elsewhere = give_role(UserFactory(), Role.ADMINISTRATOR, other_township)

    for person in (ben, elsewhere):
        with pytest.raises(RosterOutsideScope):
            issue_initial_passwords(roster, by=person, at=now())


# -- properties -------------------------------------------------------------------------------

_first_days = st.sampled_from(["", "", "2026-03-01", "2026-06-01", "2026-06-20"])
_last_days = st.sampled_from(["", "", "", "2026-05-20", "2026-12-31"])
_rows = st.lists(
    st.fixed_dictionaries(
        {
            "工号": st.sampled_from(["LX1", "LX2", "LX3", "lx4"]),
            "姓名": st.sampled_from(["周明远", "李在场"]),
            "手机号": st.sampled_from(["", "", "13800000001", "13800000002"]),
            "行政区划代码": st.sampled_from(list(VILLAGES)),
            "派出单位": st.just("县农业农村局"),
            "职务": st.sampled_from(["第一书记", "队员"]),
            "人员类别": st.sampled_from(["公务员", "企业"]),
            "开始日期": _first_days,
            "结束日期": _last_days,
        }
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row["工号"],
)
_any_roster = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@_any_roster
@given(first=_rows, second=_rows, complete=st.booleans())
def test_any_file_changes_nothing_or_changes_nothing_again(
    cleo: User,
    county: Division,
    villages: None,
    first: list[dict[str, str]],
    second: list[dict[str, str]],
    complete: bool,
) -> None:
    with transaction.atomic():
        for rows in (first, second):
            _hold_to_the_promise(rows, by=cleo, division=county, complete=complete)
        transaction.set_rollback(True)  # every example begins with the same county


def _hold_to_the_promise(rows: list[dict[str, str]], *, by: User, division: Division, complete: bool) -> None:
    roster = uploaded(rows, by=by, division=division, complete=complete)
    plan = plan_roster(roster)
    before = _state()
    if plan.bad:
        with pytest.raises(RosterHasBadRows):
            carry_out_roster(roster, shown=plan.digest(), by=by, at=now())
        assert _state() == before
        return

    carry_out_roster(roster, shown=plan.digest(), by=by, at=now())
    after = _state()
    again = plan_roster(uploaded(rows, by=by, division=division, complete=complete))

    assert (again.bad, again.is_empty) == ([], True)
    assert _state() == after
