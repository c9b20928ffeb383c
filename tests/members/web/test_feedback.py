"""The page of complaints and suggestions."""

import pytest
from django.test import Client

from members.domain.feedback import MOST_A_DAY, answer_feedback, send_feedback
from members.enums import FeedbackKind
from members.models import Feedback, User
from tests.conftest import NOON, Clock
from tests.exams.staff.counting import queries_of
from tests.support.pages import page_of, words_in

ADDRESS = "/feedback/"


def form(**values: str) -> dict[str, str]:
    return {"kind": "complaint", "text": "页面太慢", "page": "/exams/", **values}


@pytest.fixture
def phone(client: Client, clock: Clock, ana: User) -> Client:
    client.force_login(ana)
    return client


def test_what_is_sent_stands_on_the_page_and_waits(phone: Client, ana: User) -> None:
    assert page_of(phone.get(ADDRESS)).all("div", _class="empty")

    response = phone.post(ADDRESS, form(text="页面太慢\r\n在村里打不开"))

    assert (response.status_code, response["Location"]) == (302, ADDRESS)
    stored = Feedback.objects.get()
    assert (stored.person, stored.kind, stored.text, stored.page) == (
        ana,
        "complaint",
        "页面太慢\n在村里打不开",
        "/exams/",
    )
    page = page_of(phone.get(ADDRESS))
    assert any("在村里打不开" in item for item in words_in(page, "li"))
    assert page.all("div", _class="empty") == []


def test_answer_is_read_where_it_was_asked(phone: Client, ana: User, cleo: User) -> None:
    entry = send_feedback(FeedbackKind.COMPLAINT, "页面太慢", by=ana, at=NOON)
    answer_feedback(entry, "已换服务器\n<b>请再试</b>", by=cleo, at=NOON)

    text = phone.get(ADDRESS).content.decode()

    assert ("已换服务器<br>&lt;b&gt;请再试" in text, "可丽" in text) == (True, True)


def test_nobody_reads_what_others_sent(phone: Client, ana: User, dan: User) -> None:
    send_feedback(FeedbackKind.COMPLAINT, "丹恩的话", by=dan, at=NOON)
    assert "丹恩的话" in Feedback.objects.get().text

    assert "丹恩的话" not in phone.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("given", "kept"),
    [("/exams/", "/exams/"), ("//evil.example/", ""), ("https://evil.example/", ""), ("", ""), ("/a\x00b", "")],
)
def test_page_one_came_from_is_filled_in_if_it_is_ours(phone: Client, given: str, kept: str) -> None:
    page = page_of(phone.get(ADDRESS, {"from": given}))

    assert [field.attributes["value"] for field in page.all("input", name="page")] == [kept]


@pytest.mark.parametrize(
    "wrong",
    [{"text": ""}, {"text": "长" * 2001}, {"text": "a\x00b"}, {"text": "a\x1bb"}, {"kind": ""}, {"kind": "praise"}],
)
def test_what_cannot_be_taken_is_said_and_not_lost(phone: Client, wrong: dict[str, str]) -> None:
    response = phone.post(ADDRESS, form(**wrong))

    page = page_of(response)
    assert (response.status_code, Feedback.objects.count()) == (400, 0)
    assert [node.text.strip() for node in page.all("div", _class="field-error", role="alert")] != []
    assert page.all("textarea")[0].text.strip() == form(**wrong)["text"].strip()


def test_foreign_page_in_the_form_is_not_noted(phone: Client) -> None:
    phone.post(ADDRESS, form(page="https://evil.example/"))

    assert Feedback.objects.get().page == ""


def test_more_than_a_day_holds_is_refused_with_the_text_kept(phone: Client, ana: User) -> None:
    for number in range(MOST_A_DAY):
        send_feedback(FeedbackKind.COMPLAINT, f"第{number}条", by=ana, at=NOON)

    response = phone.post(ADDRESS, form(text="第二十一条"))

    assert (response.status_code, Feedback.objects.count()) == (429, MOST_A_DAY)
    assert "第二十一条" in page_of(response).all("textarea")[0].text


def test_every_footer_leads_there_with_the_page_one_is_on(phone: Client) -> None:
    links = {address: page_of(phone.get(address)).links("footer") for address in ("/", "/exams/", "/privacy/", "/me/")}

    assert {address: f"/feedback/?from={address}" in found for address, found in links.items()} == dict.fromkeys(
        links, True
    )


@pytest.mark.once
def test_page_costs_the_same_for_one_and_three_entries(phone: Client, ana: User, cleo: User) -> None:
    def write(text: str) -> None:
        answer_feedback(send_feedback(FeedbackKind.COMPLAINT, text, by=ana, at=NOON), "好", by=cleo, at=NOON)

    write("一")
    one = queries_of(lambda: phone.get(ADDRESS))
    write("二")
    write("三")

    assert queries_of(lambda: phone.get(ADDRESS)) == one


def test_sending_needs_the_token_of_the_form(ana: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)

    assert strict.post(ADDRESS, form()).status_code == 403
    assert Client().post(ADDRESS, form())["Location"].startswith("/sign-in/")
    assert not Feedback.objects.exists()


def test_answer_is_a_next_step_for_a_week(phone: Client, clock: Clock, ana: User, cleo: User) -> None:
    answer_feedback(send_feedback(FeedbackKind.COMPLAINT, "页面太慢", by=ana, at=NOON), "好", by=cleo, at=NOON)

    fresh = page_of(phone.get("/")).links("main")
    clock.forward(days=7, seconds=1)
    phone.force_login(ana)
    stale = page_of(phone.get("/")).links("main")

    assert (ADDRESS in fresh, ADDRESS in stale) == (True, False)
