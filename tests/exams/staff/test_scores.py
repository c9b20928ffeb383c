"""Scores in the staff interface: filtered, sorted, bounded, and taken out with a reason."""

from copy import deepcopy
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from exams.models import Exam, ScoreExport
from members.enums import PostingRole, Role, StaffCategory
from members.models import Division, User
from question_bank.enums import Kind
from tests.conftest import Clock, stopped_clock
from tests.exams.staff.counting import queries_of
from tests.factories.exams import published_exam, sat_attempt
from tests.factories.members import PostingFactory, TeamFactory, UserFactory, give_role
from tests.support import cast


@pytest.fixture(scope="module")
def _exam(standing: None) -> Exam:
    """Ana has 100 of 100 points, Dan 50, Zoe (first secretary, of an institution, in Ana's township) did not come."""
    everybody = cast.everybody()
    with stopped_clock():
        zoe = UserFactory.create(name="佐伊", code="LX0003")
        PostingFactory.create(
            person=zoe,
            team=TeamFactory.create(division=everybody.township),
            role=PostingRole.FIRST_SECRETARY,
            staff_category=StaffCategory.INSTITUTION,
        )
        plan = ((Kind.SINGLE, 4, 25),)
        exam = published_exam(everybody.ana, everybody.dan, zoe, title="六月测试", blueprint__plan=plan)
        sat_attempt(exam, everybody.ana)
        sat_attempt(exam, everybody.dan, right=2)
    return exam


@pytest.fixture
def exam(_exam: Exam, clock: Clock, db: None) -> Exam:
    return deepcopy(_exam)


def url(exam: Exam, name: str = "scores", query: str = "") -> str:
    return reverse(f"exams_staff:{name}", args=[exam.uuid]) + query


def names(page) -> list[str]:
    return [row.name for row in page.context["table"].data]


def test_people_come_by_division_and_number(office: Client, exam: Exam) -> None:
    page = office.get(url(exam))

    rows = [(row.name, row.township, row.score, row.absent) for row in page.context["table"].data]
    assert rows == [("佐伊", "青石镇", None, True), ("安娜", "青石镇", 100, False), ("丹恩", "柳河镇", 50, False)]


def test_townships_stand_above(office: Client, exam: Exam) -> None:
    page = office.get(url(exam))

    townships = [(row.name, row.expected, row.present, row.pass_rate) for row in page.context["townships"]]
    assert townships == [("青石镇", 2, 1, 1.0), ("柳河镇", 1, 1, 0.0)]
    assert (page.context["total"].mean, page.context["total"].highest) == (75, 100)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("township=530999101000", ["佐伊", "安娜"]),
        ("role=first_secretary", ["佐伊"]),
        ("staff_category=civil_servant", ["安娜", "丹恩"]),
        ("band=excellent", ["安娜"]),
        ("band=fail", ["丹恩"]),
        ("band=good", []),
        ("present=yes", ["安娜", "丹恩"]),
        ("present=no", ["佐伊"]),
        ("township=530999101000&present=yes", ["安娜"]),
        ("township=nonsense", ["佐伊", "安娜", "丹恩"]),
    ],
)
def test_filters_choose(office: Client, exam: Exam, query: str, expected: list[str]) -> None:
    pages = [office.get(url(exam, name, f"?{query}")) for name in ("scores", "scores_results")]

    assert [names(page) for page in pages] == [expected, expected]


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("score", ["丹恩", "安娜", "佐伊"]),
        ("-score", ["安娜", "丹恩", "佐伊"]),
        ("-division_code", ["丹恩", "安娜", "佐伊"]),
        ("-role", ["安娜", "丹恩", "佐伊"]),
        ("person__password", ["佐伊", "安娜", "丹恩"]),
    ],
)
def test_columns_sort(office: Client, exam: Exam, ordering: str, expected: list[str]) -> None:
    assert names(office.get(url(exam, query=f"?ordering={ordering}"))) == expected


def test_inspector_of_a_township_sees_its_people_only(client: Client, exam: Exam, township: Division) -> None:
    client.force_login(give_role(UserFactory.create(), Role.INSPECTOR, township))

    page = client.get(url(exam))

    assert names(page) == ["佐伊", "安娜"]
    assert [row.name for row in page.context["townships"]] == ["青石镇"]
    assert "柳河镇" not in page.content.decode()


def test_whoever_only_reads_finds_no_way_to_the_papers(client: Client, exam: Exam, iris: User) -> None:
    client.force_login(iris)

    text = client.get(url(exam)).content.decode()

    assert reverse("exams_staff:candidate", args=[exam.uuid, "LX0001"]) not in text
    assert url(exam, "control") + '"' not in text


@pytest.mark.once
def test_list_costs_the_same_for_one_and_for_three(
    office: Client, clock: Clock, ana: User, exam: Exam, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    small = published_exam(ana, blueprint__plan=((Kind.SINGLE, 1, 100),))
    sat_attempt(small, ana)
    one = queries_of(lambda: office.get(url(small)))
    office.get(url(exam))

    with django_assert_num_queries(one):
        office.get(url(exam))


def test_file_is_sent_and_written_down(office: Client, exam: Exam, cleo: User) -> None:
    response = office.post(url(exam, "export"), {"format": "xlsx", "reason": "报组织部"})

    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert "attachment" in response["Content-Disposition"]
    assert len(book.worksheets) == 2
    assert [book.worksheets[0].cell(row, 2).value for row in (5, 6, 7)] == ["佐伊", "安娜", "丹恩"]
    record = ScoreExport.objects.get()
    assert (record.reason, record.rows, record.exported_by) == ("报组织部", 3, cleo)


@pytest.mark.parametrize(
    ("sent", "at_field"),
    [({"format": "xlsx"}, "reason"), ({"format": "exe", "reason": "x"}, "format"), ({"reason": "x" * 201}, "reason")],
)
def test_no_file_without_format_and_reason(office: Client, exam: Exam, sent: dict, at_field: str) -> None:
    response = office.post(url(exam, "export"), {"format": "csv"} | sent)

    assert list(response.context["form"].errors) == [at_field]
    assert not ScoreExport.objects.exists()


def test_inspector_is_not_offered_phone_numbers(client: Client, exam: Exam, iris: User, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(phone="13812341234")
    client.force_login(iris)

    form = client.get(url(exam, "export")).context["form"]
    sent = client.post(url(exam, "export"), {"format": "csv", "reason": "x", "with_phones": "on"})

    assert list(form.fields) == ["format", "reason"]
    assert b"13812341234" not in b"".join(sent.streaming_content)


def test_list_cannot_be_taken_out_past_the_reason(office: Client, exam: Exam) -> None:
    for address in (url(exam), reverse("exams_staff:index"), reverse("blueprints:index")):
        response = office.get(f"{address}?export=xlsx")

        assert response["Content-Type"].startswith("text/html")
