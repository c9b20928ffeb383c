"""Initial passwords, outdated ones, and staff sessions left alone."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from members.models import User
from tests.conftest import Clock
from tests.factories.members import PASSWORD


def _plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("plain")


def _stateless(request: HttpRequest) -> HttpResponse:
    return HttpResponse("stateless")


def _poll(request: HttpRequest) -> HttpResponse:
    return HttpResponse("poll")


def _hand_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse("handed in")


_stateless.stateless = True
_poll.unattended = True
_hand_in.outlasts_idling = True

urlpatterns = [
    path("plain/", _plain),
    path("stateless/", _stateless),
    path("poll/", _poll),
    path("hand-in/", _hand_in),
    path("api/v1/plain/", _plain),
    path("", include("config.urls")),
]


@pytest.fixture(autouse=True)
def _own_pages(settings) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    return


def _initial(person: User) -> User:
    User.objects.filter(pk=person.pk).update(must_change_password=True)
    return person


@pytest.mark.parametrize("address", ["/plain/", "/me/", "/admin/", "/me/data/"])
def test_initial_password_opens_nothing_but_its_change(client: Client, ana: User, address: str) -> None:
    client.force_login(_initial(ana))

    response = client.get(address)

    assert (response.status_code, response["Location"]) == (302, "/password/")


@pytest.mark.parametrize("address", ["/password/", "/privacy/", "/stateless/", "/healthz"])
def test_initial_password_leaves_open_what_must_be(client: Client, ana: User, address: str) -> None:
    client.force_login(_initial(ana))

    assert client.get(address).status_code == 200
    assert client.post("/text-size/", {"text-size": "large"})["Location"] == "/"
    assert client.post("/sign-out/")["Location"] == "/sign-in/"


def test_program_with_initial_password_is_told_so(client: Client, ana: User) -> None:
    client.force_login(_initial(ana))

    response = client.get("/api/v1/plain/")

    assert (response.status_code, response["Content-Type"], response.json()["code"]) == (
        403,
        "application/problem+json",
        "password_change_required",
    )


def test_changing_the_initial_password_opens_the_rest_and_keeps_the_session(client: Client, ana: User) -> None:
    client.force_login(_initial(ana))

    response = client.post("/password/", {"old": PASSWORD, "new": "Xin-Mima-2026", "again": "Xin-Mima-2026"})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/plain/").status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        {"old": "wrong", "new": "Xin-Mima-2026", "again": "Xin-Mima-2026"},
        {"old": PASSWORD, "new": "Xin-Mima-2026", "again": "Xin-Mima-2027"},
        {"old": PASSWORD, "new": "short", "again": "short"},
        {},
    ],
)
def test_refused_change_says_why_and_changes_nothing(client: Client, ana: User, typed: dict[str, str]) -> None:
    client.force_login(ana)

    response = client.post("/password/", typed)

    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    assert User.objects.get(pk=ana.pk).check_password(PASSWORD)


def test_password_page_is_for_people_signed_in(client: Client, db: None) -> None:
    assert client.get("/password/")["Location"] == "/sign-in/?next=/password/"
    assert Client(enforce_csrf_checks=True).post("/password/").status_code == 403


def test_other_sessions_end_with_the_old_password(client: Client, ana: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(ana)
    client.force_login(ana)

    client.post("/password/", {"old": PASSWORD, "new": "Xin-Mima-2026", "again": "Xin-Mima-2026"})

    assert elsewhere.get("/me/")["Location"].startswith("/sign-in/")


def test_staff_renew_their_password_and_members_do_not(client: Client, cleo: User, ana: User, clock: Clock) -> None:
    User.objects.update(password_changed_at=clock.time)
    clock.forward(days=90, seconds=1)
    member = Client()
    member.force_login(ana)
    client.force_login(cleo)

    assert client.get("/plain/")["Location"] == "/password/"
    assert member.get("/plain/").status_code == 200


def test_idle_staff_session_ends_with_a_message(client: Client, cleo: User, clock: Clock) -> None:
    client.force_login(cleo)
    client.get("/plain/")
    clock.forward(seconds=601)

    response = client.get("/plain/?a=1")

    page = client.get(response["Location"]).content.decode()
    assert response["Location"] == "/sign-in/?next=/plain/%3Fa%3D1"
    assert 'role="status"' in page
    assert "_auth_user_id" not in client.session


def test_busy_staff_session_goes_on(client: Client, cleo: User, clock: Clock) -> None:
    client.force_login(cleo)
    for _page in range(4):
        assert client.get("/plain/").status_code == 200
        clock.forward(seconds=500)


def test_members_session_never_idles_out(client: Client, ana: User, clock: Clock) -> None:
    client.force_login(ana)
    client.get("/plain/")
    clock.forward(days=3)

    assert client.get("/plain/").status_code == 200


def test_session_is_written_at_most_once_a_minute(
    client: Client, cleo: User, clock: Clock, django_assert_num_queries
) -> None:
    client.force_login(cleo)
    client.get("/plain/")
    reading = 2  # session, person
    writing = 3  # savepoint, update, release

    clock.forward(seconds=59)
    with django_assert_num_queries(reading):
        client.get("/plain/")
    clock.forward(seconds=1)
    with django_assert_num_queries(reading + writing):
        client.get("/plain/")


def test_page_that_refreshes_itself_does_not_keep_a_session_awake(client: Client, cleo: User, clock: Clock) -> None:
    client.force_login(cleo)
    client.get("/plain/")
    for _minute in range(10):
        clock.forward(seconds=60)
        assert client.get("/poll/").status_code == 200
    clock.forward(seconds=1)

    assert client.get("/poll/").status_code == 302


def test_handing_in_outlasts_the_idle_clock(client: Client, cleo: User, clock: Clock) -> None:
    client.force_login(cleo)
    client.get("/plain/")
    clock.forward(seconds=3000)

    handed_in = client.post("/hand-in/")
    afterwards = client.get("/plain/")

    assert (handed_in.status_code, afterwards.status_code) == (200, 302)


def test_program_with_an_idle_session_is_told_so(client: Client, cleo: User, clock: Clock) -> None:
    client.force_login(cleo)
    client.get("/plain/")
    clock.forward(seconds=601)

    response = client.get("/api/v1/plain/")

    assert (response.status_code, response.json()["code"]) == (401, "session_idle")


def test_stateless_view_costs_no_query(client: Client, cleo: User, django_assert_num_queries) -> None:
    client.force_login(cleo)
    Session.objects.update(session_data="unreadable")

    with django_assert_num_queries(0):
        response = client.post("/stateless/")

    assert response.status_code == 200
