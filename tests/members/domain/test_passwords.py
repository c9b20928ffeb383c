"""Changing passwords and handing out initial ones."""

import re

import pytest
from rest_framework.authtoken.models import Token
from wagtail.models import ModelLogEntry

from common.clock import now
from members.domain.access import OwnAccount, deactivate, reactivate
from members.domain.passwords import (
    PasswordRefused,
    WrongPassword,
    change_password,
    initial_password,
    reset_password,
)
from members.models import User
from members.signals import access_ended
from members.validators import CharacterClassesValidator
from tests.factories.members import PASSWORD

NEW = "Xin-Mima-2026"


@pytest.fixture
def heard():
    people: list[User] = []

    def listen(sender: type[User], person: User, **kwargs: object) -> None:
        people.append(person)

    access_ended.connect(listen)
    yield people
    access_ended.disconnect(listen)


def test_changed_password_counts_and_ends_every_other_access(ana: User, heard: list[User]) -> None:
    User.objects.filter(pk=ana.pk).update(must_change_password=True)
    Token.objects.create(user=ana)
    at = now()

    change_password(ana, old=PASSWORD, new=NEW, at=at)

    ana.refresh_from_db()
    assert (ana.check_password(NEW), ana.must_change_password, ana.password_changed_at) == (True, False, at)
    assert (Token.objects.count(), heard) == (0, [ana])
    assert ModelLogEntry.objects.filter(action="members.change_password", user=ana).count() == 1


def test_wrong_present_password_changes_nothing(ana: User, heard: list[User]) -> None:
    with pytest.raises(WrongPassword):
        change_password(ana, old="wrong", new=NEW, at=now())

    ana.refresh_from_db()
    assert (ana.check_password(PASSWORD), heard) == (True, [])


@pytest.mark.parametrize(
    "new", ["Ab1-x", "onlyletters", "Onlytwoclasses", "12345678", "Password1", "LX0001-ab", PASSWORD]
)
def test_weak_or_present_password_is_refused_with_reasons(ana: User, new: str) -> None:
    with pytest.raises(PasswordRefused) as refusal:
        change_password(ana, old=PASSWORD, new=new, at=now())

    assert refusal.value.reasons
    assert User.objects.get(pk=ana.pk).check_password(PASSWORD)


def test_reset_gives_an_initial_password_that_must_be_changed(cleo: User, ana: User, heard: list[User]) -> None:
    Token.objects.create(user=ana)

    password = reset_password(ana, by=cleo, at=now())

    ana.refresh_from_db()
    entry = ModelLogEntry.objects.get(action="members.reset_password")
    assert (ana.check_password(password), ana.must_change_password) == (True, True)
    assert (Token.objects.count(), heard, entry.user, password in str(entry.data)) == (0, [ana], cleo, False)


def test_initial_passwords_are_readable_and_keep_the_rules() -> None:
    passwords = {initial_password() for _number in range(500)}

    for password in passwords:
        assert re.fullmatch(r"[abcdefghjkmnpqrstuvwxyz2-9]{5}-[abcdefghjkmnpqrstuvwxyz2-9]{5}", password)
        CharacterClassesValidator(3).validate(password)
    assert len(passwords) == 500


def test_deactivated_account_is_closed_and_can_be_opened(cleo: User, ana: User, heard: list[User]) -> None:
    deactivate(ana, by=cleo, at=now())
    deactivate(ana, by=cleo, at=now())
    closed = User.objects.get(pk=ana.pk).is_active

    reactivate(ana, by=cleo, at=now())

    assert (closed, User.objects.get(pk=ana.pk).is_active, heard) == (False, True, [ana])
    assert [entry.action for entry in ModelLogEntry.objects.filter(user=cleo, action__endswith="activate")] == [
        "members.reactivate",
        "members.deactivate",
    ]


def test_nobody_deactivates_themselves(cleo: User) -> None:
    with pytest.raises(OwnAccount):
        deactivate(cleo, by=cleo, at=now())
