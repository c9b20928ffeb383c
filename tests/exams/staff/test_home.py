"""The first page of the staff interface says what waits for whoever came in."""

import pytest
from django.test import Client
from django.urls import reverse

from exams.domain.repairing import approve_repair
from exams.enums import RepairKind
from exams.models import Exam
from members.models import Division, User
from tests.conftest import Clock
from tests.factories.exams import sat_attempt
from tests.factories.repairs import asked_version, proposed, second_administrator


def tasks(client: Client, person: User) -> list[tuple[str, str]]:
    """Where each task leads, and its figures."""
    client.force_login(person)
    panel = client.get(reverse("wagtailadmin_home")).context["panels"][0]
    request = type("Request", (), {"user": person})()
    return [(task.url, task.figures) for task in panel.get_context_data({"request": request})["tasks"]]


def test_administrator_sees_what_runs_and_what_is_in_preparation(
    client: Client, exam: Exam, draft: Exam, cleo: User
) -> None:
    addresses = [address for address, _figures in tasks(client, cleo)]

    assert addresses == [reverse("exams_staff:control", args=[each.uuid]) for each in (exam, draft)]


def test_marker_sees_what_is_to_be_marked_and_nothing_else(
    client: Client, written_exam: Exam, ana: User, ben: User
) -> None:
    sat_attempt(written_exam, ana)

    assert [address for address, _figures in tasks(client, ben)] == [reverse("exams_marking:index")]


def test_results_that_wait_to_be_released_are_named(
    client: Client, clock: Clock, exam: Exam, ana: User, cleo: User
) -> None:
    Exam.objects.update(release_rule="by_hand")
    sat_attempt(exam, ana)
    clock.forward(hours=7)

    assert tasks(client, cleo) == [(reverse("exams_staff:control", args=[exam.uuid]), "")]


def test_repair_waits_for_the_second_person_and_nobody_else(
    client: Client, clock: Clock, exam: Exam, cleo: User, eve: User, ben: User, county: Division
) -> None:
    flo = second_administrator(county)
    repair = proposed(asked_version(exam), RepairKind.CREDIT_EVERYBODY, by=cleo)
    address = reverse("exams_repairs:repair", args=[repair.uuid])

    told = {person.name: (address, cleo.name) in tasks(client, person) for person in (flo, cleo, eve, ben)}
    approve_repair(repair, by=flo, at=clock.time)

    assert told == {flo.name: True, cleo.name: False, eve.name: False, ben.name: False}
    assert (address, cleo.name) not in tasks(client, flo)


@pytest.mark.parametrize("name", ["eve", "iris", "ben"])
def test_nothing_waits_for_those_it_does_not_concern(
    client: Client, exam: Exam, draft: Exam, name: str, request: pytest.FixtureRequest
) -> None:
    assert tasks(client, request.getfixturevalue(name)) == []


def test_page_carries_the_brand_and_none_of_wagtails_own_panels(office: Client) -> None:
    page = office.get(reverse("wagtailadmin_home"))

    text = page.content.decode()
    assert type(page.context["panels"][0]).__module__ == "exams.staff.home"
    assert not any(type(panel).__module__.startswith("wagtail.") for panel in page.context["panels"])
    assert "css/admin.css" in text
    assert "img/seal.svg" in text


def test_help_of_wagtail_is_not_in_the_menu(office: Client) -> None:
    text = office.get(reverse("wagtailadmin_home")).content.decode()

    assert "guide.wagtail.org" not in text
    assert "whats-new-in-wagtail" not in text
