"""Statistics in the staff interface: figures in words, bounded by division, taken out as files."""

from copy import deepcopy
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from exams.domain.statistics import compute_statistics
from exams.enums import RepairKind
from exams.models import Exam, ItemStatistics
from members.enums import Role
from members.models import Division, User
from question_bank.domain.publishing import publish_question
from question_bank.enums import Kind
from question_bank.models import Question
from tests.conftest import Clock, stopped_clock
from tests.exams.staff.counting import queries_of
from tests.factories.exams import NOON, published_exam
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory
from tests.factories.repairs import asked_version, repaired, second_administrator
from tests.support import cast
from tests.support.sittings import people, right_for, sat_exam

EVENING = NOON + timedelta(hours=8)
FOUR = ((Kind.SINGLE, 4, 25),)


@pytest.fixture(scope="module")
def _exam(standing: None) -> Exam:
    cast.county()
    with stopped_clock():
        return sat_exam(people(40), right_for(30), title="六月测试", blueprint__plan=FOUR)


@pytest.fixture
def exam(_exam: Exam, clock: Clock, db: None) -> Exam:
    """Forty people of the county sat four questions; the first thirty pick every key. It is evening."""
    clock.time = EVENING
    return deepcopy(_exam)


@pytest.fixture
def office(client: Client, cleo: User) -> Client:
    client.force_login(cleo)
    return client


def page_of(question: Question) -> str:
    return reverse("question_statistics:question", args=[question.pk])


def url(exam: Exam, name: str = "statistics") -> str:
    return reverse(f"exams_staff:{name}", args=[exam.uuid])


def a_question() -> Question:
    return Question.objects.order_by("pk")[0]


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


# -- a question ---------------------------------------------------------------------------------


def test_question_is_shown_with_its_figures_and_their_intervals(office: Client, exam: Exam) -> None:
    compute_statistics(at=EVENING)

    page = office.get(page_of(a_question()))

    [version] = page.context["versions"]
    assert (version["words"]["facility"], version["words"]["discrimination"]) == (
        "75.0% (59.8%–85.8%)",
        "1.00（1.00 至 1.00），很好",
    )
    rows = [(row.text, row.is_right, row.picked) for row in version["options"]]
    assert rows[0] == ("甲项", True, (0, 30, 0))
    assert rows[-1] == ("未作答", False, (0, 0, 0))
    assert [row["quarter"] for row in version["quarters"]] == ["2026Q2"]
    text = text_of(page)
    assert text.count("<svg") - text.count('<svg class="icon') >= 2
    assert "现行" in text


def test_few_answers_are_said_and_not_counted(office: Client, clock: Clock, county: Division) -> None:
    sat_exam(people(4), right_for(2), blueprint__plan=FOUR)
    clock.time = EVENING
    compute_statistics(at=EVENING)

    version = office.get(page_of(a_question())).context["versions"][0]

    assert set(version["words"].values()) == {"作答人次不足（4）", "90 天内 4 人"}
    assert (version["options"], version["option_chart"], version["quarter_chart"]) == ([], "", "")
    assert version["options_missing"] == "作答人次不足（4）"


def test_question_that_nobody_was_asked_says_so(office: Client, clock: Clock, ben: User) -> None:
    draft = QuestionFactory.create()
    asked = publish_question(QuestionFactory.create(), by=ben, at=NOON).question

    assert "此题尚未发布" in text_of(office.get(page_of(draft)))
    assert "还没有人答过这个版本" in text_of(office.get(page_of(asked)))


def test_versions_stand_side_by_side(office: Client, exam: Exam, ben: User) -> None:
    compute_statistics(at=EVENING)
    question = a_question()
    question.stem = "换一种问法，选哪一项？"
    question.save()
    publish_question(question, by=ben, at=EVENING)

    page = office.get(page_of(question))

    assert [(version["number"], version["is_current"]) for version in page.context["versions"]] == [
        (2, True),
        (1, False),
    ]
    assert "尚未考过" in text_of(page)


