"""Who is told of a review: those who may decide it, once a matter; whoever sent it hears what became of it."""

from typing import Any

import pytest
from django.core import mail
from wagtail.models import Comment, PageSubscription
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from cms.domain.book_reviews import approve_book, submit_book, to_approve, to_submit
from cms.domain.importing import Book, Chapter, shelve
from cms.domain.telling import taking_part, tell_remarked
from cms.models import AudienceRule, BasePage, HandbookPage, NoticePage
from common.clock import now
from members.domain.messages import mark_all_read
from members.enums import Role
from members.models import Division, Message, User
from tests.factories.cms import a_handbook, a_notice, an_entry, entry_of
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainers(ben: User, township: Division, other_township: Division) -> dict[str, User]:
    own = give_role(UserFactory(username="own", name="青石甲", email="own@example.org"), Role.TRAINER, township)
    other = give_role(UserFactory(username="other", email="other@example.org"), Role.TRAINER, other_township)
    return {"own": own, "other": other, "county": ben}


def sent(page: Any, by: User) -> Any:
    """``page`` with a new version of ``by`` in review."""
    page.save_revision(user=by)
    page.get_workflow().start(page, by)
    return type(page).objects.get(pk=page.pk)


def decide(page: Any, action: str, by: User, **said: Any) -> None:
    page.current_workflow_task.on_action(page.current_workflow_task_state, by, action, **said)


def told() -> dict[str, list[str]]:
    """By the name of the account the subjects of its messages, the oldest first."""
    found: dict[str, list[str]] = {}
    for message in Message.objects.order_by("sent_at", "pk"):
        found.setdefault(message.person.username, []).append(message.subject)
    return found


def notice_of(title: str = "开会", **audience: Any) -> NoticePage:
    return NoticePage.objects.get(pk=a_notice(title, **audience).pk)


class TestReviewers:
    def test_those_who_may_approve_are_told_and_nobody_else(self, trainers: dict[str, User], ana: User) -> None:
        closed = UserFactory(username="closed", is_active=False)
        give_role(closed, Role.TRAINER, trainers["county"].role_assignments.get().division)

        sent(notice_of(), trainers["county"])

        assert told() == {name: ["请您审核：开会"] for name in ("own", "other")}

    def test_a_closed_page_is_told_to_nobody_elses_trainers(
        self, trainers: dict[str, User], township: Division
    ) -> None:
        sent(notice_of(division=township), trainers["own"])

        assert told() == {"ben": ["请您审核：开会"]}

    def test_what_a_draft_says_about_its_readers_holds_for_messages(
        self, trainers: dict[str, User], township: Division
    ) -> None:
        notice = notice_of()
        notice.audience_rules = [AudienceRule(division=township)]

        sent(notice, trainers["own"])

        assert set(told()) == {"ben"}

    def test_the_message_leads_to_the_page_and_names_who_sent_it(self, trainers: dict[str, User]) -> None:
        notice = sent(notice_of(), trainers["own"])

        message = Message.objects.of(trainers["county"]).get()
        assert (message.text, message.link) == (
            "青石甲送审了《开会》。",
            f"/admin/pages/{notice.pk}/edit/",
        )

    def test_entries_of_one_book_are_told_once_until_one_has_looked(self, trainers: dict[str, User]) -> None:
        book = a_handbook(*(an_entry(f"条目{n}") for n in range(3)))
        first, second, third = (entry_of(book, place) for place in range(3))

        sent(first, trainers["own"])
        sent(second, trainers["own"])
        mark_all_read(trainers["county"], at=now().replace(year=2100))
        sent(third, trainers["own"])

        assert {name: len(subjects) for name, subjects in told().items()} == {"ben": 2, "other": 1}
        assert {message.link for message in Message.objects.all()} == {f"/admin/books/{book.pk}/approve/"}

    def test_questions_are_told_once_until_one_has_looked(self, trainers: dict[str, User]) -> None:
        for _each in range(2):
            question = QuestionFactory.create()
            sent(question, trainers["own"])

        assert told() == {"ben": ["请您审核：试题"], "other": ["请您审核：试题"]}


