"""Callers of the API: with a token, with a session, with a page's grant."""

from copy import deepcopy
from typing import Any

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from exams.domain.grants import issue
from exams.models import Attempt, Exam
from members.models import User
from tests.conftest import Clock, stopped_clock
from tests.factories.exams import opened_attempt, published_exam
from tests.support import cast

ALL_KINDS = tuple((kind, 1, 20) for kind in ("single", "multiple", "true_false", "fill", "short"))


def calling(person: User) -> APIClient:
    """A program of ``person``, signed in by token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=person)[0].key}")
    return client


def page_of(attempt: Attempt) -> APIClient:
    """The open page of ``attempt``: it has the grant, and neither session nor token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Attempt {issue(attempt)}")
    return client


def problem(response: Any) -> tuple[int, str]:
    """Status and code of a refusal, which must be a whole problem document (RFC 9457)."""
    body = response.json()
    assert response.headers["Content-Type"] == "application/problem+json"
    assert body["status"] == response.status_code
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"]
    return response.status_code, body["code"]


@pytest.fixture(scope="module")
def _exam(standing: None) -> Exam:
    everybody = cast.everybody()
    with stopped_clock():
        return published_exam(everybody.ana, by=everybody.cleo, blueprint__plan=ALL_KINDS)


@pytest.fixture
def exam(_exam: Exam, clock: Clock, db: None) -> Exam:
    """One question of each kind, twenty points each; it is noon, the exam runs until six."""
    return deepcopy(_exam)


@pytest.fixture
def attempt(exam: Exam, ana: User, clock: Clock) -> Attempt:
    return opened_attempt(exam, ana, at=clock())
