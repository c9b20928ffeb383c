"""More people for the staff pages: an administrator of one township, an inspector, an auditor."""

import pytest
from django.test import Client

from members.enums import Role
from members.models import Division, User
from tests.factories.members import UserFactory, give_role


@pytest.fixture
def mayor(township: Division) -> User:
    """Administers 青石镇 only."""
    return give_role(UserFactory(username="mayor", name="马镇", code="LX8001"), Role.ADMINISTRATOR, township)


@pytest.fixture
def ines(county: Division) -> User:
    return give_role(UserFactory(username="ines", name="伊妮", code="LX9003"), Role.INSPECTOR, county)


@pytest.fixture
def aude(county: Division) -> User:
    return give_role(UserFactory(username="aude", name="奥德", code="LX9004"), Role.AUDITOR, county)


@pytest.fixture
def as_():
    """A browser in which that person is signed in."""

    def client(person: User, **options: bool) -> Client:
        browser = Client(**options)
        browser.force_login(person)
        return browser

    return client