def test_a_corrected_key_is_marked_beside_the_one_it_replaced(
    office: Client, exam: Exam, cleo: User, county: Division
) -> None:
    version = asked_version(exam)
    repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=second_administrator(county))
    compute_statistics(at=EVENING)

    page = office.get(page_of(version.question))

    # The question itself was corrected as well: its newer version has not been asked yet.
    _newer, shown = page.context["versions"]
    marked = [(row.text, row.is_right, row.was_right) for row in shown["options"]]
    assert marked[:3] == [("甲项", False, True), ("乙项", True, False), ("丙项", False, False)]
    text = text_of(page)
    assert ("答案已于 2026-06-15 更正" in text, text.count("更正前的答案")) == (True, 1)


def test_whoever_may_repair_a_key_gets_there_from_its_figures(office: Client, exam: Exam, client: Client, ben: User):
    address = reverse("exams_repairs:propose", args=[asked_version(exam).pk])
    page = page_of(asked_version(exam).question)

    seen_by_office = address in text_of(office.get(page))
    client.force_login(ben)
    seen_by_trainer = address in text_of(client.get(page))

    assert (seen_by_office, seen_by_trainer) == (True, False)


@pytest.mark.once
def test_question_costs_the_same_for_one_version_and_three(
    office: Client, exam: Exam, ben: User, django_assert_num_queries: Any
) -> None:
    compute_statistics(at=EVENING)
    question = a_question()
    one = queries_of(lambda: office.get(page_of(question)))
    for number in (2, 3):
        question.stem = f"第 {number} 种问法？"
        question.save()
        publish_question(question, by=ben, at=EVENING)
    ItemStatistics.objects.bulk_create(
        ItemStatistics(version=version, quarter=quarter, n=5, computed_at=EVENING)
        for version in question.versions.exclude(number=1)
        for quarter in ("", "2026Q1", "2026Q2")
    )
    office.get(page_of(question))

    with django_assert_num_queries(one):
        office.get(page_of(question))


@pytest.mark.parametrize("name", ["wagtailsnippets_question_bank_question:list", "inspect"])
def test_questions_lead_to_their_statistics(office: Client, exam: Exam, name: str) -> None:
    question = a_question()
    inspect = reverse("wagtailsnippets_question_bank_question:inspect", args=[question.pk])

    assert page_of(question) in text_of(office.get(inspect if name == "inspect" else reverse(name)))


# -- an exam --------------------------------------------------------------------------------------


def test_exam_is_shown_with_its_scores_and_its_questions(office: Client, exam: Exam) -> None:
    flag = {"code": "over_exposed", "people": 40, "of": 45, "days": 90}
    compute_statistics(at=EVENING)
    ItemStatistics.objects.filter(quarter="").update(flags=[flag], is_flagged=True)

    page = office.get(url(exam))

    context = page.context
    assert (context["figures"].persons, context["questions"], context["known"]) == (40, 4, 4)
    assert (context["distribution"].mean, context["distribution"].median) == (75, 100)
    assert [band.people for band in context["distribution"].bands] == [10, 0, 0, 0, 0, 0, 0, 0, 0, 30]
    assert len(context["hardest"]) == len(context["easiest"]) == len(context["flagged"]) == 4
    assert "近 90 天参加考试的 45 人中，已有 40 人见过此题。" in text_of(page)


def test_scores_lie_as_far_as_one_may_see(
    client: Client, ana: User, dan: User, township: Division, clock: Clock
) -> None:
    own = sat_exam([ana, dan], right_for(1), blueprint__plan=FOUR)
    of_others = sat_exam([dan], right_for(1), blueprint=own.blueprint)
    inspector = give_role(UserFactory.create(), Role.INSPECTOR, township)
    client.force_login(inspector)
    clock.time = EVENING

    seen, none = client.get(url(own)), client.get(url(of_others))

    assert (seen.context["distribution"].people, seen.context["distribution"].mean) == (1, 100)
    assert none.context["distribution"] is None
    assert "您可查看的人员中还没有人有成绩" in text_of(none)


