"""Writing to the office, and what it answers."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from members.domain.feedback import (
    MOST_A_DAY,
    AlreadyAnswered,
    TooMuchFeedback,
    answer_feedback,
    own_page,
    send_feedback,
)
from members.domain.records import records_of
from members.enums import FeedbackKind, Role
from members.models import Division, Feedback, User
from tests.conftest import NOON
from tests.factories.members import UserFactory, give_role


def sent(person: User, text: str = "第三题的依据过期了", **fields: object) -> Feedback:
    return send_feedback(FeedbackKind.CORRECTION, text, by=person, at=fields.pop("at", NOON), **fields)


def test_entry_remembers_who_where_from_and_when(ana: User) -> None:
    feedback = sent(ana, "  第三题的依据过期了 \n", page="/exams/")

    feedback.refresh_from_db()
    village = ana.postings.get().team.division
    assert (feedback.kind, feedback.text, feedback.page, feedback.person, feedback.division, feedback.sent_at) == (
        "correction", "第三题的依据过期了", "/exams/", ana, village, NOON,
    )  # fmt: skip
    assert not feedback.is_answered
    assert ModelLogEntry.objects.filter(action="members.send_feedback", user=ana, timestamp=NOON).count() == 1


def test_place_is_where_a_role_is_held_when_there_is_no_posting(ben: User, county: Division) -> None:
    assert sent(ben).division == county
    assert sent(UserFactory(is_superuser=True)).division is None


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "me/", "javascript:alert(1)",
     "/" + "x" * 200, "/me/\x00", "/me/\x1b[0m"],
)  # fmt: skip
def test_only_a_page_of_this_site_is_noted(ana: User, address: str) -> None:
    assert own_page(address) == ""
    assert sent(ana, page=address).page == ""


@pytest.mark.parametrize("text", ["", "   ", "长" * 2001, "a\x00b", "a\x1bb"])
def test_text_is_plain_and_neither_empty_nor_endless(ana: User, text: str) -> None:
    with pytest.raises(ValidationError):
        sent(ana, text)

    assert not Feedback.objects.exists()


def test_two_presses_are_one_entry(ana: User, dan: User) -> None:
    first, again, other = sent(ana), sent(ana), sent(dan)

    assert first == again != other
    assert Feedback.objects.count() == 2


def test_a_day_has_room_for_twenty(ana: User, dan: User) -> None:
    for number in range(MOST_A_DAY):
        sent(ana, f"第{number}条")

    with pytest.raises(TooMuchFeedback):
        sent(ana, "还有一条")
    sent(dan)
    sent(ana, "还有一条", at=NOON + timedelta(hours=12))

    assert (Feedback.objects.filter(person=ana).count(), Feedback.objects.filter(person=dan).count()) == (21, 1)


def test_answer_is_given_once_and_the_second_is_told_by_whom(ana: User, cleo: User, township: Division) -> None:
    feedback = sent(ana)
    second_look = Feedback.objects.get()
    other = give_role(UserFactory(), Role.ADMINISTRATOR, township)

    answer_feedback(feedback, " 已经更正 ", by=cleo, at=NOON)
    with pytest.raises(AlreadyAnswered, match="可丽"):
        answer_feedback(second_look, "我来回答", by=other, at=NOON + timedelta(minutes=1))

    stored = Feedback.objects.get()
    assert (stored.answer, stored.answered_by, stored.answered_at) == ("已经更正", cleo, NOON)
    assert (second_look.answer, second_look.answered_by) == ("已经更正", cleo)
    entries = ModelLogEntry.objects.filter(action="members.answer_feedback").values_list("user", "timestamp")
    assert list(entries) == [(cleo.pk, NOON)]


def test_half_an_answer_cannot_be_stored(ana: User, cleo: User) -> None:
    feedback = sent(ana)

    for half in ({"answer": "x"}, {"answered_by": cleo}, {"answered_at": NOON}, {"answer": "x", "answered_by": cleo}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Feedback.objects.filter(pk=feedback.pk).update(**half)


def test_my_data_holds_what_i_sent_and_what_was_answered(ana: User, dan: User, cleo: User) -> None:
    answer_feedback(sent(ana, page="/me/"), "好的", by=cleo, at=NOON)
    sent(dan, "别人的话")

    assert records_of(ana)["feedback"]["content"] == [
        {
            "kind": FeedbackKind.CORRECTION.label,
            "text": "第三题的依据过期了",
            "page": "/me/",
            "sent_at": NOON,
            "answer": "好的",
            "answered_at": NOON,
        }
    ]
