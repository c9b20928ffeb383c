"""The pages of the ledger: who gets where, what they show, what they cost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from members.models import Division, User
from performance.domain.ledger import confirm_item, decline_item, reverse_item
from performance.enums import LedgerState, LedgerTarget
from performance.models import LedgerEntry, LedgerKind, Quarter
from tests.conftest import Clock
from tests.exams.staff.counting import queries_of
from tests.factories.ledger import NOON, a_document, a_kind, a_member, a_pdf, a_quarter, confirmed, entered

pytestmark = pytest.mark.django_db

PEOPLE = [None, "ana", "dan", "ben", "eve", "iris"]


def url(name: str, *args: Any) -> str:
    return reverse(f"ledger:{name}", args=args)


def signed_in(person: User | None, **options: Any) -> Client:
    client = Client(**options)
    if person is not None:
        client.force_login(person)
    return client


def said(**more: Any) -> dict[str, Any]:
    return {"person": "LX0001", "occurred_on": "2026-06-10", "description": "经验材料被转发", **more}


@pytest.fixture
def people(ana: User, dan: User, ben: User, eve: User, iris: User, tom: User, cleo: User, flo: User) -> dict[Any, Any]:
    return {None: None, "ana": ana, "dan": dan, "ben": ben, "eve": eve, "iris": iris, "tom": tom, "flo": flo}


@pytest.fixture
def waiting(kind: LedgerKind, ana: User, cleo: User, clock: Clock) -> LedgerEntry:
    return entered(kind, person=ana, by=cleo, files=[a_pdf()])


# -- entering ---------------------------------------------------------------------------------


def test_entering_begins_with_the_item_and_ends_on_the_entry(office: Client, county: Division, ana: User) -> None:
    kind = a_kind(county, needs_evidence=True)
    choice = office.get(url("add"))

    response = office.post(url("enter", kind.pk), said(documents=[a_pdf(), a_document()]))

    entry = LedgerEntry.objects.get()
    assert url("enter", kind.pk) in choice.content.decode()
    assert (response.status_code, response["Location"]) == (302, url("inspect", entry.uuid))
    assert (entry.person, entry.description, entry.files.count()) == (ana, "经验材料被转发", 2)


def test_the_form_asks_for_what_the_item_concerns(office: Client, county: Division, ana: User) -> None:
    of_team = a_kind(county, target=LedgerTarget.TEAM)
    team = ana.postings.get().team

    page = office.get(url("enter", of_team.pk))
    office.post(url("enter", of_team.pk), {**said(), "team": team.pk})

    assert list(page.context["form"].fields) == ["team", "occurred_on", "description", "documents"]
    assert LedgerEntry.objects.get().team == team


@pytest.mark.parametrize(
    ("typed", "found"), [("LX0001", "LX0001"), ("lx0001", "LX0001"), ("安娜", "LX0001"), ("娜", "LX0001")]
)
def test_a_person_is_found_by_staff_number_or_name(
    office: Client, kind: LedgerKind, ana: User, typed: str, found: str
) -> None:
    office.post(url("enter", kind.pk), said(person=typed))

    assert LedgerEntry.objects.get().person.code == found


def test_namesakes_are_told_apart_by_number_and_team(office: Client, kind: LedgerKind, ana: User) -> None:
    a_member("LX0104", "安娜")

    page = office.post(url("enter", kind.pk), said(person="安娜"))

    (error,) = page.context["form"].errors["person"]
    assert all(text in error for text in ("LX0001", "LX0104", "柳湾村工作队"))
    assert not LedgerEntry.objects.exists()


def test_people_of_other_townships_cannot_be_found(kind: LedgerKind, dan: User, tom: User, clock: Clock) -> None:
    page = signed_in(tom).post(url("enter", kind.pk), said(person="LX0002"))

    assert list(page.context["form"].errors) == ["person"]


def test_a_refusal_is_said_at_the_form_and_nothing_typed_is_lost(
    office: Client, kind: LedgerKind, county: Division, ana: User, cleo: User
) -> None:
    a_quarter(county, by=cleo, state="closed")

    page = office.post(url("enter", kind.pk), said())

    assert page.status_code == 200
    assert page.context["form"].non_field_errors() == ["2026 年第 2 季度已停止录入，当前状态为“已关闭”。"]
    assert "经验材料被转发" in page.content.decode()


def test_a_wrong_document_is_said_at_its_field(office: Client, kind: LedgerKind, ana: User) -> None:
    page = office.post(url("enter", kind.pk), said(documents=[a_pdf("页.html")]))

    assert list(page.context["form"].errors) == ["documents"]


# -- who gets where ---------------------------------------------------------------------------


@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_else_enters(kind: LedgerKind, people: dict[Any, Any], clock: Clock, person: str | None) -> None:
    response = signed_in(people[person]).post(url("enter", kind.pk), said())

    assert not LedgerEntry.objects.exists()
    # Eve administers another township: she has the page, but not the person.
    assert response.status_code == (200 if person == "eve" else 302)


def test_the_township_enters(kind: LedgerKind, ana: User, tom: User, clock: Clock) -> None:
    signed_in(tom).post(url("enter", kind.pk), said())

    assert LedgerEntry.objects.get().entered_by == tom


@pytest.mark.parametrize("name", ["confirm", "decline"])
@pytest.mark.parametrize("person", [*PEOPLE, "tom"])
def test_nobody_else_decides(waiting: LedgerEntry, people: dict[Any, Any], person: str | None, name: str) -> None:
    response = signed_in(people[person]).post(url(name, waiting.uuid), {"reason": "不属实"})

    waiting.refresh_from_db()
    assert waiting.state == LedgerState.WAITING
    # Of another township there is nothing; the township of the entry reads it and is told who decides.
    assert response.status_code == (404 if person == "eve" else 302)


@pytest.mark.parametrize("person", [*PEOPLE, "tom"])
def test_nobody_else_reverses(waiting: LedgerEntry, flo: User, people: dict[Any, Any], person: str | None) -> None:
    confirm_item(waiting, by=flo, at=NOON)

    response = signed_in(people[person]).post(url("reverse", waiting.uuid), {"reason": "写错"})

    assert LedgerEntry.objects.count() == 1
    assert response.status_code == (404 if person == "eve" else 302)


@pytest.mark.parametrize(("name", "state"), [("confirm", LedgerState.CONFIRMED), ("decline", LedgerState.DECLINED)])
def test_the_second_administrator_decides(waiting: LedgerEntry, flo: User, name: str, state: str) -> None:
    signed_in(flo).post(url(name, waiting.uuid), {"reason": "不属实"})

    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == (state, flo)


def test_the_second_administrator_reverses_and_lands_on_the_reversal(waiting: LedgerEntry, flo: User) -> None:
    confirm_item(waiting, by=flo, at=NOON)

    response = signed_in(flo).post(url("reverse", waiting.uuid), {"reason": "写错"})

    reversal = LedgerEntry.objects.get(reverses=waiting)
    assert (response["Location"], reversal.entered_by) == (url("inspect", reversal.uuid), flo)


def test_whoever_entered_is_told_to_wait(office: Client, waiting: LedgerEntry) -> None:
    page = office.get(url("inspect", waiting.uuid))
    office.post(url("confirm", waiting.uuid))

    waiting.refresh_from_db()
    assert (page.context["may_decide"], waiting.state) == (False, LedgerState.WAITING)


def test_every_change_needs_a_token(kind: LedgerKind, waiting: LedgerEntry, flo: User) -> None:
    client = signed_in(flo, enforce_csrf_checks=True)
    pages = [url("enter", kind.pk), *(url(name, waiting.uuid) for name in ("confirm", "decline", "reverse"))]
    pages += [reverse("ledger_kinds:add"), reverse("ledger_kinds:edit", args=[kind.pk])]

    assert [client.post(page).status_code for page in pages] == [403] * 6


def test_deciding_is_not_done_by_looking(waiting: LedgerEntry, flo: User) -> None:
    client = signed_in(flo)

    answers = [client.get(url(name, waiting.uuid)).status_code for name in ("confirm", "decline", "reverse")]

    assert answers == [405] * 3


def test_each_sees_the_entries_of_their_divisions(waiting: LedgerEntry, people: dict[Any, Any], cleo: User) -> None:
    def seen(person: User) -> tuple[int, int]:
        client = signed_in(person)
        rows = list(client.get(url("index")).context["object_list"])
        return len(rows), client.get(url("inspect", waiting.uuid)).status_code

    assert {name: seen(people[name]) for name in ("tom", "iris", "eve")} == {
        "tom": (1, 200),
        "iris": (1, 200),
        "eve": (0, 404),
    }


# -- documents --------------------------------------------------------------------------------


def opened_by(person: User | None, entry: LedgerEntry) -> int:
    return signed_in(person).get(reverse("performance:ledger_file", args=[entry.files.get().uuid])).status_code


def test_a_document_is_for_the_office_and_once_confirmed_for_whom_it_concerns(
    waiting: LedgerEntry, people: dict[Any, Any], flo: User
) -> None:
    before = {name: opened_by(person, waiting) for name, person in people.items()}
    confirm_item(waiting, by=flo, at=NOON)

    after = {name: opened_by(person, waiting) for name, person in people.items()}

    for_office = {"tom": 200, "flo": 200, "iris": 200, None: 302, "dan": 404, "ben": 404, "eve": 404}
    assert before == {**for_office, "ana": 404}
    assert after == {**for_office, "ana": 200}


def test_a_document_about_a_team_is_for_those_who_served_in_it_that_day(
    county: Division, ana: User, dan: User, cleo: User, flo: User, clock: Clock
) -> None:
    gone = a_member("LX0105", "早已离任", ends_on=NOON.date().replace(month=5))
    kind = a_kind(county, target=LedgerTarget.TEAM)
    entry = confirmed(kind, team=ana.postings.get().team, by=cleo, second=flo, files=[a_pdf()])

    assert [opened_by(person, entry) for person in (ana, dan, gone)] == [200, 404, 404]


def test_a_document_is_given_privately_and_noted(waiting: LedgerEntry, iris: User) -> None:
    file = waiting.files.get()

    response = signed_in(iris).get(reverse("performance:ledger_file", args=[file.uuid]))

    content = b"".join(response.streaming_content)
    log = ModelLogEntry.objects.for_instance(waiting).get(action="performance.open_evidence")
    assert content == a_pdf().read()
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]
    assert (log.user, log.data["name"]) == (iris, "证明.pdf")


def test_the_place_where_it_is_stored_is_no_address(waiting: LedgerEntry, cleo: User) -> None:
    assert signed_in(cleo).get(f"/media/{waiting.files.get().file.name}").status_code == 404


# -- the list ---------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_list_state_township_quarter_and_item(
    office: Client, county: Division, township: Division, quarter: Quarter, ana: User, dan: User, cleo: User, flo: User
) -> None:
    plus, minus = a_kind(county), a_kind(county, code="F01", sign="negative")
    first = entered(plus, person=ana, by=cleo)
    second = confirmed(minus, person=dan, by=cleo, second=flo, occurred_on=quarter.starts_on.replace(month=3))

    def shown(**wishes: Any) -> list[LedgerEntry]:
        return list(office.get(url("index"), wishes).context["object_list"])

    assert shown() == [first, second]
    assert shown(sign="negative") == [second]
    assert shown(state="waiting") == [first]
    assert shown(township=township.pk) == [first]
    assert shown(quarter=quarter.pk) == [first]
    assert shown(kind=minus.pk) == [second]
    assert shown(q="丹恩") == [second]


@pytest.mark.once
def test_the_number_of_entries_does_not_change_the_number_of_queries(
    office: Client, kind: LedgerKind, ana: User, cleo: User, flo: User
) -> None:
    counts = []
    for number in range(3):
        entry = confirmed(
            kind, person=ana, by=cleo, second=flo, description=f"第{number}件", files=[a_pdf()] * (number + 1)
        )
        pages = [url("index"), url("inspect", entry.uuid), url("add"), url("enter", kind.pk)]
        counts.append([queries_of(lambda page=page: office.get(page)) for page in pages])

    assert counts[0] == counts[2]


def test_the_pages_say_how_it_stands(office: Client, kind: LedgerKind, ana: User, cleo: User, flo: User) -> None:
    declined = decline_item(entered(kind, person=ana, by=cleo), reason="查无实据", by=flo, at=NOON)
    entry = confirmed(kind, person=ana, by=cleo, second=flo, description="另一件")
    reversal = reverse_item(entry, reason="材料有误", by=cleo, at=NOON)

    assert "查无实据" in office.get(url("inspect", declined.uuid)).content.decode()
    assert url("inspect", reversal.uuid) in office.get(url("inspect", entry.uuid)).content.decode()
    assert url("inspect", entry.uuid) in office.get(url("inspect", reversal.uuid)).content.decode()


# -- items ------------------------------------------------------------------------------------


def kind_fields(**more: Any) -> dict[str, Any]:
    return {"title": "受到通报批评", "sign": "negative", "target": "person", "points": "3", "is_active": "on", **more}


def test_items_are_added_and_changed(office: Client, county: Division, kind: LedgerKind) -> None:
    office.post(reverse("ledger_kinds:add"), kind_fields(division=county.pk, code="F02"))
    office.post(reverse("ledger_kinds:edit", args=[kind.pk]), kind_fields(title="新名", sign="positive"))

    kind.refresh_from_db()
    made = LedgerKind.objects.get(code="F02")
    assert (made.title, made.sign, made.needs_evidence, kind.title) == ("受到通报批评", "negative", False, "新名")


@pytest.mark.parametrize("person", [*PEOPLE, "tom"])
def test_items_of_the_county_are_the_countys_to_change(
    kind: LedgerKind, county: Division, people: dict[Any, Any], clock: Clock, person: str | None
) -> None:
    client = signed_in(people[person])

    added = client.post(reverse("ledger_kinds:add"), kind_fields(division=county.pk, code="F02"))
    changed = client.post(reverse("ledger_kinds:edit", args=[kind.pk]), kind_fields(title="新名"))

    kind.refresh_from_db()
    assert (LedgerKind.objects.count(), kind.title) == (1, "典型经验获县级以上推广")
    assert (added.status_code, changed.status_code) == ((200, 404) if person in ("eve", "tom") else (302, 302))


@pytest.mark.once
def test_the_list_of_items_costs_the_same(office: Client, county: Division) -> None:
    counts = []
    for number in range(3):
        a_kind(county, code=f"Z1{number}")
        counts.append(queries_of(lambda: office.get(reverse("ledger_kinds:index"))))

    assert counts[0] == counts[2]
