"""An exam of ten choices, one of its questions, and a second administrator of the county."""

from copy import deepcopy

import pytest

from exams.models import Exam
from members.models import Division, User
from question_bank.enums import Kind
from question_bank.models import QuestionVersion
from tests.factories.exams import published_exam
from tests.factories.repairs import second_administrator
from tests.support import cast


@pytest.fixture
def flo(county: Division) -> User:
    """A second exam administrator of the county."""
    return second_administrator(county)


@pytest.fixture(scope="module")
def _exam(standing: None) -> Exam:
    everybody = cast.everybody()
    return published_exam(everybody.ana, everybody.dan, by=everybody.cleo)


@pytest.fixture
def exam(_exam: Exam, db: None) -> Exam:
    """Ten choices, ten points each."""
    return deepcopy(_exam)


@pytest.fixture
def version(exam: Exam) -> QuestionVersion:
    """A single choice of everybody's paper."""
    return QuestionVersion.objects.filter(exposures__exam=exam, kind=Kind.SINGLE).order_by("pk")[0]
