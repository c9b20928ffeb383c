"""The re-check list: what waits and why, the three ways out, and who may take them."""

from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cms.models import EntryPage
from members.enums import Role
from question_bank.domain.doubts import entry_changes
from question_bank.domain.rechecking import confirm_questions
from question_bank.models import Question, Recheck
from tests.conftest import NOON, stopped_clock
from tests.exams.staff.counting import queries_of
from tests.factories.cms import a_handbook, an_entry, entry_of, rewrite
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, published

pytestmark = pytest.mark.django_db

LIST, CONFIRM = "question_rechecks:index", "question_rechecks:confirm"


@pytest.fixture
def inspector(county):
    return give_role(UserFactory(username="iris", name="伊里", code="LX9003"), Role.INSPECTOR, county)


@pytest.fixture
def auditor(county):
    return give_role(UserFactory(username="otto", name="奥托", code="LX9004"), Role.AUDITOR, county)


@pytest.fixture
def entry(clock):
    return entry_of(a_handbook(an_entry("驻村天数", short_answer="二百天。")))


@pytest.fixture(scope="module")
def _waiting(standing):
    """Two questions of one entry that has changed since."""
    with stopped_clock() as clock:
        entry = entry_of(a_handbook(an_entry("驻村天数", short_answer="二百天。")))
        questions = [published(QuestionFactory(entry=entry, stem=f"第{n}问？"), at=NOON) for n in (1, 2)]
        clock.forward(hours=1)
        rewrite(entry, "二百四十天。")
    return questions


@pytest.fixture
def waiting(_waiting, clock, db):
    clock.forward(hours=1)
    return deepcopy(_waiting)


def open_count():
    return Recheck.objects.open().count()


def test_what_waits_is_shown_with_its_reason_and_what_changed(client, ben, waiting):
    client.force_login(ben)

    page = client.get(reverse(LIST))

    rows = [(row.question.stem, row.reason, changes) for row, changes in page.context["rows"]]
    changes = [("短答", [("removed", "二百天。"), ("added", "二百四十天。")])]
    assert rows == [("第1问？", "entry_changed", changes), ("第2问？", "entry_changed", changes)]
    text = page.content.decode()
    assert "<del>二百天。</del>" in text
    assert "<ins>二百四十天。</ins>" in text


def test_the_difference_begins_where_somebody_last_said_it_holds(waiting, ben, clock):
    clock.forward(hours=1)
    confirm_questions(waiting[:1], by=ben, at=clock())
    clock.forward(hours=1)
    rewrite(EntryPage.objects.get(), "三百天。")

    changes = entry_changes(Question.objects.select_related("entry").order_by("pk"))

    removed = [changes[question.pk][0].sentences[0] for question in waiting]
    assert removed == [("removed", "二百四十天。"), ("removed", "二百天。")]


def test_expired_entries_come_with_their_questions_and_expired_questions_by_themselves(client, ben, clock):
    yesterday = date(2026, 6, 14)
    book = a_handbook(an_entry("旧规定", valid_to=yesterday), an_entry("新规定"))
    citing = published(QuestionFactory(entry=entry_of(book)))
    old = published(QuestionFactory(valid_to=yesterday))
    client.force_login(ben)

    entries = client.get(reverse(LIST), {"show": "entries"})
    questions = client.get(reverse(LIST), {"show": "questions"})

    assert [(entry.title, entry.citing) for entry in entries.context["rows"]] == [("旧规定", [citing])]
    assert list(questions.context["rows"]) == [old]
    assert [count for _name, _label, count in entries.context["tabs"]] == [0, 1, 1]


def test_the_preview_says_how_many_and_changes_nothing(client, ben, waiting):
    client.force_login(ben)

    page = client.get(reverse(CONFIRM), {"question": [question.pk for question in waiting]})

    assert list(page.context["questions"]) == waiting
    assert "确认这 2 道题" in page.content.decode()
    assert open_count() == 2


def test_confirming_several_settles_them_and_leaves_the_rest(client, ben, waiting, clock):
    client.force_login(ben)

    response = client.post(reverse(CONFIRM), {"question": [waiting[0].pk]})

    assert (response.status_code, response.url) == (302, reverse(LIST))
    assert list(Recheck.objects.open().values_list("question", flat=True)) == [waiting[1].pk]
    settled = Recheck.objects.exclude(settled_at=None).get()
    assert (settled.outcome, settled.settled_by, settled.settled_at) == ("confirmed", ben, clock())


def test_whoever_comes_second_is_told(client, ben, waiting):
    client.force_login(ben)
    sent = {"question": [question.pk for question in waiting]}
    client.post(reverse(CONFIRM), sent)

    page = client.post(reverse(CONFIRM), sent, follow=True)

    assert "没有可确认的题" in page.content.decode()
    assert Recheck.objects.count() == 2


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "²", "1 OR 1=1", "1e3"])
def test_odd_numbers_are_nobodys(client, ben, waiting, number):
    client.force_login(ben)

    page = client.get(reverse(CONFIRM), {"question": number})
    sent = client.post(reverse(CONFIRM), {"question": number})

    assert (page.status_code, list(page.context["questions"]), sent.status_code) == (200, [], 302)
    assert open_count() == 2


