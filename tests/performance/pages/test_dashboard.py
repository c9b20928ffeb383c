"""The quarter at a glance: the right means, bounded by the reader's divisions, in the same number of queries."""

import pytest
from django.urls import reverse

from cms.domain.importing import Book, Chapter, shelve
from cms.models import EntryPage, HandbookPage
from exams.models import ItemStatistics
from members.models import Division, User
from performance.domain import dashboard
from performance.models import Quarter, Scorecard
from question_bank.models import QuestionVersion
from tests.exams.staff.counting import queries_of
from tests.factories.cms import an_entry, entry_of
from tests.factories.members import PostingFactory, TeamFactory, UserFactory
from tests.factories.question_bank import QuestionFactory, TopicFactory
from tests.factories.question_bank import published as made
from tests.performance.pages.conftest import As
from tests.performance.pages.making import LATER, closed, published

pytestmark = pytest.mark.django_db


def a_version(entry: EntryPage | None = None) -> QuestionVersion:
    """Of a topic of its own."""
    return made(QuestionFactory.create(topic=TopicFactory.create(), entry=entry)).current_version


def answered(version: QuestionVersion, facility: float, answers: int) -> None:
    ItemStatistics.objects.create(
        version=version, quarter="2026Q2", n=answers, facility=facility,
        facility_low=facility, facility_high=facility, computed_at=LATER,
    )  # fmt: skip


def url(quarter: Quarter) -> str:
    return reverse("quarters:dashboard", args=[quarter.uuid])


def test_figures_are_means_of_the_people_one_may_see(as_: As, cleo: User, eve: User, quarter: Quarter) -> None:
    seen = {}
    for person in (cleo, eve):
        context = as_(person).get(url(quarter)).context
        seen[person.username] = (
            context["participation"].people,
            [(row.name, row.people, row.total, row.percents) for row in context["townships"]],
            [(grades.category, grades.people) for grades, _chart in context["grades"]],
        )

    assert seen == {
        "cleo": (2, [("青石镇", 1, 88.0, [85.0, 90.0]), ("柳河镇", 1, 88.0, [85.0, 90.0])], [("公务员", 2)]),
        "eve": (1, [("柳河镇", 1, 88.0, [85.0, 90.0])], [("公务员", 1)]),
    }


def test_teams_of_one_township_are_shown_and_of_others_none(as_: As, cleo: User, eve: User, quarter: Quarter) -> None:
    address = f"{url(quarter)}?township=530999101000"

    assert [row.name for row in as_(cleo).get(address).context["teams"]] == ["柳湾村工作队"]
    assert as_(eve).get(address).context["teams"] == []


def test_nobody_is_named(as_: As, cleo: User, ana: User, dan: User, quarter: Quarter) -> None:
    text = as_(cleo).get(f"{url(quarter)}?township=530999101000").content.decode()

    assert [person.name for person in (ana, dan) if person.name in text] == []


def test_the_trend_goes_over_the_divisions_quarters(as_: As, cleo: User, ana: User, county: Division) -> None:
    closed(county, by=cleo, people=[ana], number=1, score="70")
    quarter = published(county, by=cleo, people=[ana])

    context = as_(cleo).get(url(quarter)).context

    assert [(row.quarter.name, row.total) for row in context["trend"]] == [("2026Q1", 76.0), ("2026Q2", 88.0)]
    assert "<svg" in context["trend_chart"]


def test_the_weakest_topics_come_first_and_few_answers_do_not_count(quarter: Quarter) -> None:
    for facility, answers in ((0.9, 40), (0.4, 40), (0.1, 5)):
        answered(a_version(), facility, answers)

    assert [round(row.facility, 2) for row in dashboard.weakest_topics(quarter)] == [0.4, 0.9]


def test_the_weakest_chapters_are_those_whose_entries_were_answered_worst(quarter: Quarter) -> None:
    book = Book(
        "应知手册",
        chapters=[
            Chapter("政策", entries=[an_entry("低保"), an_entry("医保")]),
            Chapter("驻村", entries=[an_entry("天数")]),
        ],
    )
    handbook = HandbookPage.objects.get(pk=shelve(book, by=None, at=LATER, publish=True).pk)
    for place, facility, answers in ((0, 0.9, 30), (1, 0.5, 10), (2, 0.6, 40)):
        answered(a_version(entry_of(handbook, place)), facility, answers)

    found = dashboard.weakest_chapters(quarter)

    # (0.9 × 30 + 0.5 × 10) / 40 = 0.8
    assert [(row.title, row.answers, round(row.facility, 2)) for row in found] == [("驻村", 40, 0.6), ("政策", 40, 0.8)]


@pytest.mark.once
def test_it_asks_as_much_for_one_person_as_for_three(
    as_: As, cleo: User, ana: User, dan: User, county: Division
) -> None:
    client = as_(cleo)
    one = published(county, by=cleo, people=[ana], number=1)
    Scorecard.objects.filter(computation=one.computation).exclude(person=ana).delete()
    few = queries_of(lambda: client.get(f"{url(one)}?township=530999101000"))
    third = UserFactory.create()
    PostingFactory.create(person=third, team=TeamFactory.create())
    many = published(county, by=cleo, people=[ana, dan, third])

    assert queries_of(lambda: client.get(f"{url(many)}?township=530999101000")) == few


def test_who_reads_it(as_: As, ana: User, ben: User, iris: User, quarter: Quarter) -> None:
    assert as_(iris).get(url(quarter)).status_code == 200
    assert [as_(person).get(url(quarter)).status_code for person in (ana, ben)] != [200, 200]
    assert 200 not in [as_(person).get(url(quarter)).status_code for person in (ana, ben)]
