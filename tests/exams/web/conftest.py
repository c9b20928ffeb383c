from collections.abc import Callable

import pytest
from django.test import Client

from members.models import User


@pytest.fixture
def as_(client: Client) -> Callable[[User], Client]:
    """The test client with somebody signed in."""

    def sign_in(person: User) -> Client:
        client.force_login(person, backend="members.backends.PhoneOrCodeBackend")
        return client

    return sign_in
