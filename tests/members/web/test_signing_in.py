"""Signing in and out."""

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.urls import reverse

from members.enums import Role
from members.models import Division, User
from members.signals import access_ended
from tests.conftest import Clock
from tests.factories.members import PASSWORD, UserFactory, give_role

SIGN_IN = "/sign-in/"


def _sign_in(client: Client, name: str, password: str = PASSWORD, **extra: str):
    return client.post(SIGN_IN, {"username": name, "password": password, **extra})


def _signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("name", ["zhou", "LX0101", "lx0101", " 13812341234 ", "１３８１２３４１２３４"])
def test_user_name_staff_number_and_phone_all_sign_in(client: Client, db: None, name: str) -> None:
    person = UserFactory(username="zhou", code="LX0101", phone="13812341234")

    response = _sign_in(client, name)

    assert (response.status_code, response["Location"], _signed_in_as(client)) == (302, "/", str(person.pk))


def test_unknown_name_and_wrong_password_get_the_same_answer(client: Client, ana: User) -> None:
    unknown = _sign_in(client, "nobody", "wrong")
    wrong = _sign_in(client, "ana", "wrong")

    def plain(response) -> str:
        text = response.content.decode()
        return text.replace(response.wsgi_request.META["CSRF_COOKIE"], "")

    assert (unknown.status_code, wrong.status_code, _signed_in_as(client)) == (200, 200, None)
    assert [line for line in plain(unknown).splitlines() if "csrf" not in line and "nobody" not in line] == [
        line for line in plain(wrong).splitlines() if "csrf" not in line and '"ana"' not in line
    ]


def test_unknown_name_costs_as_many_hashes_and_queries_as_a_wrong_password(
    client: Client, ana: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    hashes: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashes.append(password) or encode(self, password, salt),
    )

    def cost(name: str) -> tuple[int, int]:
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            _sign_in(client, name, "wrong")
        return len(hashes), len(queries)

    assert cost("nobody") == cost("ana") == (1, cost("somebody")[1])


def test_inactive_person_is_not_told_apart(client: Client, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_active=False)

    response = _sign_in(client, "ana")

    assert (response.status_code, _signed_in_as(client)) == (200, None)


def test_fifth_failure_pauses_this_name_for_300_seconds(client: Client, ana: User, clock: Clock) -> None:
    answers = [_sign_in(client, "ana", "wrong").status_code for _attempt in range(5)]
    clock.forward(seconds=120)

    locked = _sign_in(client, "ana")

    assert answers == [200, 200, 200, 200, 429]
    assert (locked.status_code, locked["Retry-After"], _signed_in_as(client)) == (429, "180", None)
    assert "3" in locked.content.decode()


def test_pause_ends_by_itself_even_if_somebody_keeps_trying(client: Client, ana: User, clock: Clock) -> None:
    for _attempt in range(5):
        _sign_in(client, "ana", "wrong")
    clock.forward(seconds=200)
    _sign_in(client, "ana", "wrong")
    clock.forward(seconds=101)

    response = _sign_in(client, "ana")

    assert (response.status_code, _signed_in_as(client)) == (302, str(ana.pk))


def test_three_names_of_one_person_are_not_three_times_five_guesses(client: Client, db: None) -> None:
    UserFactory(username="zhou", code="LX0101", phone="13812341234")
    for name in ("zhou", "LX0101", "13812341234", "zhou"):
        assert _sign_in(client, name, "wrong").status_code == 200

    assert _sign_in(client, "lx0101", "wrong").status_code == 429
    assert _sign_in(client, "13812341234").status_code == 429


def test_pause_holds_for_one_address_only(client: Client, ana: User) -> None:
    for _attempt in range(5):
        _sign_in(client, "ana", "wrong")

    elsewhere = client.post(SIGN_IN, {"username": "ana", "password": PASSWORD}, REMOTE_ADDR="10.9.9.9")

    assert elsewhere.status_code == 302


def test_success_forgets_earlier_failures(client: Client, db: None) -> None:
    UserFactory(username="zhou", code="LX0101")
    for _attempt in range(4):
        _sign_in(client, "LX0101", "wrong")

    _sign_in(client, "LX0101")

    assert AccessAttempt.objects.count() == 0


