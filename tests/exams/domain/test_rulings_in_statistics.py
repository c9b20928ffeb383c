"""What a repair has given to everybody is no evidence about its question."""

from datetime import timedelta

import pytest

from exams.domain.statistics.evidence import without_evidence
from exams.enums import RepairKind
from members.models import Division, User
from tests.factories.exams import published_exam
from tests.factories.repairs import AFTERWARDS, asked_version, repaired, second_administrator

pytestmark = pytest.mark.django_db


def test_a_question_credited_to_everybody_is_left_out_and_a_corrected_one_is_not(
    ana: User, cleo: User, county: Division
) -> None:
    exam, second = published_exam(ana), second_administrator(county)
    credited, corrected = asked_version(exam, 0), asked_version(exam, 1)

    repaired(credited, RepairKind.CREDIT_EVERYBODY, by=cleo, second=second)
    repaired(corrected, RepairKind.CORRECT_KEY, by=cleo, second=second)

    assert without_evidence([exam.pk]) == {(exam.pk, credited.pk)}


def test_of_two_repairs_the_later_one_says_what_counts(ana: User, cleo: User, county: Division) -> None:
    exam, second = published_exam(ana), second_administrator(county)
    version = asked_version(exam)

    repaired(version, RepairKind.CREDIT_EVERYBODY, by=cleo, second=second)
    credited = without_evidence([exam.pk])
    repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=second, at=AFTERWARDS + timedelta(days=1))

    assert (credited, without_evidence([exam.pk])) == ({(exam.pk, version.pk)}, set())
