"""The API's sign-in and who I am."""

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from common.clock import now
from members.domain.access import deactivate
from members.domain.passwords import change_password, reset_password
from members.models import User
from tests.conftest import Clock
from tests.factories.members import PASSWORD

TOKEN, ME = "/api/v1/token/", "/api/v1/me/"


def _ask(client: Client, name: str = "ana", password: str = PASSWORD):
    return client.post(TOKEN, {"username": name, "password": password}, content_type="application/json")


def _me(client: Client, token: str):
    return client.get(ME, headers={"authorization": f"Token {token}"})


def test_token_says_who_i_am(client: Client, ana: User) -> None:
    token = _ask(client, "LX0001").json()["token"]

    response = _me(client, token)

    posting = ana.postings.get()
    assert (response.status_code, response.json()) == (
        200,
        {
            "uuid": str(ana.uuid),
            "name": "安娜",
            "roles": [{"role": "member", "division": "530999101000"}],
            "team": {"code": posting.team.code, "name": "柳湾村工作队"},
            "township": {"code": "530999101000", "name": "青石镇"},
        },
    )


def test_who_serves_nowhere_has_no_team(client: Client, cleo: User) -> None:
    client.force_login(cleo)

    answer = client.get(ME).json()

    assert (answer["team"], answer["township"], answer["roles"]) == (
        None,
        None,
        [{"role": "administrator", "division": "530999000000"}],
    )


def test_same_person_gets_the_same_token(client: Client, ana: User) -> None:
    assert _ask(client).json() == _ask(client).json()


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_wrong_password_and_unknown_name_get_the_same_answer(client: Client, ana: User, name: str) -> None:
    response = _ask(client, name, "wrong")

    assert (response.status_code, response["Content-Type"], response.json()["code"]) == (
        401,
        "application/problem+json",
        "authentication_failed",
    )


def test_fifth_failure_locks_the_token_call_and_the_page_alike(client: Client, ana: User, clock: Clock) -> None:
    for _attempt in range(4):
        _ask(client, "LX0001", "wrong")

    locked = _ask(client, "ana", "wrong")

    assert (locked.status_code, locked["Retry-After"], locked.json()["code"]) == (429, "300", "locked_out")
    assert _ask(client).status_code == 429
    assert client.post("/sign-in/", {"username": "ana", "password": PASSWORD}).status_code == 429


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '{"username": "ana"}',
        '{"username": ["ana"], "password": {}}',
        '{"username":"a\\u0000","password":"p"}',
    ],
)
def test_malformed_call_is_refused_with_a_code(client: Client, ana: User, body: str) -> None:
    response = client.post(TOKEN, body, content_type="application/json")

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["code"]


def test_initial_password_gives_no_token(client: Client, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(must_change_password=True)

    response = _ask(client)

    assert (response.status_code, response.json()["code"]) == (403, "password_change_required")
    assert Token.objects.count() == 0


@pytest.mark.parametrize("cause", ["changed", "reset", "deactivated"])
def test_token_ends_with_the_access(client: Client, ana: User, cleo: User, cause: str) -> None:
    token = _ask(client).json()["token"]
    assert _me(client, token).status_code == 200

    if cause == "changed":
        change_password(ana, old=PASSWORD, new="Xin-Mima-2026", at=now())
    elif cause == "reset":
        reset_password(ana, by=cleo, at=now())
    else:
        deactivate(ana, by=cleo, at=now())

    refused = _me(client, token)
    assert (refused.status_code in (401, 403), refused.json()["code"]) == (True, "authentication_failed")


def test_anonymous_is_nobody(client: Client, db: None) -> None:
    response = client.get(ME)

    assert (response.status_code in (401, 403), response["Content-Type"]) == (True, "application/problem+json")
    assert client.post(ME).status_code in (401, 403)
