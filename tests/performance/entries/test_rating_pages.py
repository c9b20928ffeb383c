"""The pages of scores: who gets where, the dry run, the template, what they cost."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from common.spreadsheets.reading import read_rows
from members.models import Division, User
from performance.domain.ratings import commit_rating_sheet, rate
from performance.domain.sources.ratings import RatingSource
from performance.models import Quarter, Rating, RatingKind, RatingSheet
from tests.conftest import Clock
from tests.exams.staff.counting import queries_of
from tests.factories.ledger import NOON, a_member, a_rating_kind, a_sheet, agreed, as_csv, in_state

pytestmark = pytest.mark.django_db

ANA = ("LX0001", "安娜")
PEOPLE = [None, "ana", "ben", "eve", "tom", "iris"]
UPLOAD, BY_HAND = "rating_sheets:add", "ratings:add"


def signed_in(person: User | None, **options: Any) -> Client:
    client = Client(**options)
    if person is not None:
        client.force_login(person)
    return client


def sheet_url(sheet: RatingSheet, name: str = "sheet") -> str:
    return reverse(f"rating_sheets:{name}", args=[sheet.uuid])


def uploaded(quarter: Quarter, kind: RatingKind, *rows: Any) -> dict[str, Any]:
    return {"quarter": quarter.pk, "kind": kind.pk, "file": as_csv(*rows)}


@pytest.fixture
def people(ana: User, ben: User, eve: User, iris: User, tom: User) -> dict[Any, Any]:
    return {None: None, "ana": ana, "ben": ben, "eve": eve, "iris": iris, "tom": tom}


@pytest.fixture
def sheet(quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User, clock: Clock) -> RatingSheet:
    return a_sheet(quarter, rating_kind, (*ANA, "91"), by=cleo)


def test_from_the_template_over_the_dry_run_to_the_scores(
    office: Client, quarter: Quarter, rating_kind: RatingKind, ana: User, dan: User
) -> None:
    template = office.get(reverse("rating_sheets:template"), {"quarter": quarter.pk}).content
    response = office.post(reverse(UPLOAD), uploaded(quarter, rating_kind, (*ANA, "91"), ("LX0002", "丹恩", "88")))
    sheet = RatingSheet.objects.get()
    page = office.get(sheet_url(sheet))
    done = office.post(sheet_url(sheet, "commit"), {"shown": page.context["digest"]})

    (rows,) = (each.rows for each in read_rows(template))
    assert rows == [
        ["工号", "姓名", "乡镇", "工作队", "得分", "更改原因"],
        ["LX0001", "安娜", "青石镇", "柳湾村工作队"],
        ["LX0002", "丹恩", "柳河镇", "河口村工作队"],
    ]
    assert response["Location"] == done["Location"] == sheet_url(sheet)
    assert page.context["counts"] == {"new": 2, "changed": 0, "identical": 0, "empty": 0, "refused": 0}
    assert page.context["button"] == "录入 2 个得分"
    assert sorted(Rating.objects.values_list("person__code", "score")) == [("LX0001", 91), ("LX0002", 88)]
    assert [rating.person for rating in office.get(sheet_url(sheet)).context["rows"]] == [ana, dan]


def test_the_template_filled_in_is_read_back(
    office: Client, quarter: Quarter, rating_kind: RatingKind, ana: User
) -> None:
    template = office.get(reverse("rating_sheets:template"), {"quarter": quarter.pk}).content
    file = SimpleUploadedFile("评分.xlsx", template)

    office.post(reverse(UPLOAD), {"quarter": quarter.pk, "kind": rating_kind.pk, "file": file})

    assert office.get(sheet_url(RatingSheet.objects.get())).context["counts"]["empty"] == 1


def test_every_wrong_row_is_shown_first_with_its_reason_and_there_is_no_button(
    office: Client, quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User
) -> None:
    sheet = a_sheet(quarter, rating_kind, (*ANA, "91"), ("LX9999", "无此人", "90"), (*ANA, "92"), by=cleo)

    page = office.get(sheet_url(sheet))

    assert [row.refusal for row in page.context["rows"]] == ["unknown_person", "duplicate", ""]
    assert "系统中没有此工号" in page.content.decode()
    assert sheet_url(sheet, "commit") not in page.content.decode()


def test_a_formula_in_a_file_is_shown_as_text(
    office: Client, quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User
) -> None:
    sheet = a_sheet(quarter, rating_kind, ("<script>alert(1)</script>", "=A1", "=B2"), by=cleo)

    assert "<script>alert(1)" not in office.get(sheet_url(sheet)).content.decode()


def test_a_file_that_is_no_table_is_said_at_its_field(
    office: Client, quarter: Quarter, rating_kind: RatingKind
) -> None:
    file = SimpleUploadedFile("a.xlsx", b"%PDF-1.4 \x00\x01")

    page = office.post(reverse(UPLOAD), {"quarter": quarter.pk, "kind": rating_kind.pk, "file": file})

    assert list(page.context["form"].errors) == ["file"]
    assert not RatingSheet.objects.exists()


def test_replacing_asks_for_the_reason(
    office: Client, quarter: Quarter, rating_kind: RatingKind, ana: User, sheet: RatingSheet, cleo: User
) -> None:
    rate(quarter, rating_kind, ana, "80", by=cleo, at=NOON)
    digest = office.get(sheet_url(sheet)).context["digest"]

    office.post(sheet_url(sheet, "commit"), {"shown": digest})
    without = list(Rating.objects.in_force().values_list("score", flat=True))
    office.post(sheet_url(sheet, "commit"), {"shown": digest, "reason": "汇总有误"})

    assert without == [80]
    assert list(Rating.objects.in_force().values_list("score", "reason")) == [(91, "汇总有误")]


def test_a_settled_quarter_says_so(office: Client, sheet: RatingSheet, quarter: Quarter, cleo: User) -> None:
    digest = agreed(sheet)
    in_state(quarter, "closed", by=cleo)

    page = office.get(sheet_url(sheet))
    office.post(sheet_url(sheet, "commit"), {"shown": digest})

    assert (page.context["is_settled"], page.context["may_commit"]) == (True, False)
    assert not Rating.objects.exists()


def test_one_score_by_hand_and_its_story(office: Client, quarter: Quarter, rating_kind: RatingKind, ana: User) -> None:
    fields = {"quarter": quarter.pk, "kind": rating_kind.pk, "person": "安娜", "score": "90"}
    office.post(reverse(BY_HAND), fields)
    refused = office.post(reverse(BY_HAND), {**fields, "score": "95"})
    office.post(reverse(BY_HAND), {**fields, "score": "95", "reason": "录入有误"})

    current = Rating.objects.in_force().get()
    page = office.get(RatingSource().office_link(f"ratings:{current.pk}"))
    assert refused.context["form"].non_field_errors() == ["安娜已有得分，请填写更改原因。"]
    assert [(row.score, text) for row, text in page.context["rows"]] == [(95, "95"), (90, "90")]
    assert list(office.get(reverse("ratings:index")).context["object_list"]) == [current]


# -- who gets where ---------------------------------------------------------------------------


@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_else_brings_or_carries_out_scores(
    sheet: RatingSheet, quarter: Quarter, rating_kind: RatingKind, people: dict[Any, Any], person: str | None
) -> None:
    client = signed_in(people[person])
    digest = agreed(sheet)

    upload = client.post(reverse(UPLOAD), uploaded(quarter, rating_kind, (*ANA, "91")))
    commit = client.post(sheet_url(sheet, "commit"), {"shown": digest})
    by_hand = client.post(
        reverse(BY_HAND), {"quarter": quarter.pk, "kind": rating_kind.pk, "person": "LX0001", "score": "91"}
    )

    assert (RatingSheet.objects.count(), Rating.objects.count()) == (1, 0)
    of_a_township = person in ("eve", "tom")
    # The forms of a township offer no quarter of the county; the county's file is not there for it.
    expected = (200, 404, 200) if of_a_township else (302, 302, 302)
    assert (upload.status_code, commit.status_code, by_hand.status_code) == expected


@pytest.mark.parametrize("person", PEOPLE)
def test_who_reads_a_file_and_its_template(
    sheet: RatingSheet, quarter: Quarter, people: dict[Any, Any], person: str | None
) -> None:
    client = signed_in(people[person])

    answers = (
        client.get(sheet_url(sheet)).status_code,
        client.get(reverse("rating_sheets:template"), {"quarter": quarter.pk}).status_code,
    )

    assert answers == {"iris": (200, 302), "eve": (404, 404), "tom": (404, 404)}.get(person or "", (302, 302))


def test_each_sees_the_scores_of_their_people(
    quarter: Quarter, rating_kind: RatingKind, ana: User, cleo: User, people: dict[Any, Any], clock: Clock
) -> None:
    rating = rate(quarter, rating_kind, ana, "90", by=cleo, at=NOON)

    def seen(person: User) -> tuple[int, int]:
        client = signed_in(person)
        rows = list(client.get(reverse("ratings:index")).context["object_list"])
        return len(rows), client.get(reverse("ratings:rating", args=[rating.pk])).status_code

    assert {name: seen(people[name]) for name in ("tom", "eve", "iris")} == {
        "tom": (1, 200),
        "eve": (0, 404),
        "iris": (1, 200),
    }


def test_every_change_needs_a_token(sheet: RatingSheet, rating_kind: RatingKind, cleo: User) -> None:
    client = signed_in(cleo, enforce_csrf_checks=True)
    pages = [reverse(UPLOAD), reverse(BY_HAND), sheet_url(sheet, "commit"), reverse("rating_kinds:add")]
    pages.append(reverse("rating_kinds:edit", args=[rating_kind.pk]))

    assert [client.post(page).status_code for page in pages] == [403] * 5


# -- kinds and lists --------------------------------------------------------------------------


def test_kinds_of_scores_are_added_and_changed(office: Client, county: Division, rating_kind: RatingKind) -> None:
    fields = {"title": "群众满意度", "highest": "10", "is_active": "on"}
    office.post(reverse("rating_kinds:add"), {**fields, "division": county.pk, "code": "P02"})
    office.post(reverse("rating_kinds:edit", args=[rating_kind.pk]), {**fields, "title": "新名"})

    rating_kind.refresh_from_db()
    assert (RatingKind.objects.get(code="P02").highest, rating_kind.title) == (10, "新名")


@pytest.mark.parametrize("person", PEOPLE)
def test_kinds_of_the_county_are_the_countys_to_change(
    rating_kind: RatingKind, county: Division, people: dict[Any, Any], clock: Clock, person: str | None
) -> None:
    client = signed_in(people[person])
    fields = {"title": "新名", "highest": "10", "is_active": "on"}

    added = client.post(reverse("rating_kinds:add"), {**fields, "division": county.pk, "code": "P02"})
    changed = client.post(reverse("rating_kinds:edit", args=[rating_kind.pk]), fields)

    rating_kind.refresh_from_db()
    assert (RatingKind.objects.count(), rating_kind.title) == (1, "乡镇评价")
    assert (added.status_code, changed.status_code) == ((200, 404) if person in ("eve", "tom") else (302, 302))


def test_lists_are_narrowed(
    office: Client, quarter: Quarter, county: Division, township: Division, rating_kind: RatingKind,
    ana: User, dan: User, cleo: User,
) -> None:  # fmt: skip
    other = a_rating_kind(county, code="P02", title="群众满意度")
    first = rate(quarter, rating_kind, ana, "90", by=cleo, at=NOON)
    second = rate(quarter, other, dan, "80", by=cleo, at=NOON)

    def shown(**wishes: Any) -> set[Rating]:
        return set(office.get(reverse("ratings:index"), wishes).context["object_list"])

    assert (shown(), shown(kind=other.pk), shown(township=township.pk)) == ({first, second}, {second}, {first})
    assert (shown(quarter=quarter.pk), shown(q="丹恩")) == ({first, second}, {second})


@pytest.mark.once
def test_the_number_of_rows_does_not_change_the_number_of_queries(
    office: Client, quarter: Quarter, rating_kind: RatingKind, cleo: User
) -> None:
    counts, rows = [], []
    for number in range(3):
        person = a_member(f"LX02{number:02d}", f"人{number}")
        rows.append((person.code, person.name, str(80 + number)))
        sheet = a_sheet(quarter, rating_kind, *rows, by=cleo)
        dry_run = queries_of(lambda sheet=sheet: office.get(sheet_url(sheet)))
        commit_rating_sheet(sheet, shown=agreed(sheet), by=cleo, at=NOON)
        rating = Rating.objects.in_force().latest("pk")
        pages = [
            sheet_url(sheet),
            reverse("rating_sheets:index"),
            reverse("ratings:index"),
            reverse("ratings:rating", args=[rating.pk]),
            f"{reverse('rating_sheets:template')}?quarter={quarter.pk}",
        ]
        counts.append([dry_run, *(queries_of(lambda page=page: office.get(page)) for page in pages)])

    assert counts[0] == counts[2]
