"""The ledger: what may be entered, what a second person decides, and that nothing is ever changed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from common.refusals import AlreadyDecided, NotAllowed, ReasonMissing, SecondPersonNeeded
from members.enums import Role
from members.models import Division, User
from performance.domain import refusals as refused
from performance.domain.evidence_kinds import add_kind, change_kind
from performance.domain.ledger import confirm_item, decline_item, enter_item, reverse_item
from performance.enums import LedgerSign, LedgerState, LedgerTarget
from performance.models import LedgerEntry, LedgerKind
from tests.factories.ledger import (
    DAY,
    NOON,
    a_document,
    a_kind,
    a_member,
    a_pdf,
    a_picture,
    a_quarter,
    confirmed,
    entered,
)
from tests.factories.members import give_role

pytestmark = pytest.mark.django_db


def actions_of(entry: LedgerEntry) -> list[tuple[str, Any]]:
    rows = ModelLogEntry.objects.for_instance(entry).order_by("pk")
    return [(row.action, row.user) for row in rows]


# -- entering ---------------------------------------------------------------------------------


def test_an_entry_waits_with_the_points_of_its_kind_and_the_village_of_that_day(
    kind: LedgerKind, ana: User, cleo: User
) -> None:
    entry = enter_item(kind, person=ana, occurred_on=DAY, description=" 转发 ", by=cleo, at=NOON)

    assert (entry.state, entry.points, entry.division_code) == (LedgerState.WAITING, Decimal("2.50"), "530999101201")
    assert (entry.description, entry.entered_by, entry.entered_at) == ("转发", cleo, NOON)
    assert actions_of(entry) == [("performance.enter_item", cleo)]
    assert not LedgerEntry.objects.counting().exists()


def test_a_negative_item_takes_points_off(county: Division, ana: User, cleo: User) -> None:
    kind = a_kind(county, sign=LedgerSign.NEGATIVE, points=Decimal(3))

    assert entered(kind, person=ana, by=cleo).points == Decimal(-3)


def test_it_lies_where_they_served_on_that_day_and_not_where_they_serve_now(
    kind: LedgerKind, county: Division, cleo: User
) -> None:
    person = a_member("LX0100", "迁往者", village="530999101201", ends_on=date(2026, 5, 31))
    a_member("LX0101", "同队者", village="530999102201")
    new_team = User.objects.get(code="LX0101").postings.get().team
    person.postings.create(team=new_team, role="member", staff_category="civil_servant", starts_on=date(2026, 6, 1))

    codes = [
        entered(kind, person=person, by=cleo, occurred_on=day).division_code
        for day in (date(2026, 5, 31), date(2026, 6, 1))
    ]

    assert codes == ["530999101201", "530999102201"]


def test_an_entry_about_a_team_lies_in_its_village(county: Division, ana: User, cleo: User) -> None:
    team = ana.postings.get().team

    entry = entered(a_kind(county, target=LedgerTarget.TEAM), team=team, by=cleo)

    assert (entry.team, entry.person, entry.division_code) == (team, None, "530999101201")


def test_an_administrator_of_the_township_enters_too(kind: LedgerKind, ana: User, tom: User) -> None:
    assert entered(kind, person=ana, by=tom).entered_by == tom


def test_the_day_before_yesterdays_quarter_is_no_hindrance_while_it_takes_evidence(
    kind: LedgerKind, county: Division, ana: User, cleo: User
) -> None:
    a_quarter(county, by=cleo, number=1, state="published")
    a_quarter(county, by=cleo, number=2, state="computed")

    assert entered(kind, person=ana, by=cleo).state == LedgerState.WAITING


@pytest.mark.parametrize("state", ["published", "closed"])
@pytest.mark.parametrize("whose", ["county", "township"])
def test_a_settled_quarter_takes_no_entry(
    kind: LedgerKind, county: Division, township: Division, ana: User, cleo: User, state: str, whose: str
) -> None:
    a_quarter({"county": county, "township": township}[whose], by=cleo, state=state)

    with pytest.raises(refused.QuarterNotOpen):
        entered(kind, person=ana, by=cleo)

    assert not LedgerEntry.objects.exists()


def test_the_quarter_of_another_township_settles_nothing_here(
    kind: LedgerKind, other_township: Division, ana: User, cleo: User
) -> None:
    a_quarter(other_township, by=cleo, state="closed")

    assert entered(kind, person=ana, by=cleo).state == LedgerState.WAITING


def test_tomorrow_cannot_be_entered(kind: LedgerKind, ana: User, cleo: User) -> None:
    with pytest.raises(refused.DayNotPossible):
        entered(kind, person=ana, by=cleo, occurred_on=NOON.date() + timedelta(days=1))


def test_nobody_is_entered_for_a_day_on_which_they_served_nowhere(kind: LedgerKind, ana: User, cleo: User) -> None:
    with pytest.raises(refused.DayNotPossible):
        entered(kind, person=ana, by=cleo, occurred_on=date(2025, 12, 31))


def test_a_team_is_not_entered_after_its_end(county: Division, ana: User, cleo: User) -> None:
    team = ana.postings.get().team
    team.ends_on = date(2026, 6, 1)
    team.save()

    with pytest.raises(refused.DayNotPossible):
        entered(a_kind(county, target=LedgerTarget.TEAM), team=team, by=cleo)


def test_the_target_fits_the_kind(kind: LedgerKind, county: Division, ana: User, cleo: User) -> None:
    team = ana.postings.get().team
    of_teams = a_kind(county, code="Z02", target=LedgerTarget.TEAM)

    for which, target in (
        (kind, {"team": team}),
        (kind, {"team": team, "person": ana}),
        (kind, {}),
        (of_teams, {"person": ana}),
        (of_teams, {}),
    ):
        with pytest.raises(refused.WrongTarget):
            entered(which, by=cleo, **target)


def test_others_do_not_enter(kind: LedgerKind, ana: User, dan: User, ben: User, eve: User, iris: User) -> None:
    for person in (ana, dan, ben, eve, iris):
        with pytest.raises(NotAllowed):
            entered(kind, person=ana, by=person)


def test_nobody_enters_about_themselves_or_their_team(
    kind: LedgerKind, county: Division, ana: User, township: Division
) -> None:
    give_role(ana, Role.ADMINISTRATOR, township)
    of_teams = a_kind(county, code="Z02", target=LedgerTarget.TEAM)

    for which, target in ((kind, {"person": ana}), (of_teams, {"team": ana.postings.get().team})):
        with pytest.raises(refused.EvidenceAboutOneself):
            entered(which, by=ana, **target)


def test_a_kind_that_is_switched_off_or_of_another_township_is_not_entered(
    county: Division, other_township: Division, ana: User, cleo: User
) -> None:
    for unusable in (a_kind(county, is_active=False), a_kind(other_township, code="Z09")):
        with pytest.raises(refused.KindNotUsable):
            entered(unusable, person=ana, by=cleo)


def test_it_must_say_what_happened(kind: LedgerKind, ana: User, cleo: User) -> None:
    for text in ("", "  \n", "长" * 501):
        with pytest.raises(refused.EntryIncomplete):
            entered(kind, person=ana, by=cleo, description=text)


def test_the_same_form_sent_twice_is_one_entry(kind: LedgerKind, ana: User, cleo: User, flo: User) -> None:
    first = entered(kind, person=ana, by=cleo)

    with pytest.raises(refused.SameEntryTwice):
        entered(kind, person=ana, by=cleo)

    decline_item(first, reason="写错", by=flo, at=NOON)
    assert entered(kind, person=ana, by=cleo).pk != first.pk


# -- documents --------------------------------------------------------------------------------


def test_documents_are_kept_with_their_digest_under_names_nobody_guesses(
    kind: LedgerKind, ana: User, cleo: User
) -> None:
    entry = entered(kind, person=ana, by=cleo, files=[a_pdf(), a_picture(), a_document()])

    files = list(entry.files.all())
    assert [(file.name, file.content_type) for file in files] == [
        ("证明.pdf", "application/pdf"),
        ("现场.png", "image/png"),
        ("通报.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ]
    assert all(len(file.sha256) == 64 and "证明" not in file.file.name for file in files)
    assert files[0].file.read() == a_pdf().read()


def test_a_kind_that_needs_a_document_is_not_entered_without(county: Division, ana: User, cleo: User) -> None:
    kind = a_kind(county, needs_evidence=True)

    with pytest.raises(refused.EntryIncomplete):
        entered(kind, person=ana, by=cleo)

    assert entered(kind, person=ana, by=cleo, files=[a_pdf()]).files.count() == 1


def wrong_files() -> dict[str, Any]:
    large = a_pdf()
    large.size = 10 * 1024 * 1024 + 1
    picture = a_pdf("其实不是.png")
    svg = a_pdf("图.svg")
    page = a_pdf("网页.html")
    program = a_picture("假的.pdf")
    archive = a_pdf("假的.docx")
    other = a_picture("其实.jpg")
    return {
        "large": large,
        "a pdf as picture": picture,
        "svg": svg,
        "html": page,
        "a picture as pdf": program,
        "no archive": archive,
        "png as jpg": other,
    }


@pytest.mark.parametrize("name", list(wrong_files()))
def test_what_is_not_a_pdf_a_picture_or_a_document_is_refused_and_nothing_is_entered(
    kind: LedgerKind, ana: User, cleo: User, name: str
) -> None:
    with pytest.raises(refused.FileNotAccepted):
        entered(kind, person=ana, by=cleo, files=[a_pdf(), wrong_files()[name]])

    assert not LedgerEntry.objects.exists()


def test_no_more_than_ten_documents(kind: LedgerKind, ana: User, cleo: User) -> None:
    with pytest.raises(refused.FileNotAccepted):
        entered(kind, person=ana, by=cleo, files=[a_pdf(f"{number}.pdf") for number in range(11)])


# -- deciding ---------------------------------------------------------------------------------


def test_it_counts_once_a_second_person_has_confirmed_it(kind: LedgerKind, ana: User, cleo: User, flo: User) -> None:
    entry = confirm_item(entered(kind, person=ana, by=cleo), by=flo, at=NOON)

    assert (entry.state, entry.decided_by, entry.decided_at) == (LedgerState.CONFIRMED, flo, NOON)
    assert list(LedgerEntry.objects.counting()) == [entry]
    assert actions_of(entry) == [("performance.enter_item", cleo), ("performance.confirm_item", flo)]


def test_whoever_entered_does_not_decide(kind: LedgerKind, ana: User, cleo: User) -> None:
    entry = entered(kind, person=ana, by=cleo)

    with pytest.raises(SecondPersonNeeded):
        confirm_item(entry, by=cleo, at=NOON)
    with pytest.raises(SecondPersonNeeded):
        decline_item(entry, reason="不属实", by=cleo, at=NOON)


def test_the_township_enters_but_the_county_decides(
    kind: LedgerKind, township: Division, ana: User, cleo: User, tom: User, eve: User, iris: User
) -> None:
    entry = entered(kind, person=ana, by=cleo)

    for person in (tom, eve, iris):
        with pytest.raises(NotAllowed):
            confirm_item(entry, by=person, at=NOON)
        with pytest.raises(NotAllowed):
            reverse_item(entry, reason="写错", by=person, at=NOON)

    of_township = entered(a_kind(township, code="Q01"), person=ana, by=cleo)
    assert confirm_item(of_township, by=tom, at=NOON).state == LedgerState.CONFIRMED


def test_nobody_decides_about_themselves(kind: LedgerKind, county: Division, cleo: User, flo: User) -> None:
    team = a_member("LX0102", "队友").postings.get().team
    flo.postings.create(team=team, role="member", staff_category="civil_servant", starts_on=date(2026, 1, 1))
    about_her = entered(kind, person=flo, by=cleo)
    about_her_team = entered(a_kind(county, code="Z02", target=LedgerTarget.TEAM), team=team, by=cleo)

    for entry in (about_her, about_her_team):
        with pytest.raises(refused.EvidenceAboutOneself):
            confirm_item(entry, by=flo, at=NOON)


def test_a_decision_is_taken_once(kind: LedgerKind, ana: User, cleo: User, flo: User) -> None:
    entry = entered(kind, person=ana, by=cleo)
    seen_by_another = LedgerEntry.objects.get(pk=entry.pk)
    decline_item(entry, reason="不属实", by=flo, at=NOON)

    with pytest.raises(AlreadyDecided):
        confirm_item(seen_by_another, by=flo, at=NOON)

    entry.refresh_from_db()
    assert entry.state == LedgerState.DECLINED


def test_declining_needs_a_reason_and_keeps_it(kind: LedgerKind, ana: User, cleo: User, flo: User) -> None:
    entry = entered(kind, person=ana, by=cleo)
    with pytest.raises(ReasonMissing):
        decline_item(entry, reason=" ", by=flo, at=NOON)

    decline_item(entry, reason="不属实", by=flo, at=NOON)

    row = ModelLogEntry.objects.for_instance(entry).get(action="performance.decline_item")
    assert (row.user, row.data["reason"]) == (flo, "不属实")
    assert not LedgerEntry.objects.counting().exists()


def test_in_a_settled_quarter_a_waiting_entry_can_only_be_declined(
    kind: LedgerKind, county: Division, ana: User, cleo: User, flo: User
) -> None:
    entry = entered(kind, person=ana, by=cleo)
    a_quarter(county, by=cleo, state="published")

    with pytest.raises(refused.QuarterNotOpen):
        confirm_item(entry, by=flo, at=NOON)

    assert decline_item(entry, reason="逾期", by=flo, at=NOON).state == LedgerState.DECLINED


# -- reversing --------------------------------------------------------------------------------


def test_a_reversal_is_an_opposite_entry_that_waits_and_then_undoes_the_first(
    kind: LedgerKind, ana: User, cleo: User, flo: User
) -> None:
    entry = confirmed(kind, person=ana, by=cleo, second=flo)

    reversal = reverse_item(entry, reason="材料有误", by=flo, at=NOON)

    assert (reversal.points, reversal.reverses, reversal.state) == (-entry.points, entry, LedgerState.WAITING)
    assert (reversal.occurred_on, reversal.division_code, reversal.person) == (DAY, entry.division_code, ana)
    assert list(LedgerEntry.objects.counting()) == [entry]
    with pytest.raises(SecondPersonNeeded):
        confirm_item(reversal, by=flo, at=NOON)
    confirm_item(reversal, by=cleo, at=NOON)
    assert not LedgerEntry.objects.counting().exists()
    entry.refresh_from_db()
    assert (entry.state, entry.points) == (LedgerState.CONFIRMED, Decimal("2.50"))


def test_one_reversal_for_each_entry(kind: LedgerKind, ana: User, cleo: User, flo: User) -> None:
    entry = confirmed(kind, person=ana, by=cleo, second=flo)
    reverse_item(entry, reason="材料有误", by=flo, at=NOON)

    with pytest.raises(refused.EntryNotReversible):
        reverse_item(entry, reason="再来一次", by=cleo, at=NOON)

    assert LedgerEntry.objects.exclude(reverses=None).count() == 1


def test_after_a_declined_reversal_there_may_be_another(kind: LedgerKind, ana: User, cleo: User, flo: User) -> None:
    entry = confirmed(kind, person=ana, by=cleo, second=flo)
    decline_item(reverse_item(entry, reason="材料有误", by=flo, at=NOON), reason="材料无误", by=cleo, at=NOON)
    assert entry in LedgerEntry.objects.counting()

    confirm_item(reverse_item(entry, reason="查实有误", by=cleo, at=NOON), by=flo, at=NOON)

    assert entry not in LedgerEntry.objects.counting()


def test_only_what_counts_is_reversed(kind: LedgerKind, ana: User, cleo: User, flo: User) -> None:
    waiting = entered(kind, person=ana, by=cleo)
    declined = decline_item(entered(kind, person=ana, by=cleo, description="另一件"), reason="不属实", by=flo, at=NOON)
    entry = confirmed(kind, person=ana, by=cleo, second=flo, description="第三件")
    reversal = confirm_item(reverse_item(entry, reason="材料有误", by=cleo, at=NOON), by=flo, at=NOON)

    for wrong in (waiting, declined, reversal):
        with pytest.raises(refused.EntryNotReversible):
            reverse_item(wrong, reason="撤回", by=flo, at=NOON)


def test_a_settled_quarter_is_not_reversed_into(
    kind: LedgerKind, county: Division, ana: User, cleo: User, flo: User
) -> None:
    entry = confirmed(kind, person=ana, by=cleo, second=flo)
    a_quarter(county, by=cleo, state="closed")

    with pytest.raises(refused.QuarterNotOpen):
        reverse_item(entry, reason="材料有误", by=flo, at=NOON)


def test_reversing_needs_a_reason(kind: LedgerKind, ana: User, cleo: User, flo: User) -> None:
    entry = confirmed(kind, person=ana, by=cleo, second=flo)

    with pytest.raises(ReasonMissing):
        reverse_item(entry, reason="", by=flo, at=NOON)


# -- kinds ------------------------------------------------------------------------------------


def test_entries_keep_their_points_when_the_kind_changes(kind: LedgerKind, ana: User, cleo: User, flo: User) -> None:
    entry = confirmed(kind, person=ana, by=cleo, second=flo)

    change_kind(kind, points=Decimal(5), by=cleo, at=NOON)

    entry.refresh_from_db()
    assert entry.points == Decimal("2.50")
    assert entered(kind, person=ana, by=cleo, description="又一件").points == Decimal(5)


def test_the_list_and_the_target_of_a_kind_with_entries_stay(kind: LedgerKind, ana: User, cleo: User) -> None:
    change_kind(kind, sign=LedgerSign.NEGATIVE, by=cleo, at=NOON)
    change_kind(kind, sign=LedgerSign.POSITIVE, by=cleo, at=NOON)
    entered(kind, person=ana, by=cleo)

    for values in ({"sign": LedgerSign.NEGATIVE}, {"target": LedgerTarget.TEAM}):
        with pytest.raises(refused.KindHasEntries):
            change_kind(kind, **values, by=cleo, at=NOON)


def test_kinds_are_made_and_changed_by_administrators_of_the_division(
    county: Division, kind: LedgerKind, cleo: User, tom: User, iris: User
) -> None:
    values = {"code": "Z05", "title": "受到表彰", "sign": LedgerSign.POSITIVE, "points": Decimal(1)}
    for person in (tom, iris):
        with pytest.raises(NotAllowed):
            add_kind(county, **values, by=person, at=NOON)
        with pytest.raises(NotAllowed):
            change_kind(kind, points=Decimal(9), by=person, at=NOON)

    made = add_kind(county, **values, by=cleo, at=NOON)

    assert (made.code, made.points, made.is_active) == ("Z05", Decimal(1), True)
    with pytest.raises(ValidationError):
        add_kind(county, **values, by=cleo, at=NOON)


def test_entering_costs_the_same_however_much_is_there(kind: LedgerKind, ana: User, cleo: User) -> None:
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            entered(kind, person=ana, by=cleo, description=f"第{number}件")
        counts.append(len(queries))

    assert counts[1] == counts[2]
