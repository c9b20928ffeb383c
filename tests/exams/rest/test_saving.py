"""The short way of a save, for pages with a grant, against the whole way that everybody else takes."""

from typing import Any

import pytest
from django.db import OperationalError

from exams.models import Attempt, Response
from members.models import User
from tests.conftest import Clock
from tests.exams.rest.conftest import calling, page_of, problem

pytestmark = pytest.mark.django_db

# Not its language: an acknowledgement says no words.
HEADERS = ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")


def save(client: Any, attempt: Attempt, sequence: int, **extra: Any) -> Any:
    body = {"responses": [{"number": 5, "answer": {"text": "要点"}, "sequence": sequence}]}
    return client.patch(f"/api/v1/attempts/{attempt.uuid}/responses/", body, format="json", **extra)


def test_both_ways_answer_in_the_same_bytes_and_with_the_same_protection(
    attempt: Attempt, ana: User, clock: Clock
) -> None:
    short, whole = save(page_of(attempt), attempt, 1), save(calling(ana), attempt, 2)

    assert short.content == whole.content
    assert [short[name] for name in HEADERS] == [whole[name] for name in HEADERS]


def test_an_answer_that_stands_already_is_told_the_same_way(attempt: Attempt, ana: User, clock: Clock) -> None:
    save(page_of(attempt), attempt, 5)
    Response.objects.update(answer={"text": "别的"})

    short, whole = save(page_of(attempt), attempt, 3), save(calling(ana), attempt, 3)

    assert short.json()["stale"][0]["answer"] == {"text": "别的"}
    assert short.content == whole.content


def test_without_the_database_a_page_is_told_to_try_again(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_database(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    for way in ("saving", "attempts"):
        monkeypatch.setattr(f"exams.rest.{way}.save_answers", without_database)

    response = save(page_of(attempt), attempt, 1)

    assert (response.status_code, "Retry-After" in response.headers) == (503, True)


def test_another_host_is_refused_and_nothing_stored(attempt: Attempt, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]

    response = save(page_of(attempt), attempt, 1, headers={"host": "evil.example"})

    assert response.status_code == 400
    assert not Response.objects.exists()


def test_a_refusal_speaks_the_language_of_the_page(attempt: Attempt) -> None:
    page = page_of(attempt)
    page.cookies["django_language"] = "en"

    response = page.patch(f"/api/v1/attempts/{attempt.uuid}/responses/", {"responses": []}, format="json")

    assert problem(response) == (400, "answer_refused")
    assert response.json()["detail"] == "Send a list of responses."
