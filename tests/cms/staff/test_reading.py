"""What is read: counts of those who may read, by version; no names, for trainers and those who inspect."""

from copy import deepcopy
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cms.domain.reading import mark_read
from cms.domain.reading_figures import Only, readers_of, reading_figures
from cms.models import AudienceRule, BasePage, EntryPage, HandbookPage, readable_pages
from members.enums import Role
from members.models import Division, User
from tests.conftest import NOON, stopped_clock
from tests.exams.staff.counting import queries_of
from tests.factories.cms import a_handbook, a_notice, an_entry, entry_of, rewrite
from tests.factories.members import UserFactory, give_role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)
COUNTY = ["530999"]
PAGE = "reading_figures:index"


@pytest.fixture(scope="module")
def _book(standing: None) -> HandbookPage:
    with stopped_clock():
        return a_handbook(an_entry("甲"), an_entry("乙"), an_entry("丙"))


@pytest.fixture
def book(_book, clock, db) -> HandbookPage:
    return deepcopy(_book)


def figures(book: HandbookPage, only: Only | None = None, within=COUNTY) -> dict[str, tuple[int, int]]:
    readers = readers_of(book, within=within, on=TODAY)
    return {entry.title: (entry.read_now, entry.read_before) for entry in reading_figures(book, readers, only=only)}


def read(entry: EntryPage, *people: User) -> None:
    for person in people:
        mark_read(entry, by=person, at=NOON)


def test_readers_are_counted_by_the_version_they_read(book, ana, dan, ben):
    read(entry_of(book, 0), ana, dan)
    read(entry_of(book, 1), ana, dan)
    rewrite(entry_of(book, 1), "改了。")
    read(entry_of(book, 1), dan)

    # A trainer who reads is no member, and is not counted.
    read(entry_of(book, 2), ben)

    assert figures(book) == {"甲": (2, 0), "乙": (1, 1), "丙": (0, 0)}


def test_entries_that_nobody_reads_or_only_in_an_old_version_are_found(book, ana, dan):
    read(entry_of(book, 0), ana)
    read(entry_of(book, 1), ana)
    rewrite(entry_of(book, 1), "改了。")

    assert figures(book, Only.UNREAD) == {"丙": (0, 0)}
    assert figures(book, Only.OUTDATED) == {"乙": (0, 1)}


def test_who_has_left_is_not_counted(book, ana, dan):
    read(entry_of(book, 0), ana, dan)
    User.objects.filter(pk=dan.pk).update(is_active=False)

    assert figures(book)["甲"] == (1, 0)


def test_counts_end_at_ones_division(book, ana, dan, township):
    read(entry_of(book, 0), ana, dan)

    assert figures(book, within=[township.prefix])["甲"] == (1, 0)


def people_of_all_kinds(county, township, other_township, ana, dan) -> list[User]:
    """Members with and without a post, one with an office of the county beside it."""
    idle = give_role(UserFactory(), Role.MEMBER, township)
    both = give_role(give_role(UserFactory(), Role.MEMBER, other_township), Role.TRAINER, county)
    head = give_role(give_role(UserFactory(), Role.MEMBER, township), Role.INSPECTOR, other_township)
    return [ana, dan, idle, both, head]


@pytest.mark.parametrize("role", ["", *Role])
@pytest.mark.parametrize("place", ["", "530999000000", "530999101000", "530999102000", "530999101201"])
def test_readers_are_those_whom_the_pages_let_in(county, township, other_township, ana, dan, book, place, role):
    people = people_of_all_kinds(county, township, other_township, ana, dan)
    if place or role:
        division = Division.objects.get(code=place) if place else None
        AudienceRule.objects.create(page=BasePage.objects.get(pk=book.pk), division=division, role=role)

    counted = readers_of(book, within=COUNTY, on=TODAY)

    found = set(User.objects.filter(pk__in=counted).values_list("pk", flat=True))
    pages = EntryPage.objects.of_handbook(book)
    let_in = {
        person.pk for person in (User.objects.get(pk=each.pk) for each in people)
        if readable_pages(pages, person, on=TODAY).exists()
    }  # fmt: skip
    assert found == let_in


def test_a_restricted_book_counts_only_its_readers(ana, dan, township, clock):
    book = a_handbook(an_entry("甲"), division=township)
    read(entry_of(book), ana, dan)

    assert figures(book) == {"甲": (1, 0)}


