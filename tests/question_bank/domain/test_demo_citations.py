"""The demonstration bank cites the demonstration handbooks, and what is cited does not contradict the question."""

import re

import pytest
from django.db import transaction

from cms.domain.demo_knowledge import FOLDER, HANDBOOKS
from cms.domain.importing import read_markdown, shelve
from cms.models import EntryPage
from question_bank.domain.demo_bank import load_demo_bank, read_bank
from question_bank.domain.publishing import publish_question
from question_bank.models import Question
from tests.conftest import NOON

_LAW = re.compile(r"《?(\w+?法)》?(?=第|$)")
_ARTICLE = re.compile(r"第[一二三四五六七八九十]+条")
FEWEST_CITED = 0.9


@pytest.fixture(scope="module")
def entries():
    books = [read_markdown((FOLDER / name).read_text(encoding="utf-8")) for name in HANDBOOKS]
    return [entry for book in books for chapter in book.chapters for entry in chapter.entries]


@pytest.fixture(scope="module")
def questions():
    return [row for file in read_bank() for row in file.questions]


def rests_on(basis):
    """``{law: {article, ...}}`` of a basis; a law named without an article has none."""
    laws = {}
    law = ""
    for part in re.split(r"[；;]", basis):
        named = _LAW.search(part.strip())
        law = named[1] if named else ""
        if law:
            laws.setdefault(law, set()).update(_ARTICLE.findall(part))
    return laws


def test_nine_questions_in_ten_cite_an_entry(questions):
    cited = [row for row in questions if "entry" in row]

    assert len(cited) / len(questions) >= FEWEST_CITED


def test_no_two_entries_are_called_the_same(entries):
    titles = [entry.title for entry in entries]

    assert sorted(titles) == sorted(set(titles))


def test_every_citation_leads_to_an_entry(questions, entries):
    titles = {entry.title for entry in entries}

    assert [row["entry"] for row in questions if row.get("entry", "") not in titles | {""}] == []


def test_document_numbers_do_not_contradict(questions, entries):
    by_title = {entry.title: entry for entry in entries}

    apart = [
        (row["stem"], row["document_number"], by_title[row["entry"]].document_number)
        for row in questions
        if "entry" in row
        and row.get("document_number", "")
        and row["document_number"] != by_title[row["entry"]].document_number
    ]

    assert apart == []


def test_a_question_and_its_entry_rest_on_the_same_articles(questions, entries):
    by_title = {entry.title: entry for entry in entries}

    apart = []
    for row in questions:
        if "entry" not in row:
            continue
        asked, held = rests_on(row["basis"]), rests_on(by_title[row["entry"]].basis)
        for law, articles in asked.items():
            if law in held and articles and held[law] and not articles & held[law]:
                apart.append((row["stem"], row["basis"], by_title[row["entry"]].basis))

    assert apart == []


def test_a_question_about_a_law_cites_an_entry_about_that_law(questions, entries):
    by_title = {entry.title: entry for entry in entries}

    apart = []
    for row in questions:
        if "entry" not in row or "；" in row["basis"]:
            continue
        entry = by_title[row["entry"]]
        laws = rests_on(row["basis"])
        if laws and not any(law in entry.basis for law in laws):
            apart.append((row["stem"], row["basis"], entry.basis))

    assert apart == []


def test_what_holds_in_one_county_is_not_cited_for_another(questions, entries):
    by_title = {entry.title: entry for entry in entries}

    nameless = [
        row["stem"]
        for row in questions
        if "entry" in row
        and by_title[row["entry"]].region not in ("", "全国")
        and row.get("region") not in ("", "全国", by_title[row["entry"]].region)
    ]

    assert nameless == []


def citations():
    return dict(Question.objects.exclude(entry=None).values_list("stem", "entry__title"))


@pytest.fixture(scope="class")
def library(django_db_setup, django_db_blocker):
    """Twenty seconds of shelving, once for a class; each of its tests rolls back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        for name in HANDBOOKS:
            shelve(read_markdown((FOLDER / name).read_text(encoding="utf-8")), by=None, at=NOON, publish=True)
        yield
        transaction.set_rollback(True)


@pytest.mark.once
class TestWithTheHandbooks:
    """The demonstration alone; bringing in knowledge and questions is asked of both databases elsewhere."""

    def test_loading_ties_the_citations_and_repeating_it_changes_nothing(self, library, db, questions):
        load_demo_bank(at=NOON)
        first = citations()
        load_demo_bank(at=NOON)

        assert first == {row["stem"]: row["entry"] for row in questions if "entry" in row}
        assert citations() == first

    def test_a_bank_from_before_the_citations_gets_them_except_where_somebody_has_edited(self, library, questions, ben):
        load_demo_bank(at=NOON)
        edited = Question.objects.exclude(entry=None).first()
        edited.entry = None
        publish_question(edited, by=ben, at=NOON)
        Question.objects.update(entry=None)

        load_demo_bank(at=NOON)

        assert citations() == {
            row["stem"]: row["entry"] for row in questions if "entry" in row and row["stem"] != edited.stem
        }


def test_without_handbooks_the_bank_comes_without_citations(db):
    load_demo_bank(at=NOON)

    assert (citations(), EntryPage.objects.count()) == ({}, 0)
