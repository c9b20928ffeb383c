"""What a member sees of a repaired key: nothing before the release, everything that concerns them afterwards."""

from datetime import timedelta

import pytest
from django.test import Client

from exams.domain.next_steps import exam_steps
from exams.domain.results import result_of
from exams.enums import ReleaseRule, RepairKind
from exams.models import Attempt, Exam
from members.models import Division, User
from question_bank.models import QuestionVersion
from tests.conftest import Clock
from tests.factories.exams import published_exam
from tests.factories.repairs import AFTERWARDS, answered, asked_version, number_of, other_key, repaired
from tests.factories.repairs import second_administrator as administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam(ana: User, cleo: User, clock: Clock) -> Exam:
    return published_exam(ana, by=cleo, release_rule=ReleaseRule.BY_HAND)


@pytest.fixture
def version(exam: Exam) -> QuestionVersion:
    return asked_version(exam)


@pytest.fixture
def attempt(exam: Exam, version: QuestionVersion, ana: User, cleo: User, county: Division, clock: Clock) -> Attempt:
    """Ana gained ten points by a corrected key; the results are not out."""
    attempt = answered(exam, ana, {version.pk: other_key(version)})
    repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=administrator(county))
    clock.forward(days=1)
    return attempt


def release(exam: Exam) -> None:
    Exam.objects.filter(pk=exam.pk).update(released_at=AFTERWARDS + timedelta(hours=1))


def fresh(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_related("candidate__exam__blueprint", "paper").get(pk=attempt.pk)


def test_before_the_release_nothing_of_the_repair_is_told(
    attempt: Attempt, exam: Exam, ana: User, client: Client, clock: Clock
) -> None:
    client.force_login(ana)

    closed = [client.get(address).content.decode() for address in addresses(attempt)]
    steps = exam_steps(ana, at=clock())
    release(exam)
    opened = [client.get(address).content.decode() for address in addresses(attempt)]

    assert ["答案与文件不符" in page or "乙项" in page for page in closed] == [False] * 3
    assert steps == []
    # Shown to the right person at the right time, so that the test above looks for something that exists.
    assert "答案与文件不符" in opened[1]
    assert "乙项" in opened[2]


def addresses(attempt: Attempt) -> list[str]:
    return ["/", f"/attempts/{attempt.uuid}/?show=all", f"/api/v1/attempts/{attempt.uuid}/"]


def test_the_result_names_the_change_and_shows_the_key_that_holds(
    attempt: Attempt, exam: Exam, version: QuestionVersion, clock: Clock
) -> None:
    release(exam)

    result = result_of(fresh(attempt), at=clock())

    row = next(row for row in result.rows if row.version_id == version.pk)
    assert (result.score, row.earned, row.verdict) == (10, 10, "right")
    assert row.given == row.expected
    assert row.repair.endswith("本题得分：0 → 10。")
    assert [(change.number, change.before, change.after, change.seen) for change in result.changes] == [
        (number_of(attempt, version), 0, 10, False)
    ]
    assert [row.repair for row in result.rows if row.version_id != version.pk] == [""] * 9


def test_the_home_page_tells_until_the_result_was_looked_at(
    attempt: Attempt, exam: Exam, ana: User, client: Client, clock: Clock
) -> None:
    release(exam)
    client.force_login(ana)

    before = [step.headline for step in exam_steps(ana, at=clock())]
    client.get(f"/attempts/{attempt.uuid}/")
    after = [step.headline for step in exam_steps(ana, at=clock())]

    assert "您有一次考试成绩有变化" in before
    assert "您有一次考试成绩有变化" not in after
    assert attempt.repair_outcomes.get().seen_at == clock()


def test_a_result_asks_the_same_few_questions_however_often_it_was_repaired(
    attempt: Attempt, exam: Exam, cleo: User, county: Division, clock: Clock, django_assert_max_num_queries: object
) -> None:
    release(exam)

    with django_assert_max_num_queries(7):  # type: ignore[operator]
        result_of(fresh(attempt), at=clock())


def test_the_api_says_what_the_page_says_of_a_repair(
    attempt: Attempt, exam: Exam, version: QuestionVersion, ana: User, client: Client
) -> None:
    client.force_login(ana)
    address = f"/api/v1/attempts/{attempt.uuid}/"

    closed = client.get(address).json()
    release(exam)
    opened = client.get(address).json()

    number = number_of(attempt, version)
    [change] = opened["score_changes"]
    noted = {row["number"]: row["repair"] for row in opened["review"] if row["repair"]}
    page = client.get(f"/attempts/{attempt.uuid}/?show=all").content.decode()
    assert (closed["review"], closed["score_changes"]) == ([], [])
    assert (change["number"], change["reason"], change["score_after"]) == (number, "答案与文件不符", opened["score"])
    assert list(noted) == [number]
    assert all(line in page for line in noted[number].splitlines())
