"""A whole book sent to review in one action, and approved in one action by somebody else."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry, TaskState, WorkflowState

from cms.domain.book_reviews import BookHasChanged, approve_book, submit_book, to_approve, to_submit
from cms.domain.importing import Book, Chapter, shelve
from cms.models import BasePage, EntryPage, HandbookPage
from members.enums import Role
from members.models import Division, User
from tests.conftest import NOON
from tests.factories.cms import a_handbook, an_entry
from tests.factories.members import UserFactory, give_role
from tests.support import cast

pytestmark = pytest.mark.django_db
WHOLE = {"handbooks": 1, "chapters": 2, "entries": 3}


@pytest.fixture
def book(_book: HandbookPage, db: None) -> HandbookPage:
    return HandbookPage.objects.get(pk=_book.pk)


@pytest.fixture(scope="module")
def _book(standing: None) -> HandbookPage:
    """Brought in by Ben: six drafts."""
    chapters = [
        Chapter("第一章", entries=[an_entry("一"), an_entry("二")]),
        Chapter("第二章", entries=[an_entry("三")]),
    ]
    return shelve(Book("应知手册", chapters=chapters), by=cast.ben(cast.county()), at=NOON)


@pytest.fixture
def second(county: Division) -> User:
    return give_role(UserFactory(username="second"), Role.TRAINER, county)


def url(action: str, book: HandbookPage) -> str:
    return reverse(f"book_review:{action}", args=[book.pk])


def states(book: HandbookPage) -> set[tuple[bool, bool]]:
    """Of each page of the book: published, in review."""
    pages = BasePage.objects.descendant_of(book, inclusive=True)
    return {(page.live, page.workflow_in_progress) for page in pages}


def submitted(book: HandbookPage, *, by: User) -> int:
    return submit_book(book, shown=to_submit(book, by=by).digest(), by=by, at=NOON)


def approved(book: HandbookPage, *, by: User) -> int:
    return approve_book(book, shown=to_approve(book, by=by).digest(), by=by, at=NOON)


def test_a_book_goes_to_review_and_out_to_its_readers_in_two_actions(
    book: HandbookPage, ben: User, second: User
) -> None:
    sent = submitted(book, by=ben)
    in_review = states(book)
    passed = approved(book, by=second)

    assert (sent, in_review) == (6, {(False, True)})
    assert (passed, states(book)) == (6, {(True, False)})
    logged = PageLogEntry.objects.filter(page=book.pk, action__startswith="cms.").order_by("pk")
    assert list(logged.values_list("action", "user", "timestamp", "data"))[1:] == [
        ("cms.submit_book", ben.pk, NOON, WHOLE),
        ("cms.approve_book", second.pk, NOON, WHOLE),
    ]


def test_a_second_time_is_nothing(book: HandbookPage, ben: User, second: User) -> None:
    submitted(book, by=ben)

    again = submitted(book, by=ben)
    approved(book, by=second)
    once_more = approved(book, by=second)

    assert (again, once_more, WorkflowState.objects.count()) == (0, 0, 6)


def test_nobody_approves_what_they_wrote_or_sent(book: HandbookPage, ben: User, second: User) -> None:
    submitted(book, by=second)

    offered = {who: (len(to_approve(book, by=who).pages), to_approve(book, by=who).others) for who in (ben, second)}

    assert offered == {ben: (0, 6), second: (0, 6)}
    assert (approved(book, by=ben), approved(book, by=second)) == (0, 0)
    assert states(book) == {(False, True)}


def test_what_is_published_locked_or_in_review_already_is_left_out(book: HandbookPage, ben: User, second: User) -> None:
    first, locked, third = EntryPage.objects.of_handbook(book)
    first.get_latest_revision().publish()
    BasePage.objects.filter(pk=locked.pk).update(locked=True, locked_by=second)
    third.get_workflow().start(third, ben)

    bundle = to_submit(book, by=ben)

    assert (bundle.counts(), bundle.others) == ({"handbooks": 1, "chapters": 2, "entries": 0}, 1)


def test_what_was_not_shown_is_not_approved(book: HandbookPage, ben: User, second: User) -> None:
    submitted(book, by=ben)
    shown = to_approve(book, by=second).digest()
    entry = EntryPage.objects.of_handbook(book)[0]
    entry.short_answer = "悄悄改了。"
    entry.save_revision(user=ben)

    with pytest.raises(BookHasChanged):
        approve_book(book, shown=shown, by=second, at=NOON)

    assert states(book) == {(False, True)}


def test_it_is_the_whole_book_or_nothing(
    book: HandbookPage, ben: User, second: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(book, by=ben)
    approve = TaskState.approve

    def approve_all_but_the_last(state: TaskState, *args: object, **kwargs: object) -> object:
        if TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).count() == 1:
            raise ConnectionError
        return approve(state, *args, **kwargs)

    monkeypatch.setattr(TaskState, "approve", approve_all_but_the_last)

    with pytest.raises(ConnectionError):
        approved(book, by=second)

    assert states(book) == {(False, True)}


def test_the_pages_say_how_many_and_do_it(book: HandbookPage, ben: User, second: User) -> None:
    writer, reviewer = Client(), Client()
    writer.force_login(ben)
    reviewer.force_login(second)

    explorer = writer.get(reverse("wagtailadmin_explore", args=[book.pk])).content.decode()
    asked = writer.get(url("submit", book))
    sent = writer.post(url("submit", book), {"shown": asked.context["bundle"].digest()}, follow=True)
    offered = reviewer.get(url("approve", book))
    passed = reviewer.post(url("approve", book), {"shown": offered.context["bundle"].digest()}, follow=True)

    assert url("submit", book) in explorer
    assert url("approve", book) in explorer
    assert (asked.context["counts"], offered.context["counts"]) == (WHOLE, WHOLE)
    assert "送审（6）" in asked.content.decode()
    assert "6 个页面已送审。" in sent.content.decode()
    assert "6 个页面已通过审核并发布。" in passed.content.decode()
    assert states(book) == {(True, False)}


def test_looking_sends_nothing_and_an_old_form_is_refused(book: HandbookPage, ben: User) -> None:
    client = Client()
    client.force_login(ben)

    client.get(url("submit", book))
    refused = client.post(url("submit", book), {"shown": "x"}, follow=True)

    assert "打开本页之后手册又有改动" in refused.content.decode()
    assert states(book) == {(False, False)}


def test_only_writers_whose_desk_it_lies_on_send_and_approve(
    ana: User, dan: User, ben: User, second: User, county: Division, township: Division, other_township: Division
) -> None:
    book = a_handbook(division=township)
    entry = EntryPage.objects.of_handbook(book)[0]
    entry.save_revision(user=ben)
    people = {
        "nobody": None, "ana": ana, "dan": dan,
        "iris": give_role(UserFactory(), Role.INSPECTOR, county),
        "elsewhere": give_role(UserFactory(), Role.TRAINER, other_township),
        "own": give_role(UserFactory(), Role.TRAINER, township),
    }  # fmt: skip

    answers = {}
    for name, person in people.items():
        client = Client()
        if person:
            client.force_login(person)
        shown = to_submit(book, by=person or ben).digest()
        answers[name] = [
            client.post(url(action, book), {"shown": shown}).status_code for action in ("approve", "submit")
        ]

    # Redirects: to sign in, to the first page, or back to the form that was refused; the last to the book.
    assert answers == {**{name: [302, 302] for name in people}, "elsewhere": [404, 404]}
    states = WorkflowState.objects.values_list("requested_by__username", "status")
    assert [tuple(state) for state in states] == [(people["own"].username, "in_progress")]


@pytest.mark.parametrize("action", ["submit", "approve"])
def test_it_needs_the_token_of_the_page(book: HandbookPage, ben: User, action: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ben)

    response = strict.post(url(action, book), {"shown": to_submit(book, by=ben).digest()})

    assert (response.status_code, WorkflowState.objects.count()) == (403, 0)