@pytest.mark.parametrize(
    "hostile", [{"username": "x" * 5000, "password": "p"}, {"username": "a\0b", "password": "p"}, {"password": "p"}, {}]
)
def test_odd_input_is_refused_without_a_crash(client: Client, db: None, hostile: dict[str, str]) -> None:
    response = client.post(SIGN_IN, hostile)

    assert (response.status_code, AccessAttempt.objects.count()) == (200, 0)


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/exams/", "/exams/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\evil.example", "/"),
        ("/sign-in/?next=/x", "/"),
        ("", "/"),
    ],
)
def test_sign_in_leads_only_to_pages_of_this_site(client: Client, ana: User, target: str, leads_to: str) -> None:
    response = _sign_in(client, "ana", next=target)

    assert response["Location"] == leads_to


def test_session_key_changes_at_sign_in(client: Client, ana: User) -> None:
    session = client.session
    session["before"] = True
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted

    _sign_in(client, "ana")

    assert client.session.session_key != planted
    assert not client.session.exists(planted)


def test_sign_in_stays_lean(client: Client, ana: User, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(7):
        response = _sign_in(client, "ana")

    assert response.status_code == 302


def test_sign_in_needs_the_csrf_token(ana: User) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert _sign_in(strict, "ana").status_code == 403
    assert strict.post("/sign-in/demo/", {"account": "member"}).status_code == 403
    assert strict.post("/sign-out/").status_code == 403


def test_somebody_signed_in_is_sent_on(client: Client, ana: User) -> None:
    client.force_login(ana)

    response = client.get(SIGN_IN, {"next": "/exams/"})

    assert (response.status_code, response["Location"]) == (302, "/exams/")


def test_signing_out_ends_the_session_and_says_so(client: Client, ana: User) -> None:
    heard: list[User] = []

    def listen(sender: type[User], person: User, **kwargs: object) -> None:
        heard.append(person)

    access_ended.connect(listen)
    client.force_login(ana)

    response = client.post("/sign-out/")

    assert (response.status_code, response["Location"], _signed_in_as(client), heard) == (302, SIGN_IN, None, [ana])
    assert client.get("/sign-out/").status_code == 405


def test_wagtails_sign_out_ends_rights_too(client: Client, cleo: User) -> None:
    heard: list[User] = []

    def listen(sender: type[User], person: User, **kwargs: object) -> None:
        heard.append(person)

    access_ended.connect(listen)
    client.force_login(cleo)

    client.post(reverse("wagtailadmin_logout"))

    assert heard == [cleo]


@pytest.mark.parametrize("address", ["/admin/login/", "/_util/login/"])
def test_there_is_one_sign_in_page(client: Client, db: None, address: str) -> None:
    response = client.get(address, {"next": "/admin/"})

    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=%2Fadmin%2F")


def test_demo_button_signs_in_where_the_demo_runs(client: Client, county: Division, settings) -> None:
    settings.DEMO = True
    person = give_role(UserFactory(username="trainer"), Role.TRAINER, county)

    page = client.get(SIGN_IN).content.decode()
    response = client.post("/sign-in/demo/", {"account": "trainer", "next": "/admin/"})

    assert page.count('name="account"') == 4
    assert (response["Location"], _signed_in_as(client)) == ("/admin/", str(person.pk))


@pytest.mark.parametrize(("demo", "account"), [(False, "trainer"), (True, "cleo"), (True, "missing"), (True, "")])
def test_demo_button_opens_nothing_else(client: Client, cleo: User, settings, demo: bool, account: str) -> None:
    settings.DEMO = demo
    UserFactory(username="trainer")

    response = client.post("/sign-in/demo/", {"account": account})

    assert (response.status_code, _signed_in_as(client)) == (404, None)


def test_demo_accounts_are_not_named_outside_the_demo(client: Client, db: None) -> None:
    page = client.get(SIGN_IN).content.decode()

    assert "/sign-in/demo/" not in page


def test_password_never_comes_back_in_the_page(client: Client, ana: User) -> None:
    page = _sign_in(client, "ana", "Secret-but-wrong-1").content.decode()

    assert "Secret-but-wrong-1" not in page
