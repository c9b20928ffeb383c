"""What a member downloads about their exams."""

from exams.domain.records import exams_record
from exams.domain.steering import close_exam, release_results
from exams.models import Attempt
from members.models import User
from tests.conftest import Clock
from tests.factories.exams import published_exam, sat_attempt


def test_a_download_holds_no_score_before_release(ana: User, cleo: User, clock: Clock) -> None:
    exam = published_exam(ana, release_rule="by_hand", division=cleo.roles_held[0].division)
    sat_attempt(exam, ana)

    before = exams_record(ana)
    clock.forward(hours=1)
    release_results(close_exam(exam, by=cleo, at=clock()), by=cleo, at=clock())
    after = exams_record(ana)

    assert [{"score", "right"} & set(record) for record in before] == [set()]
    assert [record["score"] for record in after] == [Attempt.objects.get().score]


def test_a_download_holds_nothing_of_others(ana: User, dan: User, clock: Clock) -> None:
    exam = published_exam(ana, dan)
    sat_attempt(exam, dan)

    assert exams_record(ana) == []
    assert [record["exam"] for record in exams_record(dan)] == [exam.title]
