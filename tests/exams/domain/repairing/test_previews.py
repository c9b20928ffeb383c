"""Who would be affected by a repair, told before anything is written."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exams.domain.repair_preview import preview_repair, summary_of
from exams.domain.repairing import (
    approve_repair,
    carry_out,
    withdraw_repair,
)
from exams.enums import (
    MarkSource,
    RepairKind,
)
from exams.models import Exam, Mark
from members.models import User
from question_bank.models import QuestionVersion
from tests.exams.domain.repairing.marks import scores
from tests.factories.exams import published_exam, sat_attempt
from tests.factories.members import UserFactory
from tests.factories.repairs import (
    AFTERWARDS,
    answered,
    asked_version,
    number_of,
    other_key,
    proposed,
)

pytestmark = pytest.mark.django_db

KINDS = list(RepairKind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_preview_says_what_then_happens(
    exam: Exam, version: QuestionVersion, ana: User, dan: User, cleo: User, flo: User, kind: str
) -> None:
    attempts = [sat_attempt(exam, ana, right=6), sat_attempt(exam, dan, right=7)]
    repair = proposed(version, kind, by=cleo)

    told = {row.attempt.pk: (row.new_score, row.new_counted, row.new_points) for row in preview_repair(repair)}
    approve_repair(repair, by=flo, at=AFTERWARDS)
    carry_out(repair.pk, at=AFTERWARDS)

    assert told == {
        attempt.pk: (
            scores(attempt)[0],
            scores(attempt)[1],
            attempt.marks.standing().get(number=number_of(attempt, version)).points,
        )
        for attempt in attempts
    }


def test_the_summary_counts_people_whose_pass_and_band_change(
    exam: Exam, version: QuestionVersion, ana: User, dan: User, cleo: User
) -> None:
    others = {v.pk: v.key for v in QuestionVersion.objects.filter(exposures__exam=exam).exclude(pk=version.pk)}
    five, eight = dict(list(others.items())[:5]), dict(list(others.items())[:8])
    answered(exam, ana, {**five, version.pk: other_key(version)})
    answered(exam, dan, {**eight, version.pk: version.key})

    summary = summary_of(preview_repair(proposed(version, RepairKind.CORRECT_KEY, by=cleo)))

    # 50 becomes 60: passed. 90 becomes 80: good instead of excellent.
    assert (summary.asked, summary.changed, summary.higher, summary.lower) == (2, 2, 1, 1)
    assert (summary.now_pass, summary.now_fail, summary.band_changed) == (1, 0, 2)


def test_a_preview_writes_nothing_and_asks_the_same_few_questions_of_one_and_of_many(
    ana: User, dan: User, cleo: User
) -> None:
    one, many = published_exam(ana, by=cleo), published_exam(ana, dan, *UserFactory.create_batch(3), by=cleo)
    counts = []
    for exam in (one, many):
        for candidate in exam.candidates.select_related("person"):
            sat_attempt(exam, candidate.person, right=5)
        repair = proposed(asked_version(exam), RepairKind.DROP_QUESTION, by=cleo, exams=[exam])
        with CaptureQueriesContext(connection) as queries:
            list(preview_repair(repair))
        counts.append(len(queries))
        withdraw_repair(repair, by=cleo, at=AFTERWARDS)

    assert counts[0] == counts[1]
    assert not Mark.objects.filter(source=MarkSource.REPAIRED).exists()