def test_the_page_shows_counts_and_no_names(client, book, ana, dan, ben):
    read(entry_of(book, 0), ana)
    client.force_login(ben)

    page = client.get(reverse(PAGE))

    rows = [(entry.title, chapter, *counts) for entry, chapter, *counts in page.context["rows"]]
    assert rows == [("甲", "第一章", 1, 0, 1), ("乙", "第一章", 0, 0, 2), ("丙", "第一章", 0, 0, 2)]
    text = page.content.decode()
    assert "不计入任何考核" in text
    assert (ana.name in text, dan.name in text) == (False, False)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"only": "unread"}, ["乙", "丙"]),
        ({"only": "outdated"}, []),
        ({"only": "nonsense"}, ["甲", "乙", "丙"]),
        ({"handbook": "x"}, ["甲", "乙", "丙"]),
        ({"p": "99"}, ["甲", "乙", "丙"]),
    ],
)
def test_filters_and_odd_addresses(client, book, ana, ben, query, shown):
    read(entry_of(book, 0), ana)
    client.force_login(ben)

    page = client.get(reverse(PAGE), query)

    assert [row[0].title for row in page.context["rows"]] == shown


def test_a_house_without_handbooks_says_so(client, ben):
    client.force_login(ben)

    assert "还没有已发布的内容。" in client.get(reverse(PAGE)).content.decode()


@pytest.mark.once
@pytest.mark.parametrize("restricted", [False, True])
def test_three_entries_and_readers_cost_as_many_queries_as_one(client, ben, ana, dan, county, clock, restricted):
    audience = {"division": county} if restricted else {}
    small = a_handbook(an_entry("甲"), title="一", **audience)
    large = a_handbook(an_entry("甲"), an_entry("乙"), an_entry("丙"), title="三", **audience)
    read(entry_of(large, 1), ana, dan)
    client.force_login(ben)

    one = queries_of(lambda: client.get(reverse(PAGE), {"handbook": small.pk}))
    give_role(UserFactory(), Role.MEMBER, county)
    three = queries_of(lambda: client.get(reverse(PAGE), {"handbook": large.pk}))

    assert three == one


def test_who_may_look(book, ana, ben, cleo, county):
    people = {
        "nobody": None, "ana": ana, "ben": ben, "cleo": cleo,
        "iris": give_role(UserFactory(), Role.INSPECTOR, county),
        "otto": give_role(UserFactory(), Role.AUDITOR, county),
    }  # fmt: skip

    found = {}
    for name, person in people.items():
        client = Client()
        if person:
            client.force_login(person)
        found[name] = client.get(reverse(PAGE)).status_code

    assert found == {"nobody": 302, "ana": 302, "ben": 200, "cleo": 200, "iris": 200, "otto": 200}


def test_each_notice_is_counted_among_those_it_is_addressed_to(client, ana, dan, ben, township, clock):
    for_all, for_some = a_notice("给全县"), a_notice("给青石", division=township)
    read(for_all, ana)
    read(for_some, ana, dan)
    for_all.issue = "2026年第9期"
    for_all.save_revision().publish()
    client.force_login(ben)

    page = client.get(reverse(PAGE), {"handbook": "notices"})
    unread = client.get(reverse(PAGE), {"handbook": "notices", "only": "outdated"})

    rows = {notice.title: counts for notice, _issue, *counts in page.context["rows"]}
    # Read as it is, read before it changed, not read.
    assert rows == {"给全县": [0, 1, 1], "给青石": [1, 0, 0]}
    assert [row[0].title for row in unread.context["rows"]] == ["给全县"]
    assert (ana.name in page.content.decode(), "工作提示" in page.content.decode()) == (False, True)


@pytest.mark.once
def test_the_figures_of_many_notices_cost_as_much_as_those_of_one(client, ana, ben, township, clock):
    client.force_login(ben)
    read(a_notice("一", division=township), ana)
    one = queries_of(lambda: client.get(reverse(PAGE), {"handbook": "notices"}))

    for title in "二三四五":
        read(a_notice(title, division=township), ana)

    assert queries_of(lambda: client.get(reverse(PAGE), {"handbook": "notices"})) == one
