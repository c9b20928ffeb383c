"""What a roster would change."""

from datetime import date

import pytest

from members.domain.roster import RosterPlan, plan_roster
from members.enums import Role
from members.models import Division, User
from tests.factories.members import (
    DivisionFactory,
    PostingFactory,
    SendingUnitFactory,
    TeamFactory,
    UserFactory,
    give_role,
)
from tests.members.rosters import EFFECTIVE_ON, row, uploaded


@pytest.fixture
def village(township: Division) -> Division:
    return DivisionFactory(code="530999101201", name="柳湾村")


@pytest.fixture
def served(township: Division, village: Division) -> User:
    """周明远 has served in 柳湾村 since March."""
    person = UserFactory(code="LX1", username="LX1", name="周明远", phone="13800000001")
    team = TeamFactory(code="D1", name="柳湾村工作队", division=village, sending_unit=SendingUnitFactory())
    PostingFactory(person=person, team=team, starts_on=date(2026, 3, 1))
    return give_role(person, Role.MEMBER, township)


def _reasons(plan: RosterPlan) -> list[tuple[str, list[str]]]:
    return [(bad.place, [reason.code for reason in bad.reasons]) for bad in plan.bad]


def _plan(rows: list[dict[str, str]], by: User, division: Division, **options: object) -> RosterPlan:
    return plan_roster(uploaded(rows, by=by, division=division, **options))


def test_unknown_people_are_added_with_their_team(cleo: User, county: Division, village: Division) -> None:
    plan = _plan([row("LX1", 姓名="周明远"), row("LX2", 职务="第一书记")], cleo, county)

    assert plan.counts() == {"added": 2, "changed": 0, "ended": 0, "unchanged": 0, "bad": 0}
    assert [(team.code, team.name, team.is_new, team.starts_on) for team in plan.teams] == [
        ("530999101201", "柳湾村工作队", True, date(2026, 3, 1))
    ]
    assert plan.new_units == ["县农业农村局"]


def test_row_that_says_what_is_known_changes_nothing(cleo: User, county: Division, served: User) -> None:
    plan = _plan([row("LX1", 姓名="周明远", 手机号="13800000001")], cleo, county)

    assert (plan.is_empty, plan.counts()["unchanged"]) == (True, 1)


def test_changes_are_told_old_and_new(cleo: User, county: Division, served: User) -> None:
    plan = _plan(
        [row("lx1", 姓名="周明轩", 手机号="13800000009", 职务="第一书记", 人员类别="事业单位", 结束日期="2026-12-31")],
        cleo,
        county,
    )

    assert [(each.field, each.old, each.new) for each in plan.changed[0].changes] == [
        ("name", "周明远", "周明轩"),
        ("phone", "13800000001", "13800000009"),
        ("role", "member", "first_secretary"),
        ("staff_category", "civil_servant", "institution"),
        ("ends_on", "", "2026-12-31"),
    ]


def test_empty_cells_leave_what_is_known(cleo: User, county: Division, served: User) -> None:
    plan = _plan([{"工号": "LX1", "姓名": "周明远", "队编号": "D1"}], cleo, county)

    assert (plan.is_empty, plan.bad) == (True, [])


def test_village_may_be_named_instead_of_numbered(cleo: User, county: Division, served: User) -> None:
    rows = [{"工号": "LX1", "姓名": "周明远", "乡镇": "青石镇", "村": "柳湾村委会"}]

    assert _plan(rows, cleo, county).is_empty


def test_moving_ends_the_old_posting_the_day_before(cleo: User, county: Division, served: User) -> None:
    DivisionFactory(code="530999101202", name="石桥村")

    plan = _plan([row("LX1", 姓名="周明远", 行政区划代码="530999101202", 开始日期="")], cleo, county)

    (person,) = plan.changed
    assert person.posting is not None
    assert person.ends is not None
    assert (person.posting.starts_on, person.ends.ends_on, person.ends.moves) == (EFFECTIVE_ON, date(2026, 5, 31), True)
    assert [(each.field, each.old, each.new) for each in person.changes] == [("team", "柳湾村工作队", "石桥村工作队")]


def test_complete_roster_ends_who_is_missing_but_never_who_has_a_bad_row(
    cleo: User, county: Division, served: User, village: Division
) -> None:
    other = PostingFactory(person__code="LX3", person__name="李在场", team=served.postings.get().team)

    missing = _plan([row("LX3", 姓名="李在场")], cleo, county, complete=True)
    bad = _plan([row("LX3", 姓名="李在场"), row("LX1", 职务="村长")], cleo, county, complete=True)
    partial = _plan([row("LX3", 姓名="李在场")], cleo, county)

    assert [(end.code, end.ends_on) for end in missing.ended] == [("LX1", date(2026, 5, 31))]
    assert (bad.ended, partial.ended) == ([], [])
    assert other.ends_on is None


