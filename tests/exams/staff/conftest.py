"""People of the office, and exams in the states the pages of the office know."""

from copy import deepcopy

import pytest
from django.test import Client

from exams.models import Exam
from members.enums import Role
from members.models import Division, User
from question_bank.enums import Kind
from tests.conftest import Clock, stopped_clock
from tests.factories.exams import ExamFactory, published_exam
from tests.factories.members import UserFactory, give_role
from tests.support import cast

SMALL_PLAN = ((Kind.SINGLE, 2, 50),)
PLAN_WITH_SHORT_ANSWER = ((Kind.SINGLE, 1, 60), (Kind.SHORT, 1, 40))


@pytest.fixture
def eve(other_township: Division) -> User:
    """An exam administrator of 柳河镇 alone."""
    return give_role(UserFactory.create(username="eve", name="伊芙", code="LX9005"), Role.ADMINISTRATOR, other_township)


@pytest.fixture
def iris(county: Division) -> User:
    """An inspector of the county: reads scores, changes nothing."""
    return give_role(UserFactory.create(username="iris", name="伊里", code="LX9003"), Role.INSPECTOR, county)


@pytest.fixture
def office(client: Client, clock: Clock, cleo: User) -> Client:
    """Cleo, signed in at noon of 15 June 2026."""
    client.force_login(cleo)
    return client


@pytest.fixture
def draft(clock: Clock, ana: User, township: Division, cleo: User) -> Exam:
    """An exam of 青石镇 in preparation, for Ana."""
    return ExamFactory.create(division=township, created_by=cleo, people=[ana], blueprint__plan=SMALL_PLAN)


@pytest.fixture(scope="module")
def _exam(standing: None) -> Exam:
    everybody = cast.everybody()
    with stopped_clock():
        return published_exam(everybody.ana, division=everybody.township, blueprint__plan=SMALL_PLAN)


@pytest.fixture
def exam(_exam: Exam, clock: Clock, db: None) -> Exam:
    """An exam of 青石镇 that runs at noon, for Ana."""
    return deepcopy(_exam)


@pytest.fixture
def written_exam(clock: Clock, ana: User, township: Division) -> Exam:
    """One with a short answer in it."""
    return published_exam(ana, division=township, blueprint__plan=PLAN_WITH_SHORT_ANSWER)
