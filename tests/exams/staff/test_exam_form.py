"""Preparing an exam: what is missing or contradictory is said at its field, in words."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from exams.enums import Audience, ExamState
from exams.models import Blueprint, Exam
from members.models import Division, Team, User
from tests.conftest import NOON, Clock
from tests.factories.exams import BlueprintFactory


@pytest.fixture
def plan(county: Division) -> Blueprint:
    return BlueprintFactory.create(division=county, bank=False)


@pytest.fixture
def fields(plan: Blueprint, county: Division) -> dict:
    """A form that is taken as it stands: everybody in the county, next day from nine to six."""
    return {
        "title": "随机抽测",
        "division": county.pk,
        "blueprint": plan.pk,
        "opens_at": "2026-06-16 09:00",
        "closes_at": "2026-06-16 18:00",
        "minutes": 30,
        "attempts_allowed": 1,
        "counting_attempt": "best",
        "pass_percent": 60,
        "good_percent": 80,
        "excellent_percent": 90,
        "shuffle_questions": "on",
        "shuffle_options": "on",
        "fresh_days": 180,
        "release_rule": "after_close",
        "audience": "everybody",
        "audience_division": "",
        "audience_role": "",
        "draw_count": "",
        "draw_percent": "",
        "draw_rest_days": 0,
        "people_codes": "",
    }


def errors(client: Client, fields: dict) -> list[str]:
    response = client.post(reverse("exams_staff:add"), fields)
    assert not Exam.objects.exists()
    return list(response.context["form"].errors)


def test_exam_is_prepared_and_leads_to_its_page(office: Client, fields: dict, cleo: User, county: Division) -> None:
    response = office.post(reverse("exams_staff:add"), fields)

    exam = Exam.objects.get()
    assert response.url == reverse("exams_staff:control", args=[exam.uuid])
    assert (exam.title, exam.state, exam.division, exam.created_by) == ("随机抽测", ExamState.DRAFT, county, cleo)
    assert exam.opens_at == datetime(2026, 6, 16, 9, 0, tzinfo=NOON.tzinfo)
    assert ModelLogEntry.objects.get(action="wagtail.create", label="随机抽测").user == cleo


@pytest.mark.parametrize(
    ("changes", "at_fields"),
    [
        ({"title": ""}, ["title"]),
        ({"closes_at": "2026-06-16 09:00"}, ["closes_at"]),
        ({"opens_at": "2026-06-14 09:00", "closes_at": "2026-06-15 11:59"}, ["closes_at"]),
        ({"closes_at": "2026-06-16 09:29"}, ["minutes"]),
        ({"minutes": 0}, ["minutes"]),
        ({"pass_percent": 85}, ["__all__"]),
        ({"pass_percent": 101}, ["pass_percent"]),
        ({"audience": "draw"}, ["draw_count"]),
        ({"audience": "draw", "draw_count": 3, "draw_percent": 10}, ["draw_percent"]),
        ({"audience": "draw", "draw_percent": 101}, ["draw_percent"]),
        ({"audience": "teams"}, ["audience_teams"]),
        ({"audience": "chosen"}, ["people_codes"]),
        ({"audience": "chosen", "people_codes": "LX0001\nLX4711"}, ["people_codes"]),
        ({"audience": "nonsense"}, ["audience"]),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    office: Client, fields: dict, ana: User, changes: dict, at_fields: list[str]
) -> None:
    assert errors(office, fields | changes) == at_fields


def test_part_lies_inside_the_division_of_the_exam(
    office: Client, fields: dict, township: Division, other_township: Division
) -> None:
    changes = {"division": township.pk, "audience_division": other_township.pk}

    assert errors(office, fields | changes) == ["audience_division"]


def test_teams_lie_inside_the_division_of_the_exam(office: Client, fields: dict, township: Division, dan: User) -> None:
    team = Team.objects.get(postings__person=dan)
    changes = {"division": township.pk, "audience": "teams", "audience_teams": [team.pk]}

    assert errors(office, fields | changes) == ["audience_teams"]


def test_division_and_teams_are_of_ones_own(client: Client, clock: Clock, fields: dict, ana: User, eve: User) -> None:
    client.force_login(eve)
    team = Team.objects.get(postings__person=ana)

    assert errors(client, fields | {"audience": "teams", "audience_teams": [team.pk]}) == ["division", "audience_teams"]


def test_people_are_named_by_their_numbers(office: Client, fields: dict, ana: User, dan: User) -> None:
    office.post(reverse("exams_staff:add"), fields | {"audience": "chosen", "people_codes": "LX0002, LX0001\nLX0002"})

    assert list(Exam.objects.get().audience_people.all()) == [ana, dan]


def test_what_the_audience_does_not_ask_for_does_not_count(
    office: Client, fields: dict, ana: User, township: Division
) -> None:
    team = Team.objects.get(postings__person=ana)
    leftovers = {
        "audience_division": township.pk,
        "audience_role": "member",
        "audience_teams": [team.pk],
        "draw_count": "many",
        "draw_rest_days": 30,
        "people_codes": "LX4711",
    }

    office.post(reverse("exams_staff:add"), fields | leftovers)

    exam = Exam.objects.get()
    assert (exam.audience, exam.audience_division, exam.audience_role) == (Audience.EVERYBODY, township, "")
    assert (exam.draw_count, exam.draw_rest_days) == (None, 0)
    assert (exam.audience_teams.count(), exam.audience_people.count()) == (0, 0)


def test_editing_shows_what_was_chosen_and_logs_the_change(
    office: Client, draft: Exam, fields: dict, cleo: User
) -> None:
    address = reverse("exams_staff:edit", args=[draft.pk])
    shown = office.get(address).context["form"]["people_codes"].value()

    office.post(address, fields | {"title": "改过的"})

    draft.refresh_from_db()
    assert (shown, draft.title, draft.audience) == ("LX0001", "改过的", "everybody")
    assert ModelLogEntry.objects.get(action="wagtail.edit", label="改过的").user == cleo


def test_published_exam_is_not_edited(office: Client, exam: Exam, fields: dict) -> None:
    response = office.post(reverse("exams_staff:edit", args=[exam.pk]), fields)

    assert response.url == reverse("exams_staff:control", args=[exam.uuid])
    assert Exam.objects.get().title == exam.title


def test_exam_in_preparation_can_be_deleted(office: Client, draft: Exam) -> None:
    office.post(reverse("exams_staff:delete", args=[draft.pk]))

    assert not Exam.objects.exists()
