"""What a repair has given to everybody is no evidence about its question."""

import pytest

from exams.domain.statistics.evidence import without_evidence
from exams.enums import RepairKind
from members.models import Division, User
from tests.factories.exams import published_exam
from tests.factories.repairs import asked_version, repaired, second_administrator

pytestmark = pytest.mark.django_db


def test_a_question_credited_to_everybody_is_left_out_and_a_corrected_one_is_not(
    ana: User, cleo: User, county: Division
) -> None:
    exam, second = published_exam(ana), second_administrator(county)
    credited, corrected = asked_version(exam, 0), asked_version(exam, 1)

    repaired(credited, RepairKind.CREDIT_EVERYBODY, by=cleo, second=second)
    repaired(corrected, RepairKind.CORRECT_KEY, by=cleo, second=second)

    assert without_evidence([exam.pk]) == {(exam.pk, credited.pk)}
