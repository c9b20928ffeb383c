"""Complaints and suggestions in the staff interface."""

import pytest
from django.test import Client

from members.domain.feedback import answer_feedback, send_feedback
from members.enums import FeedbackKind
from members.models import Division, Feedback, User
from tests.conftest import NOON
from tests.exams.staff.counting import queries_of

LIST = "/admin/feedback/"


@pytest.fixture
def entry(ana: User) -> Feedback:
    return send_feedback(FeedbackKind.COMPLAINT, "安娜的意见", page="/exams/", by=ana, at=NOON)


def test_list_ends_at_the_division(as_, entry: Feedback, dan: User, cleo: User, mayor: User) -> None:
    send_feedback(FeedbackKind.SUGGESTION, "丹恩的建议", by=dan, at=NOON)

    pages = {person.username: as_(person).get(LIST).content.decode() for person in (cleo, mayor)}

    shown = {name: ("安娜的意见" in page, "丹恩的建议" in page) for name, page in pages.items()}
    assert shown == {"cleo": (True, True), "mayor": (True, False)}


def test_list_tells_what_waits_from_what_is_answered(as_, entry: Feedback, dan: User, cleo: User) -> None:
    done = send_feedback(FeedbackKind.SUGGESTION, "丹恩的建议", by=dan, at=NOON)
    answer_feedback(done, "好", by=cleo, at=NOON)
    browser = as_(cleo)

    found = {
        query: ("安娜的意见" in page, "丹恩的建议" in page)
        for query in ("state=open", "state=answered", "kind=suggestion", "q=建议")
        if (page := browser.get(f"{LIST}?{query}").content.decode())
    }

    assert found == {
        "state=open": (True, False),
        "state=answered": (False, True),
        "kind=suggestion": (False, True),
        "q=建议": (False, True),
    }


@pytest.mark.once
def test_list_costs_the_same_for_one_and_three_rows(as_, entry: Feedback, dan: User, ana: User, cleo: User) -> None:
    browser = as_(cleo)
    one = queries_of(lambda: browser.get(LIST))
    send_feedback(FeedbackKind.SUGGESTION, "二", by=dan, at=NOON)
    send_feedback(FeedbackKind.SUGGESTION, "三", by=ana, at=NOON)

    assert queries_of(lambda: browser.get(LIST)) == one


def test_administrator_answers_and_the_second_is_told(as_, entry: Feedback, cleo: User, mayor: User) -> None:
    address = f"{LIST}edit/{entry.pk}/"

    first = as_(mayor).post(address, {"answer": "已经处理"})
    second = as_(cleo).post(address, {"answer": "我也来答"})

    entry.refresh_from_db()
    assert (first.status_code, first["Location"]) == (302, f"{LIST}inspect/{entry.pk}/")
    assert (entry.answer, entry.answered_by) == ("已经处理", mayor)
    page = second.content.decode()
    assert (second.status_code, "马镇" in page, "已经处理" in page, "我也来答" in page) == (200, True, True, True)


def test_empty_answer_is_none(as_, entry: Feedback, cleo: User) -> None:
    for answer in ("", "  ", "a\x1bb", "长" * 2001):
        assert as_(cleo).post(f"{LIST}edit/{entry.pk}/", {"answer": answer}).status_code == 200

    entry.refresh_from_db()
    assert not entry.is_answered


@pytest.mark.parametrize(
    ("name", "listed", "read"),
    [
        ("mayor", 200, 200),
        ("cleo", 200, 200),
        ("aude", 200, 200),
        ("ines", 302, 404),
        ("ben", 302, 404),
        ("ana", 302, 302),
    ],
)
def test_roles(as_, request, entry: Feedback, name: str, listed: int, read: int) -> None:
    browser = as_(request.getfixturevalue(name))

    statuses = [browser.get(address).status_code for address in (LIST, f"{LIST}inspect/{entry.pk}/")]
    browser.post(f"{LIST}edit/{entry.pk}/", {"answer": "好"})

    entry.refresh_from_db()
    assert statuses == [listed, read]
    assert entry.is_answered == (name in ("mayor", "cleo"))


def test_what_lies_outside_ones_division_is_not_there(as_, dan: User, mayor: User, other_township: Division) -> None:
    foreign = send_feedback(FeedbackKind.SUGGESTION, "丹恩的建议", by=dan, at=NOON)
    browser = as_(mayor)

    statuses = [
        browser.get(f"{LIST}inspect/{foreign.pk}/").status_code,
        browser.get(f"{LIST}edit/{foreign.pk}/").status_code,
        browser.post(f"{LIST}edit/{foreign.pk}/", {"answer": "好"}).status_code,
        browser.get(f"{LIST}history/{foreign.pk}/").status_code,
    ]

    foreign.refresh_from_db()
    assert (statuses, foreign.is_answered) == ([404] * 4, False)


def test_answering_needs_the_token_of_the_form(as_, entry: Feedback, cleo: User) -> None:
    assert as_(cleo, enforce_csrf_checks=True).post(f"{LIST}edit/{entry.pk}/", {"answer": "好"}).status_code == 403
    assert Client().get(LIST)["Location"].startswith("/admin/login/")
