"""The coverage report: how much of the books is asked about, and what is not."""

from copy import deepcopy
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from cms.domain.importing import Book, Chapter, shelve
from cms.models import EntryPage
from members.enums import Role
from question_bank.domain.coverage import coverage, topics_without_entry, untested_entries
from tests.conftest import NOON, stopped_clock
from tests.exams.staff.counting import queries_of
from tests.factories.cms import a_handbook, an_entry, entry_of
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, TopicFactory, published

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)
PAGE, FILE = "question_coverage:index", "question_coverage:file"


@pytest.fixture
def book(_book, clock, db):
    return deepcopy(_book)


@pytest.fixture(scope="module")
def _book(standing):
    """Two chapters; of the first one of two entries is tested, of the second none; an expired one counts nowhere."""
    with stopped_clock():
        chapters = [
            Chapter("第一章", entries=[an_entry("甲"), an_entry("乙")]),
            Chapter("第二章", entries=[an_entry("丙"), an_entry("丁", valid_to=date(2026, 6, 14))]),
        ]
        handbook = shelve(Book("应知手册", chapters=chapters), by=None, at=NOON, publish=True)
        published(QuestionFactory(entry=entry_of(handbook), topic=TopicFactory(code="01", title="有条目")))
        QuestionFactory(entry=entry_of(handbook, 1), topic=TopicFactory(code="02", title="只有草稿"))
        published(QuestionFactory(topic=TopicFactory(code="02")))
        return handbook


def test_coverage_is_counted_by_chapter_and_by_book(book):
    books = coverage(on=TODAY)

    counted = [(row.title, row.entries, row.tested, row.untested) for row in [books[0], *books[0].chapters]]
    assert counted == [("应知手册", 3, 1, 2), ("第一章", 2, 1, 1), ("第二章", 1, 0, 1)]
    assert round(books[0].share, 3) == 0.333


def test_entries_and_topics_that_lack_each_other_are_named(book):
    other = a_handbook(an_entry("戊"), title="另一本")

    assert [entry.title for entry in untested_entries(on=TODAY)] == ["乙", "丙", "戊"]
    assert [entry.title for entry in untested_entries(on=TODAY, handbook=other)] == ["戊"]
    assert [(topic.code, topic.asked) for topic in topics_without_entry()] == [("02", 1)]


def test_a_retired_question_tests_nothing(book):
    EntryPage.objects.get(title="甲").questions.update(live=False)

    assert [entry.title for entry in untested_entries(on=TODAY)] == ["甲", "乙", "丙"]


def test_the_page_shows_what_lacks(client, ben, book):
    client.force_login(ben)

    page = client.get(reverse(PAGE))

    rows = [(entry.title, handbook, chapter) for entry, handbook, chapter in page.context["rows"]]
    assert rows == [("乙", "应知手册", "第一章"), ("丙", "应知手册", "第二章")]
    assert "3 个条目中有 1 个已出题" in page.content.decode()


def test_the_workbook_holds_the_same(client, ben, book):
    client.force_login(ben)

    response = client.get(reverse(FILE), {"format": "xlsx"})

    workbook = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    sheets = [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in workbook]
    assert [len(sheets), sheets[1][-2:], sheets[2][-1]] == [
        3,
        [["应知手册", "第一章", 2, "乙", "县级制度"], ["应知手册", "第二章", 3, "丙", "县级制度"]],
        ["02", "只有草稿", 1],
    ]
    assert ["应知手册", "第一章", 2, 1, 0.5] in sheets[0]


def test_the_csv_names_the_entries_and_runs_no_formula(client, ben, clock):
    a_handbook(an_entry("=1+1"))
    client.force_login(ben)

    response = client.get(reverse(FILE), {"format": "csv"})

    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["应知手册,第一章,1,'=1+1,县级制度"]
    assert "attachment" in response["Content-Disposition"]


def test_who_reads_the_report(ana, ben, cleo, county):
    inspector = give_role(UserFactory(), Role.INSPECTOR, county)
    auditor = give_role(UserFactory(), Role.AUDITOR, county)

    found = {}
    people = {"nobody": None, "ana": ana, "ben": ben, "cleo": cleo, "iris": inspector, "otto": auditor}
    for name, person in people.items():
        client = Client()
        if person:
            client.force_login(person)
        responses = [client.get(reverse(view)) for view in (PAGE, FILE)]
        found[name] = [response.status_code for response in responses]
        if responses[1].streaming:
            # Read to its end a file closes itself.
            b"".join(responses[1].streaming_content)

    away, seen = [302, 302], [200, 200]
    assert found == {"nobody": away, "ana": away, "ben": seen, "cleo": seen, "iris": seen, "otto": seen}


@pytest.mark.once
def test_the_page_asks_as_often_for_three_books_as_for_one(client, ben, clock):
    client.force_login(ben)
    a_handbook(an_entry("甲"))
    one = queries_of(lambda: client.get(reverse(PAGE)))
    for title in ("二", "三"):
        a_handbook(an_entry(f"{title}甲"), an_entry(f"{title}乙"), title=title)

    three = queries_of(lambda: client.get(reverse(PAGE)))

    assert three == one


def test_odd_filters_show_everything(client, ben, book):
    client.force_login(ben)

    shown = [len(client.get(reverse(PAGE), {"handbook": odd}).context["rows"]) for odd in ("x", "²", "999999999999999")]

    assert shown == [2, 2, 2]