def outcomes(people, send):
    found = {}
    for name, person in people.items():
        client = Client()
        if person:
            client.force_login(person)
        response = send(client)
        turned_away = response.status_code == 302 and response.url != reverse(LIST)
        found[name] = "away" if turned_away else response.status_code
    return found


def test_who_reads_the_list_and_who_confirms(waiting, ana, dan, ben, cleo, inspector, auditor):
    people = {"nobody": None, "ana": ana, "dan": dan, "iris": inspector, "otto": auditor, "ben": ben, "cleo": cleo}
    sent = {"question": [waiting[0].pk]}

    read = outcomes(people, lambda client: client.get(reverse(LIST)))
    preview = outcomes(people, lambda client: client.get(reverse(CONFIRM), sent))
    still = open_count()
    confirmed = outcomes(
        {name: person for name, person in people.items() if name not in ("ben", "cleo")},
        lambda client: client.post(reverse(CONFIRM), sent),
    )

    outside = {"nobody": "away", "ana": "away", "dan": "away"}
    assert read == {**outside, "iris": 200, "otto": 200, "ben": 200, "cleo": 200}
    assert preview == {**outside, "iris": "away", "otto": "away", "ben": 200, "cleo": 200}
    assert confirmed == {**outside, "iris": "away", "otto": "away"}
    assert (still, open_count()) == (2, 2)
    assert outcomes({"ben": ben}, lambda client: client.post(reverse(CONFIRM), sent)) == {"ben": 302}
    assert open_count() == 1


def test_those_who_only_read_are_offered_nothing_to_press(client, inspector, waiting):
    client.force_login(inspector)

    text = client.get(reverse(LIST)).content.decode()

    assert "第1问？" in text
    assert reverse(CONFIRM) not in text
    assert reverse("wagtailsnippets_question_bank_question:edit", args=[waiting[0].pk]) not in text


def test_confirming_needs_the_token_of_the_page(ben, waiting):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ben)

    response = strict.post(reverse(CONFIRM), {"question": [waiting[0].pk]})

    assert (response.status_code, open_count()) == (403, 2)


@pytest.mark.once
@pytest.mark.parametrize("show", ["waiting", "entries", "questions"])
def test_the_list_asks_the_database_as_often_for_three_rows_as_for_one(client, ben, clock, show):
    def add(number):
        entry = entry_of(a_handbook(an_entry(f"条目{number}"), title=f"手册{number}"))
        published(QuestionFactory(entry=entry, valid_to=date(2026, 6, 14)))
        rewrite(entry, f"改{number}。")
        EntryPage.objects.filter(pk=entry.pk).update(valid_to=date(2026, 6, 14))

    client.force_login(ben)
    add(1)
    one = queries_of(lambda: client.get(reverse(LIST), {"show": show}))
    add(2)
    add(3)

    three = queries_of(lambda: client.get(reverse(LIST), {"show": show}))

    assert three == one
    assert len(client.get(reverse(LIST), {"show": show}).context["rows"]) == 3


def test_the_list_is_paginated(client, ben, entry):
    for _place in range(26):
        published(QuestionFactory(entry=entry))
    rewrite(entry, "二百四十天。")
    client.force_login(ben)

    first, second = (client.get(reverse(LIST), {"p": page}) for page in (1, 2))

    assert [len(page.context["rows"]) for page in (first, second)] == [25, 1]


def test_retiring_from_the_list_settles(client, cleo, waiting, clock):
    clock.forward(minutes=1)
    client.force_login(cleo)

    client.post(reverse("wagtailsnippets_question_bank_question:unpublish", args=[waiting[0].pk]))

    settled = Recheck.objects.exclude(settled_at=None).get()
    assert (settled.question, settled.outcome, settled.settled_by) == (waiting[0], "retired", cleo)
    assert settled.settled_at == NOON + timedelta(hours=1, minutes=1)


def test_the_list_of_questions_shows_and_filters_what_is_cited_and_what_waits(client, ben, waiting):
    other = published(QuestionFactory(stem="没有条目？"))
    questions = reverse("wagtailsnippets_question_bank_question:list")
    client.force_login(ben)

    shown = {
        query: sorted(question.stem for question in client.get(questions + query).context["object_list"])
        for query in ("?cites=yes", "?cites=no", "?waits=yes", "?waits=no")
    }
    text = client.get(questions).content.decode()

    cited = [question.stem for question in waiting]
    assert shown == {"?cites=yes": cited, "?cites=no": [other.stem], "?waits=yes": cited, "?waits=no": [other.stem]}
    assert "驻村天数" in text
    assert "待复核" in text


def test_a_question_is_edited_with_an_entry_chooser(client, ben, entry):
    question = published(QuestionFactory(entry=entry))
    client.force_login(ben)

    text = client.get(reverse("wagtailsnippets_question_bank_question:edit", args=[question.pk])).content.decode()

    assert "驻村天数" in text
    assert "cms.EntryPage" in text.replace("cms.entrypage", "cms.EntryPage")