def test_exam_that_runs_tells_nothing(office: Client, clock: Clock, ana: User) -> None:
    running = published_exam(ana, blueprint__plan=FOUR)

    page = office.get(url(running))

    assert "考试结束后才有统计" in text_of(page)
    assert "distribution" not in page.context


@pytest.mark.once
def test_exam_costs_the_same_for_one_question_and_three(
    office: Client, clock: Clock, county: Division, django_assert_num_queries: Any
) -> None:
    small = sat_exam(people(12), right_for(6), blueprint__plan=((Kind.SINGLE, 1, 100),))
    large = sat_exam(people(13), right_for(6), blueprint__plan=((Kind.TRUE_FALSE, 3, 30),))
    clock.time = EVENING
    compute_statistics(at=EVENING)
    one = queries_of(lambda: office.get(url(small)))
    office.get(url(large))

    with django_assert_num_queries(one):
        office.get(url(large))


def test_exam_and_its_scores_lead_to_the_statistics(office: Client, exam: Exam) -> None:
    for name in ("control", "scores"):
        assert url(exam) in text_of(office.get(url(exam, name)))


# -- the way out ----------------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", ["xlsx", "csv", "csv-gb18030"])
def test_item_table_is_taken_out_and_that_is_written_down(
    office: Client, exam: Exam, cleo: User, file_format: str
) -> None:
    compute_statistics(at=EVENING)

    response = office.post(url(exam, "statistics_export"), {"format": file_format})

    content = b"".join(response.streaming_content)
    if file_format == "xlsx":
        sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
        table = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    else:
        text = content.decode("gb18030" if "gb" in file_format else "utf-8-sig")
        table = [line.split(",") for line in text.splitlines()]
    assert (table[0][:3], table[0][8], len(table)) == (["试题编号", "版本", "知识点"], "难度系数（得分率）", 5)
    assert {float(row[8]) for row in table[1:]} == {0.75}
    entry = ModelLogEntry.objects.get(action="exams.export_statistics")
    assert (entry.user, entry.timestamp, entry.data) == (cleo, EVENING, {"format": file_format, "rows": 4})


def test_few_answers_are_said_in_the_file_too(office: Client, clock: Clock, county: Division) -> None:
    exam = sat_exam(people(4), right_for(2), blueprint__plan=FOUR)
    clock.time = EVENING
    compute_statistics(at=EVENING)

    response = office.post(url(exam, "statistics_export"), {"format": "csv"})

    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    few = "作答人次不足（4）"
    assert [line.split(",")[8:15] for line in lines[1:]] == [[few, "", "", few, "", "", few]] * 4


def test_no_paper_of_it(office: Client, exam: Exam) -> None:
    response = office.post(url(exam, "statistics_export"), {"format": "pdf"})

    assert list(response.context["form"].errors) == ["format"]


def test_figures_are_computed_when_asked_for(office: Client, exam: Exam) -> None:
    cache.clear()

    response = office.post(url(exam, "statistics_compute"), follow=True)

    assert response.redirect_chain == [(url(exam), 302)]
    assert set(ItemStatistics.objects.values_list("computed_at", flat=True)) == {EVENING}


def test_who_only_reads_takes_out_but_does_not_compute(client: Client, exam: Exam, iris: User) -> None:
    client.force_login(iris)

    text = text_of(client.get(url(exam)))

    assert url(exam, "statistics_export") in text
    assert url(exam, "statistics_compute") not in text


def test_person_without_a_role_there_finds_nothing(client: Client, ana: User, clock: Clock, township: Division) -> None:
    sat = sat_exam([ana], right_for(1), division=township, blueprint__plan=FOUR)
    other = Division.objects.create(code="530999103000", name="别镇")
    client.force_login(give_role(UserFactory.create(), Role.ADMINISTRATOR, other))

    assert [client.get(url(sat, name)).status_code for name in ("statistics", "statistics_export")] == [404, 404]
