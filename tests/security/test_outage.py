"""An unreachable database is said as 503 with a hint when to come back, wherever it is noticed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import gettext
from rest_framework.authtoken.models import Token

from exams.domain.grants import issue
from exams.models import Attempt, Response
from members.models import User
from tests.conftest import Clock
from tests.factories.exams import opened_attempt, published_exam

pytestmark = pytest.mark.django_db(transaction=True)


def patient() -> Client:
    """A client that shows what a browser would see, also where the server noted an error."""
    return Client(raise_request_exception=False)


@contextmanager
def unreachable_database() -> Iterator[None]:
    """The real driver finds nobody at the address; nothing else is replaced."""
    original = dict(connection.settings_dict)
    connection.close()
    nowhere = {"sqlite": {"NAME": "/nowhere/at/all.sqlite3"}, "postgresql": {"HOST": "127.0.0.1", "PORT": "1"}}
    connection.settings_dict.update(nowhere[connection.vendor])
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(original)


@pytest.fixture
def attempt(ana: User, cleo: User, clock: Clock) -> Attempt:
    return opened_attempt(published_exam(ana, by=cleo, blueprint__plan=(("short", 1, 5),)), ana, at=clock())


BODY = '{"responses": [{"number": 1, "answer": {"text": "x"}, "sequence": 1}]}'
PROBLEM = {"type": "about:blank", "title": "database unavailable", "status": 503, "code": "database_unavailable"}


@pytest.mark.parametrize("caller", ["grant", "token", "session"])
def test_a_save_that_finds_no_database_says_when_to_try_again(attempt: Attempt, ana: User, caller: str) -> None:
    client, headers = patient(), {}
    if caller == "grant":
        headers = {"Authorization": f"Attempt {issue(attempt)}"}
    elif caller == "token":
        headers = {"Authorization": f"Token {Token.objects.create(user=ana).key}"}
    else:
        client.force_login(ana)
    address = f"/api/v1/attempts/{attempt.uuid}/responses/"

    with unreachable_database():
        response = client.patch(address, BODY, content_type="application/json", headers=headers)

    body = response.json()
    assert body.pop("detail")
    assert body == PROBLEM
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert not Response.objects.exists()


def test_when_the_database_is_back_the_same_save_succeeds(attempt: Attempt) -> None:
    client, headers = patient(), {"Authorization": f"Attempt {issue(attempt)}"}
    address = f"/api/v1/attempts/{attempt.uuid}/responses/"
    with unreachable_database():
        client.patch(address, BODY, content_type="application/json", headers=headers)

    response = client.patch(address, BODY, content_type="application/json", headers=headers)

    assert (response.status_code, response.json()["saved"]) == (200, [1])


@pytest.mark.parametrize("address", ["/", "/exams/", "/me/", "/admin/", "/sign-in/", "/healthz", "/api/v1/exams/"])
def test_every_page_says_the_outage_and_not_that_it_crashed(ana: User, address: str) -> None:
    client = patient()
    client.force_login(ana)

    with unreachable_database():
        response = client.get(address)

    assert (response.status_code, response.headers.get("Retry-After")) == (503, "5")


def test_the_page_of_an_attempt_says_that_answers_stay_on_the_device(attempt: Attempt, ana: User) -> None:
    client = patient()
    client.force_login(ana)

    with unreachable_database():
        response = client.get(f"/attempts/{attempt.uuid}/")

    assert response.status_code == 503
    assert gettext("Your answers stay on this device. Please try again in a few seconds.") in response.content.decode()


def test_handing_in_the_plain_form_during_an_outage_loses_nothing(attempt: Attempt, ana: User) -> None:
    client = patient()
    client.force_login(ana)

    with unreachable_database():
        response = client.post(f"/attempts/{attempt.uuid}/", {"action": "hand_in"})

    attempt.refresh_from_db()
    assert response.status_code == 503
    assert attempt.is_open()


def test_a_defect_of_ours_is_still_an_error_and_not_an_outage(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = patient()
    client.force_login(ana)
    monkeypatch.setattr("exams.web.exams.places_of", lambda *_args, **_kwargs: 1 / 0)

    response = client.get("/exams/")

    assert response.status_code == 500
    assert "Retry-After" not in response.headers
