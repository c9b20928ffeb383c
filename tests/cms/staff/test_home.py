"""The first page of the staff interface says what waits for one's review."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.domain.waiting_reviews import waiting_reviews
from cms.models import NoticePage
from members.enums import Role
from members.models import Division, User
from tests.cms.domain.test_telling import sent
from tests.factories.cms import a_handbook, a_notice, an_entry, entry_of
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(township: Division) -> User:
    return give_role(UserFactory(username="own"), Role.TRAINER, township)


@pytest.fixture
def other(other_township: Division) -> User:
    return give_role(UserFactory(username="other"), Role.TRAINER, other_township)


def waiting(person: User) -> list[tuple[str, int]]:
    return [(matter.title, drafts) for matter, drafts in waiting_reviews(person)]


def page_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.get("/admin/").content.decode()


def test_a_book_a_notice_and_questions_wait_each_once_for_those_who_may_decide(
    own: User, other: User, ben: User, ana: User, township: Division
) -> None:
    book = a_handbook(an_entry("甲"), an_entry("乙"), division=township)
    for place in range(2):
        sent(entry_of(book, place), own)
    sent(NoticePage.objects.get(pk=a_notice("开会").pk), own)
    sent(QuestionFactory.create(), own)

    found = {who.username: waiting(who) for who in (own, other, ben, ana)}

    for_all = [("开会", 1), ("试题", 1)]
    assert found == {"own": [], "other": for_all, "ben": [("应知手册", 2), *for_all], "ana": []}


def test_the_first_page_leads_to_what_waits(own: User, ben: User) -> None:
    book = a_handbook()
    sent(entry_of(book), own)

    text = page_of(ben)

    links = re.findall(r'<a class="task" href="([^"]+)"', text)
    assert links == [f"/admin/books/{book.pk}/approve/"]
    assert "1 份草稿" in re.sub(r"\s+", " ", text)
    assert "待您审核" not in page_of(own)


def test_many_reviews_cost_as_much_as_one(own: User, ben: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            waiting_reviews(User.objects.get(pk=ben.pk))
        return len(captured)

    sent(entry_of(a_handbook()), own)
    queries()
    one = queries()
    book = a_handbook(*(an_entry(f"条目{n}") for n in range(4)), title="另一本")
    for place in range(4):
        sent(entry_of(book, place), own)

    assert queries() == one