class TestWholeBooks:
    @pytest.fixture
    def book(self, trainers: dict[str, User]) -> HandbookPage:
        book = Book("新手册", chapters=[Chapter("第一章", entries=[an_entry(f"条目{n}") for n in range(3)])])
        shelved: HandbookPage = shelve(book, by=trainers["own"], at=now())
        return shelved

    def test_a_book_is_one_message_each_way(self, trainers: dict[str, User], book: HandbookPage) -> None:
        own, county = trainers["own"], trainers["county"]

        submit_book(book, shown=to_submit(book, by=own).digest(), by=own, at=now())
        waiting = told()
        approve_book(book, shown=to_approve(book, by=county).digest(), by=county, at=now())

        assert waiting == {"ben": ["请您审核：新手册"], "other": ["请您审核：新手册"]}
        assert told() == waiting | {"own": ["审核通过：新手册"]}
        assert Message.objects.of(own).get().text == "本恩审核通过了 5 页。"

    def test_a_closed_book_is_told_to_nobody_elses_trainers(
        self, trainers: dict[str, User], book: HandbookPage, township: Division
    ) -> None:
        AudienceRule.objects.create(page=BasePage.objects.get(pk=book.pk), division=township)
        book = HandbookPage.objects.get(pk=book.pk)
        book.save_revision(user=trainers["own"])

        submit_book(book, shown=to_submit(book, by=trainers["own"]).digest(), by=trainers["own"], at=now())

        assert set(told()) == {"ben"}


class TestSenders:
    def test_whoever_sent_it_hears_that_it_was_approved(self, trainers: dict[str, User]) -> None:
        entry = sent(entry_of(a_handbook()), trainers["own"])

        decide(entry, "approve", trainers["county"])

        message = Message.objects.of(trainers["own"]).get()
        assert (message.subject, message.link) == ("审核通过：驻村天数", f"/admin/pages/{entry.pk}/edit/")

    def test_whoever_sent_it_hears_why_it_came_back(self, trainers: dict[str, User]) -> None:
        notice = sent(notice_of(), trainers["own"])

        decide(notice, "reject", trainers["county"], comment="请写明时间。")

        message = Message.objects.of(trainers["own"]).get()
        assert (message.subject, message.text) == ("已退回：开会", "本恩退回了《开会》。\n请写明时间。")

    def test_nobody_is_told_what_they_did_themselves(self, trainers: dict[str, User]) -> None:
        root = UserFactory(username="root", is_superuser=True)
        notice = sent(notice_of(), root)
        notice.save_revision(user=trainers["own"])

        notice.workflow_states.get().finish(user=root)

        assert "root" not in told()


def test_who_takes_part_in_remarks_hears_of_others_and_of_closed_pages_nothing(
    trainers: dict[str, User], township: Division
) -> None:
    notice = notice_of(division=township)
    for person in trainers.values():
        PageSubscription.objects.create(page=notice, user=person, comment_notifications=True)
    remark = Comment.objects.create(page=notice, user=trainers["own"], text="请核对", contentpath="title")

    tell_remarked(notice, taking_part(notice, [remark]), by=trainers["county"], at=now())

    assert told() == {"own": ["批注：开会"]}


def test_no_letter_of_wagtails_leaves(trainers: dict[str, User], township: Division) -> None:
    UserFactory(username="root", is_superuser=True, email="root@example.org")
    notice = sent(notice_of(division=township), trainers["own"])
    decide(notice, "approve", trainers["county"])

    # Of Wagtail's own only the one for superusers is left, and the settings name nobody to it.
    signals = (task_submitted, workflow_submitted, workflow_approved, workflow_rejected)
    receivers = [receiver() for signal in signals for _key, receiver, *_rest in signal.receivers]
    assert [type(receiver).__name__ for receiver in receivers if type(receiver).__module__ == "wagtail.admin.mail"] == [
        "WorkflowStateSubmissionEmailNotifier"
    ]
    assert mail.outbox == []
