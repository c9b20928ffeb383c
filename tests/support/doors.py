"""What is told only to whoever may see a thing: it stands in its title, and a page is searched for it."""

from typing import Any

import pytest
from django.test import Client

from members.models import User

SECRET = "不得外传"


def as_parameters(doors: dict[str, str]) -> list[Any]:
    """Doors that search are tried on both databases, which search differently; others ask both for the same rows."""
    return [pytest.param(name, marks=() if "{asked}" in door else pytest.mark.once) for name, door in doors.items()]


def signed_in(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def tells(person: User, address: str) -> bool:
    """Whether the secret is in what ``person`` gets there, spelt out or as programs spell it."""
    text = signed_in(person).get(address, follow=True).content.decode()
    return SECRET in text or SECRET.encode("unicode_escape").decode() in text
