"""Sheets of scores and scores by hand: all or nothing, each once, none ever lost."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from common.refusals import NotAllowed, ReasonMissing
from common.spreadsheets.reading import UnreadableSpreadsheet
from members.models import Division, User
from performance.domain import refusals as refused
from performance.domain.evidence_kinds import change_rating_kind
from performance.domain.ratings import Outcome, commit_rating_sheet, plan_rating_sheet, rate, read_rating_sheet
from performance.models import Quarter, Rating, RatingKind, RatingSheet
from tests.factories.ledger import (
    NOON,
    a_member,
    a_quarter,
    a_rating_kind,
    a_sheet,
    agreed,
    as_csv,
    as_workbook,
    in_state,
)

pytestmark = pytest.mark.django_db

ANA, DAN = ("LX0001", "安娜"), ("LX0002", "丹恩")


def in_force(kind: RatingKind) -> dict[str, Decimal]:
    return dict(Rating.objects.in_force().filter(kind=kind).values_list("person__code", "score"))


def commit(sheet: RatingSheet, *, by: User, reason: str = "") -> Outcome:
    return commit_rating_sheet(sheet, shown=agreed(sheet), reason=reason, by=by, at=NOON)


# -- reading ----------------------------------------------------------------------------------


def test_reading_a_file_carries_nothing_out(quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User) -> None:
    sheet = a_sheet(quarter, rating_kind, (*ANA, "91.5"), by=cleo)

    assert sheet.rows == [{"place": "2", "values": {"code": "LX0001", "name": "安娜", "score": "91.5"}}]
    assert (sheet.uploaded_by, sheet.committed_at, len(sheet.sha256)) == (cleo, None, 64)
    assert not Rating.objects.exists()


def test_a_workbook_says_the_same_as_a_table_of_text(
    quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User
) -> None:
    file = as_workbook([*ANA, Decimal("91.5")])

    sheet = read_rating_sheet(file, quarter=quarter, kind=rating_kind, by=cleo, at=NOON)

    assert sheet.rows == [{"place": "评分!3", "values": {"code": "LX0001", "name": "安娜", "score": "91.5"}}]


def test_gb18030_is_read(quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User) -> None:
    content = "人员编号,姓名,分数\nLX0001,安娜,80\n".encode("gb18030")

    sheet = read_rating_sheet(SimpleUploadedFile("a.csv", content), quarter=quarter, kind=rating_kind, by=cleo, at=NOON)

    assert sheet.rows[0]["values"] == {"code": "LX0001", "name": "安娜", "score": "80"}


def test_files_without_the_columns_or_without_rows_are_refused(
    quarter: Quarter, rating_kind: RatingKind, cleo: User
) -> None:
    wrong: list[tuple[Any, type[Exception]]] = [
        (as_csv(("安娜", "好"), heading=("姓名", "备注")), refused.SheetWithoutHeading),
        (as_csv(), refused.SheetEmpty),
        (SimpleUploadedFile("a.xlsx", b"\x00\x01\x02binary"), UnreadableSpreadsheet),
        (SimpleUploadedFile("a.xlsx", b""), UnreadableSpreadsheet),
    ]
    for file, refusal in wrong:
        with pytest.raises(refusal):
            read_rating_sheet(file, quarter=quarter, kind=rating_kind, by=cleo, at=NOON)

    assert not RatingSheet.objects.exists()


def test_a_settled_quarter_takes_no_file(county: Division, rating_kind: RatingKind, cleo: User) -> None:
    for number, state in ((1, "published"), (2, "closed")):
        settled = a_quarter(county, by=cleo, number=number, state=state)
        with pytest.raises(refused.QuarterNotOpen):
            a_sheet(settled, rating_kind, (*ANA, "91"), by=cleo)


def test_only_an_administrator_of_the_quarters_division_brings_scores(
    quarter: Quarter, rating_kind: RatingKind, ana: User, ben: User, tom: User, eve: User, iris: User, cleo: User
) -> None:
    sheet = a_sheet(quarter, rating_kind, (*ANA, "91"), by=cleo)
    for person in (ana, ben, tom, eve, iris):
        with pytest.raises(NotAllowed):
            a_sheet(quarter, rating_kind, (*ANA, "91"), by=person)
        with pytest.raises(NotAllowed):
            commit(sheet, by=person)
        with pytest.raises(NotAllowed):
            rate(quarter, rating_kind, ana, "91", by=person, at=NOON)

    assert not Rating.objects.exists()


def test_a_kind_switched_off_or_of_a_township_is_not_given_in_the_county(
    quarter: Quarter, county: Division, township: Division, ana: User, cleo: User
) -> None:
    for kind in (a_rating_kind(county, is_active=False), a_rating_kind(township, code="P09")):
        with pytest.raises(refused.KindNotUsable):
            a_sheet(quarter, kind, (*ANA, "91"), by=cleo)


# -- the dry run ------------------------------------------------------------------------------


def test_every_row_is_told_apart(quarter: Quarter, rating_kind: RatingKind, ana: User, dan: User, cleo: User) -> None:
    a_member("LX0100", "调走者", ends_on=date(2026, 3, 31))
    a_member("LX0101", "外县者", village="531000101201")
    third, fourth = a_member("LX0102", "第三人"), a_member("LX0103", "第四人")
    for person, score in ((dan, "80"), (third, "70")):
        rate(quarter, rating_kind, person, score, by=cleo, at=NOON)

    sheet = a_sheet(
        quarter,
        rating_kind,
        (*ANA, "91"),
        (*DAN, "85"),
        (third.code, third.name, "70.00"),
        (fourth.code, fourth.name, ""),
        ("LX0100", "调走者", "90"),
        ("LX0101", "外县者", "90"),
        ("LX9999", "无此人", "90"),
        by=cleo,
    )

    rows = plan_rating_sheet(sheet).rows
    assert [(row.code, row.state.value, row.refusal) for row in rows] == [
        ("LX0001", "new", ""),
        ("LX0002", "changed", ""),
        ("LX0102", "identical", ""),
        ("LX0103", "empty", ""),
        ("LX0100", "refused", "not_posted"),
        ("LX0101", "refused", "not_posted"),
        ("LX9999", "refused", "unknown_person"),
    ]
    assert rows[1].old_score == Decimal(80)


def test_somebody_posted_for_a_part_of_the_quarter_is_rated(
    quarter: Quarter, rating_kind: RatingKind, cleo: User
) -> None:
    person = a_member("LX0100", "调走者", ends_on=date(2026, 4, 1))

    assert rate(quarter, rating_kind, person, "90", by=cleo, at=NOON).score == Decimal(90)


def test_a_dry_run_asks_the_same_however_long_the_file_is(
    quarter: Quarter, rating_kind: RatingKind, cleo: User
) -> None:
    people = [a_member(f"LX02{number:02d}", f"人{number}") for number in range(3)]
    counts = []
    for few in (people[:1], people):
        sheet = a_sheet(quarter, rating_kind, *((each.code, each.name, "90") for each in few), by=cleo)
        sheet = RatingSheet.objects.select_related("quarter__division", "kind", "uploaded_by").get(pk=sheet.pk)
        with CaptureQueriesContext(connection) as queries:
            plan_rating_sheet(sheet)
        counts.append(len(queries))

    assert counts == [3, 3]


# -- carrying out -----------------------------------------------------------------------------


def test_a_sheet_is_carried_out_and_every_score_knows_its_row(
    quarter: Quarter, rating_kind: RatingKind, ana: User, dan: User, cleo: User
) -> None:
    sheet = a_sheet(quarter, rating_kind, (*ANA, "91"), (*DAN, "85.5"), by=cleo)

    outcome = commit(sheet, by=cleo)

    assert outcome == Outcome(new=2, changed=0, identical=0)
    assert in_force(rating_kind) == {"LX0001": Decimal(91), "LX0002": Decimal("85.5")}
    assert [(r.place, r.sheet, r.entered_by) for r in Rating.objects.order_by("pk")] == [
        ("2", sheet, cleo),
        ("3", sheet, cleo),
    ]
    assert (sheet.committed_by, sheet.committed_at) == (cleo, NOON)
    log = ModelLogEntry.objects.for_instance(sheet).get(action="performance.commit_rating_sheet")
    assert (log.user, log.data["counts"]["new"]) == (cleo, 2)


def test_one_wrong_row_and_nothing_is_written(
    quarter: Quarter, rating_kind: RatingKind, ana: User, dan: User, cleo: User
) -> None:
    sheet = a_sheet(quarter, rating_kind, (*ANA, "91"), (*DAN, "101"), by=cleo)

    with pytest.raises(refused.SheetHasBadRows):
        commit(sheet, by=cleo)

    sheet.refresh_from_db()
    assert (Rating.objects.count(), sheet.committed_at) == (0, None)


def test_carrying_out_twice_and_the_same_file_again_change_nothing(
    quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User
) -> None:
    sheet = a_sheet(quarter, rating_kind, (*ANA, "91"), by=cleo)
    first = commit(sheet, by=cleo)

    again = commit(sheet, by=cleo)
    same_file = commit(a_sheet(quarter, rating_kind, (*ANA, "91"), by=cleo), by=cleo)

    assert (first, again, same_file) == (Outcome(1, 0, 0), Outcome(1, 0, 0), Outcome(0, 0, 1))
    assert Rating.objects.count() == 1


def test_a_changed_score_needs_a_reason_and_replaces_the_old_one(
    quarter: Quarter, rating_kind: RatingKind, ana: User, dan: User, cleo: User
) -> None:
    commit(a_sheet(quarter, rating_kind, (*ANA, "91"), (*DAN, "85"), by=cleo), by=cleo)
    heading = ("工号", "姓名", "得分", "更改原因")
    sheet = a_sheet(quarter, rating_kind, (*ANA, "92", "乡镇更正"), (*DAN, "86", ""), by=cleo, heading=heading)

    with pytest.raises(ReasonMissing):
        commit(sheet, by=cleo)
    assert in_force(rating_kind) == {"LX0001": Decimal(91), "LX0002": Decimal(85)}
    outcome = commit(sheet, by=cleo, reason="汇总有误")

    assert outcome == Outcome(0, 2, 0)
    assert in_force(rating_kind) == {"LX0001": Decimal(92), "LX0002": Decimal(86)}
    changed = Rating.objects.exclude(replaces=None).order_by("person__code")
    assert [(r.reason, r.replaces.score, r.replaces.is_current) for r in changed if r.replaces] == [
        ("乡镇更正", Decimal(91), False),
        ("汇总有误", Decimal(85), False),
    ]


def test_what_was_not_shown_is_not_carried_out(
    quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User, flo: User
) -> None:
    sheet = a_sheet(quarter, rating_kind, (*ANA, "91"), by=cleo)
    shown = agreed(sheet)
    rate(quarter, rating_kind, ana, "70", by=flo, at=NOON)

    with pytest.raises(refused.SheetOutdated):
        commit_rating_sheet(sheet, shown=shown, by=cleo, at=NOON)

    assert in_force(rating_kind) == {"LX0001": Decimal(70)}


@pytest.mark.parametrize("state", ["published", "closed"])
def test_a_quarter_settled_meanwhile_takes_nothing(
    quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User, state: str
) -> None:
    sheet = a_sheet(quarter, rating_kind, (*ANA, "91"), by=cleo)
    shown = agreed(sheet)
    in_state(quarter, state, by=cleo)

    with pytest.raises(refused.QuarterNotOpen):
        commit_rating_sheet(sheet, shown=shown, by=cleo, at=NOON)
    with pytest.raises(refused.QuarterNotOpen):
        rate(quarter, rating_kind, ana, "91", by=cleo, at=NOON)

    assert not Rating.objects.exists()


# -- by hand ----------------------------------------------------------------------------------


def test_by_hand_the_same_rules_hold(quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User) -> None:
    for score, reason in (("101", "out_of_range"), ("abc", "not_a_number"), ("=1", "formula"), ("", "not_a_number")):
        with pytest.raises(refused.ScoreRefused) as refusal:
            rate(quarter, rating_kind, ana, score, by=cleo, at=NOON)
        assert refusal.value.members["reason"] == reason

    first = rate(quarter, rating_kind, ana, "90", by=cleo, at=NOON)
    assert rate(quarter, rating_kind, ana, Decimal("90.00"), by=cleo, at=NOON) == first
    with pytest.raises(ReasonMissing):
        rate(quarter, rating_kind, ana, "80", by=cleo, at=NOON)
    second = rate(quarter, rating_kind, ana, "80", reason="录入有误", by=cleo, at=NOON)

    first.refresh_from_db()
    assert (second.replaces, second.reason, first.is_current) == (first, "录入有误", False)
    assert in_force(rating_kind) == {"LX0001": Decimal(80)}


def test_the_scale_of_a_kind_with_scores_stays(
    quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User
) -> None:
    rate(quarter, rating_kind, ana, "90", by=cleo, at=NOON)

    with pytest.raises(refused.KindHasEntries):
        change_rating_kind(rating_kind, highest=Decimal(10), by=cleo, at=NOON)

    assert change_rating_kind(rating_kind, title="新名", by=cleo, at=NOON).title == "新名"
