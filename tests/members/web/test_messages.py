"""The list of messages, and the count in the header."""

from datetime import timedelta

import pytest
from django.test import Client

from members.domain.messages import mark_all_read, send_message
from members.models import Message, User
from tests.conftest import NOON, Clock
from tests.exams.staff.counting import queries_of
from tests.support.pages import page_of, words_in

pytestmark = pytest.mark.django_db

ADDRESS = "/messages/"


@pytest.fixture
def phone(client: Client, clock: Clock, ana: User) -> Client:
    client.force_login(ana, backend="members.backends.PhoneOrCodeBackend")
    return client


def a_message(person: User, key: str = "test", subject: str = "明天上课", link: str = "/me/") -> Message:
    message = send_message(person, key=key, subject=subject, text="县委党校", link=link, at=NOON)
    assert message
    return message


def counted(client: Client, address: str) -> list[str]:
    return [node.text.strip() for node in page_of(client.get(address)).all("span", _class="inbox-count")]


def test_an_empty_list_says_what_will_stand_there(phone: Client) -> None:
    assert words_in(page_of(phone.get(ADDRESS)), "h2") == ["没有消息"]


def test_the_list_shows_mine_newest_first_with_the_unread_marked(phone: Client, ana: User, dan: User) -> None:
    a_message(ana, "one", "第一条")
    mark_all_read(ana, at=NOON)
    send_message(ana, key="two", subject="第二条", at=NOON + timedelta(hours=1))
    a_message(dan, "three", "别人的")

    page = page_of(phone.get(ADDRESS))

    assert [node.text.strip() for node in page.all("span", _class="inbox-subject")] == ["第二条", "第一条"]
    assert [node.text.strip() for node in page.all("span", _class="chip")] == ["未读"]


def test_opening_one_marks_it_read_and_leads_to_what_it_is_about(phone: Client, ana: User) -> None:
    message = a_message(ana)

    response = phone.post(f"{ADDRESS}{message.uuid}/")

    assert (response.status_code, response["Location"]) == (302, "/me/")
    assert Message.objects.get().read_at == NOON


@pytest.mark.parametrize("link", ["", "https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_a_link_that_leads_out_leads_back(phone: Client, ana: User, link: str) -> None:
    message = a_message(ana, link=link)

    assert phone.post(f"{ADDRESS}{message.uuid}/")["Location"] == ADDRESS


def test_looking_marks_nothing_read(phone: Client, ana: User) -> None:
    message = a_message(ana)

    answers = [phone.get(address).status_code for address in (ADDRESS, f"{ADDRESS}{message.uuid}/", f"{ADDRESS}read/")]

    assert (answers, Message.objects.get().read_at) == ([200, 405, 405], None)


def test_somebody_elses_message_does_not_exist(phone: Client, dan: User) -> None:
    message = a_message(dan)

    assert phone.post(f"{ADDRESS}{message.uuid}/").status_code == 404
    assert Message.objects.get().read_at is None


def test_all_of_mine_are_marked_read_and_nobody_elses(phone: Client, ana: User, dan: User) -> None:
    a_message(ana)
    theirs = a_message(dan)

    response = phone.post(f"{ADDRESS}read/", follow=True)

    assert [node.text.strip() for node in page_of(response).all("span", _class="chip")] == []
    assert list(Message.objects.unread()) == [theirs]


@pytest.mark.parametrize("address", ["read/", "00000000-0000-4000-8000-000000000000/"])
def test_changing_asks_for_a_token_of_the_form(ana: User, clock: Clock, address: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana, backend="members.backends.PhoneOrCodeBackend")

    assert strict.post(ADDRESS + address).status_code == 403


def test_the_header_counts_what_is_unread(phone: Client, ana: User) -> None:
    assert counted(phone, "/me/") == []

    a_message(ana)

    assert counted(phone, "/me/") == ["1 1 条未读"]
    assert counted(phone, "/exams/") == []


@pytest.mark.once
def test_the_list_asks_the_same_for_one_and_for_many(phone: Client, ana: User) -> None:
    a_message(ana)
    one = queries_of(lambda: phone.get(ADDRESS))
    for number in range(20):
        a_message(ana, f"many{number}")

    assert queries_of(lambda: phone.get(ADDRESS)) == one
