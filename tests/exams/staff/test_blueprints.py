"""Blueprints are checked against the bank when they are saved, and stay as they are once an exam rests on them."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from wagtail.models import ModelLogEntry

from exams.models import Blueprint, Exam
from members.models import Division, User
from question_bank.enums import Kind
from tests.exams.staff.counting import queries_of
from tests.factories.exams import BlueprintFactory, ExamFactory
from tests.factories.question_bank import QuestionFactory, TopicFactory, published

ROW = {"topic": "", "kind": "single", "difficulty": "", "count": 2, "points_each": 5}


def form(division: Division, *rows: dict, ids: tuple[int, ...] = (), **fields: object) -> dict:
    sent = {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": len(ids)}
    sent |= {"rows-MIN_NUM_FORMS": 0, "rows-MAX_NUM_FORMS": 1000}
    for place, row in enumerate(rows):
        sent |= {f"rows-{place}-{name}": value for name, value in (ROW | row).items()}
        sent |= {f"rows-{place}-ORDER": place + 1, f"rows-{place}-DELETE": ""}
        sent |= {f"rows-{place}-id": ids[place] if place < len(ids) else ""}
    plan = {"title": "随机卷", "division": division.pk, "multiple_rule": "fixed_share", "multiple_share_percent": 40}
    return {**plan, **sent, **fields}


@pytest.fixture
def bank(db: None) -> None:
    topic = TopicFactory.create(code="01")
    for question in QuestionFactory.create_batch(3, topic=topic):
        published(question)


def test_blueprint_is_made_with_its_rows(office: Client, bank: None, county: Division, cleo: User) -> None:
    topic = TopicFactory.create(code="01")
    rows = [{"topic": topic.pk, "count": 1, "points_each": "2.5"}, {"count": 2}]

    office.post(reverse("blueprints:add"), form(county, *rows))

    plan = Blueprint.objects.get()
    assert list(plan.rows.values_list("topic", "kind", "count", "points_each")) == [
        (topic.pk, "single", 1, 2.5),
        (None, "single", 2, 5),
    ]
    assert (plan.question_count, plan.total_points) == (3, 12.5)
    assert ModelLogEntry.objects.get(action="wagtail.create", label="随机卷").user == cleo


def test_row_that_is_short_says_how_many_are_missing(office: Client, bank: None, county: Division) -> None:
    published(QuestionFactory.create(true_false=True))
    rows = [{"kind": "true_false", "count": 1}, {"kind": "single", "count": 5}]

    response = office.post(reverse("blueprints:add"), form(county, *rows))

    errors = [row.errors for row in response.context["form"].formsets["rows"].forms]
    assert errors[0] == {}
    assert list(errors[1]) == ["count"]
    assert "2" in errors[1]["count"][0]
    assert "3" in errors[1]["count"][0]
    assert not Blueprint.objects.exists()


def test_deleted_row_asks_for_nothing(office: Client, bank: None, county: Division) -> None:
    sent = form(county, {"count": 3}, {"count": 99}) | {"rows-1-DELETE": "1"}

    office.post(reverse("blueprints:add"), sent)

    assert [row.count for row in Blueprint.objects.get().rows.all()] == [3]


def test_blueprint_asks_something(office: Client, county: Division) -> None:
    response = office.post(reverse("blueprints:add"), form(county))

    assert response.context["form"].formsets["rows"].non_form_errors()
    assert not Blueprint.objects.exists()


def test_division_is_one_of_ones_own(client: Client, bank: None, county: Division, eve: User) -> None:
    client.force_login(eve)

    response = client.post(reverse("blueprints:add"), form(county, {}))

    assert list(response.context["form"].errors) == ["division"]
    assert not Blueprint.objects.exists()


def test_blueprint_of_a_published_exam_leads_to_a_copy(office: Client, exam: Exam) -> None:
    plan = exam.blueprint
    address = reverse("blueprints:edit", args=[plan.pk])

    shown = office.get(address)
    sent = office.post(address, form(plan.division, {}, title="changed"))

    assert [shown.url, sent.url] == [reverse("blueprints:copy", args=[plan.pk])] * 2
    assert Blueprint.objects.get().title == plan.title


def test_copy_has_the_same_rows_in_a_division_of_ones_own(
    client: Client, exam: Exam, eve: User, county: Division, other_township: Division
) -> None:
    plan = BlueprintFactory.create(division=county, title="全县卷")
    client.force_login(eve)

    response = client.post(
        reverse("blueprints:copy", args=[plan.pk]), {"title": "本镇卷", "division": other_township.pk}
    )

    copy = Blueprint.objects.get(title="本镇卷")
    assert response.url == reverse("blueprints:edit", args=[copy.pk])
    assert (copy.division, copy.question_count, copy.total_points) == (other_township, 10, 100)
    assert ModelLogEntry.objects.get(action="wagtail.copy").user == eve


def test_copy_into_a_division_that_is_not_ones_own_is_refused(client: Client, eve: User, county: Division) -> None:
    plan = BlueprintFactory.create(division=county, bank=False)
    client.force_login(eve)

    response = client.post(reverse("blueprints:copy", args=[plan.pk]), {"title": "x", "division": county.pk})

    assert list(response.context["form"].errors) == ["division"]
    assert Blueprint.objects.count() == 1


def test_blueprint_with_exams_is_not_deleted(office: Client, draft: Exam) -> None:
    response = office.post(reverse("blueprints:delete", args=[draft.blueprint_id]))

    assert response.status_code == 302
    assert Blueprint.objects.filter(pk=draft.blueprint_id).exists()


def test_list_shows_totals_and_who_rests_on_it(office: Client, exam: Exam) -> None:
    ExamFactory.create(blueprint=exam.blueprint)

    plan = office.get(reverse("blueprints:index")).context["object_list"][0]

    assert (plan.asked, plan.worth, plan.exam_count, plan.is_fixed) == (2, 100, 2, True)


@pytest.mark.once
def test_list_runs_the_same_queries_for_one_and_for_three(
    office: Client, county: Division, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    BlueprintFactory.create(division=county, bank=False)
    address = reverse("blueprints:index")
    one = queries_of(lambda: office.get(address))
    BlueprintFactory.create_batch(2, division=county, bank=False)

    with django_assert_num_queries(one):
        office.get(address)


@pytest.mark.once
def test_editor_reads_the_topics_once(
    office: Client, county: Division, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    short = BlueprintFactory.create(division=county, bank=False, plan=((Kind.SINGLE, 1, 5),))
    long = BlueprintFactory.create(division=county, bank=False, plan=((Kind.SINGLE, 1, 5),) * 4)
    one = queries_of(lambda: office.get(reverse("blueprints:edit", args=[short.pk])))

    with django_assert_num_queries(one):
        office.get(reverse("blueprints:edit", args=[long.pk]))
