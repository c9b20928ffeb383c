"""A picture opens for whom a page showed it, and for those who keep the bank."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.authtoken.models import Token

from members.enums import Role
from members.models import Division, User
from question_bank.domain.showing import keepers_address, shown_address
from question_bank.models import Figure
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import FigureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def figure(db: None) -> Figure:
    return FigureFactory.create()


def status(client: Client, address: str, person: User | None = None) -> int:
    client.logout()
    if person:
        client.force_login(person)
    return int(client.get(address).status_code)


def test_a_picture_opens_for_the_one_it_was_shown_to(client: Client, figure: Figure, ana: User) -> None:
    client.force_login(ana)

    answer = client.get(shown_address(figure.digest, ana), HTTP_ACCEPT="image/png")

    assert (answer.status_code, answer["Content-Type"]) == (200, figure.content_type)
    assert answer.content == bytes(figure.content)
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"


def test_the_address_of_one_member_tells_another_that_there_is_nothing(
    client: Client, figure: Figure, ana: User, dan: User
) -> None:
    address, of_another = shown_address(figure.digest, ana), shown_address(FigureFactory.create().digest, dan)
    seal = of_another.split("/")[-2]

    answers = [
        status(client, tried, dan)
        for tried in (address, keepers_address(figure.digest), f"{keepers_address(figure.digest)}{seal}/", of_another)
    ]

    assert answers == [404, 404, 404, 200]
    assert status(client, address) == 401


@pytest.mark.parametrize("role", [Role.TRAINER, Role.ADMINISTRATOR, Role.INSPECTOR, Role.AUDITOR])
def test_whoever_reads_questions_sees_their_pictures(
    client: Client, figure: Figure, role: Role, ana: User, county: Division
) -> None:
    reader = give_role(UserFactory.create(), role, county)

    answers = [status(client, address, reader) for address in (keepers_address(figure.digest), keepers_address("0"))]

    assert answers == [200, 404]
    assert status(client, shown_address(figure.digest, ana), reader) == 200


def test_a_program_looks_at_a_picture_with_the_token_of_its_person(client: Client, figure: Figure, ana: User) -> None:
    header = {"HTTP_AUTHORIZATION": f"Token {Token.objects.create(user=ana).key}"}

    answers = [client.get(address, **header).status_code for address in (shown_address(figure.digest, ana), "/exams/")]

    assert answers == [200, 302]


def test_a_shown_picture_takes_session_person_and_picture_from_the_database(
    client: Client, figure: Figure, ana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(ana)

    with django_assert_num_queries(3):
        client.get(shown_address(figure.digest, ana))