def test_complete_roster_of_a_township_ends_nobody_elsewhere(
    cleo: User, township: Division, served: User, dan: User
) -> None:
    plan = _plan([row("LX1", 姓名="周明远")], cleo, township, complete=True)

    assert plan.is_empty


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"行政区划代码": "530999101999"}, "unknown_division"),
        ({"行政区划代码": "530888101201"}, "outside_division"),
        ({"行政区划代码": "530999101000"}, "not_a_village"),
        ({"行政区划代码": ""}, "missing_village"),
        ({"行政区划代码": "", "村": "无名村"}, "unknown_division"),
        ({"队编号": "FREMD"}, "outside_division"),
        ({"队编号": "D1", "行政区划代码": "530999101202"}, "team_elsewhere"),
        ({"工作队": "别的工作队"}, "team_unclear"),
        ({"姓名": ""}, "missing_name"),
        ({"职务": "村长"}, "unknown_role"),
        ({"人员类别": "神仙"}, "unknown_staff_category"),
        ({"职务": ""}, "posting_incomplete"),
        ({"手机号": "12345"}, "malformed"),
        ({"手机号": "13800000001"}, "phone_taken"),
        ({"开始日期": "2026-05-01", "结束日期": "2026-04-01"}, "dates_reversed"),
        ({"开始日期": "", "结束日期": "2026-04-01"}, "dates_reversed"),
        ({"行政区划代码": "530999101202", "派出单位": ""}, "missing_sending_unit"),
    ],
)
def test_bad_rows_are_named_with_place_and_reason(
    cleo: User, county: Division, served: User, values: dict[str, str], reason: str
) -> None:
    DivisionFactory(code="530999101202", name="石桥村")
    TeamFactory(code="FREMD", division=DivisionFactory(code="530888101201", name="远村"))

    plan = _plan([row("LX9", **values)], cleo, county)

    assert _reasons(plan) == [("2", [reason])]


def test_person_twice_in_a_file_is_refused(cleo: User, county: Division, village: Division) -> None:
    plan = _plan([row("LX1"), row("lx1")], cleo, county)

    assert _reasons(plan) == [("3", ["duplicate_person"])]
    assert "2" in plan.bad[0].reasons[0].text


def test_two_people_cannot_share_a_phone_but_may_exchange_theirs(cleo: User, county: Division, served: User) -> None:
    team = served.postings.get().team
    PostingFactory(
        person__code="LX2", person__name="李", person__phone="13800000002", team=team, starts_on=date(2026, 3, 1)
    )

    shared = _plan([row("LX7", 手机号="13800000007"), row("LX8", 手机号="13800000007")], cleo, county)
    exchanged = _plan(
        [row("LX1", 姓名="周明远", 手机号="13800000002"), row("LX2", 姓名="李", 手机号="13800000001")], cleo, county
    )

    assert _reasons(shared) == [("3", ["phone_taken"])]
    assert (_reasons(exchanged), len(exchanged.changed)) == ([], 2)


def test_overlapping_posting_is_refused(cleo: User, county: Division, served: User) -> None:
    DivisionFactory(code="530999101202", name="石桥村")

    plan = _plan([row("LX1", 姓名="周明远", 行政区划代码="530999101202", 开始日期="2026-02-01")], cleo, county)

    assert _reasons(plan) == [("2", ["overlapping"])]


def test_rows_of_one_team_must_agree_on_its_unit(cleo: User, county: Division, village: Division) -> None:
    plan = _plan([row("LX1"), row("LX2", 派出单位="县水务局")], cleo, county)

    assert _reasons(plan) == [("3", ["unit_contradicts"])]


def test_new_unit_of_a_team_is_a_change_of_the_team(cleo: User, county: Division, served: User) -> None:
    plan = _plan([row("LX1", 姓名="周明远", 派出单位="县水务局")], cleo, county)

    assert [(team.code, team.changes[0].old, team.changes[0].new) for team in plan.teams] == [
        ("D1", "县农业农村局", "县水务局")
    ]
    assert (plan.is_empty, plan.new_units) == (False, ["县水务局"])


def test_roster_of_a_township_cannot_take_people_from_elsewhere(
    cleo: User, township: Division, served: User, dan: User
) -> None:
    plan = _plan([row(dan.code, 姓名=dan.name)], cleo, township)

    assert _reasons(plan) == [("2", ["belongs_elsewhere"])]


def test_roster_of_a_township_cannot_rename_or_redirect_the_county_office(
    cleo: User, township: Division, county: Division, served: User
) -> None:
    give_role(served, Role.TRAINER, county)

    changed = _plan([row("LX1", 姓名="冒名", 手机号="13899999999")], cleo, township)
    unchanged = _plan([row("LX1", 姓名="周明远")], cleo, township)

    assert _reasons(changed) == [("2", ["belongs_elsewhere"])]
    assert unchanged.is_empty


def test_superusers_and_closed_accounts_are_left_alone(cleo: User, county: Division, served: User) -> None:
    UserFactory(code="ROOT1", name="根", is_superuser=True)
    User.objects.filter(pk=served.pk).update(is_active=False)

    plan = _plan([row("ROOT1", 姓名="根"), row("LX1", 姓名="改名")], cleo, county)

    assert _reasons(plan) == [("2", ["belongs_elsewhere"]), ("3", ["account_closed"])]


def test_number_that_is_anothers_user_name_is_refused(cleo: User, county: Division, village: Division) -> None:
    plan = _plan([row("CLEO")], cleo, county)

    assert _reasons(plan) == [("2", ["name_taken"])]


def test_digest_tells_plans_apart_in_every_language(cleo: User, county: Division, served: User) -> None:
    from django.utils import translation

    rows = [row("LX1", 姓名="周明轩"), row("LX9", 职务="村长")]
    with translation.override("en"):
        english = _plan(rows, cleo, county).digest()
    with translation.override("zh-hans"):
        chinese = _plan(rows, cleo, county).digest()
    other = _plan([row("LX1", 姓名="周明杰")], cleo, county).digest()

    assert english == chinese != other
