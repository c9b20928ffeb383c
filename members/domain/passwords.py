"""Changing one's password, and handing out initial ones."""

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import Refusal
from members.domain.access import end_access
from members.models import User

# Read out on the phone and typed on another: nothing that looks or sounds like its neighbour.
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_DIGITS = "23456789"
_GROUP_LENGTH = 5


class WrongPassword(Refusal):
    code = "wrong_password"
    status = 403


class PasswordRefused(Refusal):
    """The new password breaks the rules; ``reasons`` says which, in the reader's language."""

    code = "password_refused"
    status = 400

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons), reasons=reasons)
        self.reasons = reasons


@transaction.atomic
def change_password(person: User, *, old: str, new: str, at: datetime) -> None:
    """Replace one's own password and end every other access that rests on the old one.

    Refuses with ``WrongPassword`` and ``PasswordRefused``; the caller keeps the session it stands in.
    """
    if not person.check_password(old):
        raise WrongPassword(_("The present password is not right."))
    _hold_against_rules(new, old=old, person=person)
    person.set_password(new)
    person.must_change_password = False
    person.password_changed_at = at
    person.save(update_fields=["password", "must_change_password", "password_changed_at"])
    log(person, "members.change_password", user=person, timestamp=at)
    end_access(person)


def _hold_against_rules(new: str, *, old: str, person: User) -> None:
    if new == old:
        raise PasswordRefused([_("The new password is the present one.")])
    try:
        validate_password(new, person)
    except ValidationError as error:
        raise PasswordRefused(error.messages) from error


@transaction.atomic
def reset_password(person: User, *, by: User, at: datetime) -> str:
    """Give a new initial password, to be shown once and changed at the first sign-in; it is kept only as a hash."""
    password = initial_password()
    person.set_password(password)
    person.must_change_password = True
    person.password_changed_at = at
    person.save(update_fields=["password", "must_change_password", "password_changed_at"])
    log(person, "members.reset_password", user=by, timestamp=at)
    end_access(person)
    return password


def initial_password() -> str:
    """Two groups of five joined by a hyphen, some 49 bits: ``k7mwp-3xqrt``.

    Meets the rule of three classes whatever is drawn: each group has a letter and a digit.
    """
    return f"{_group()}-{_group()}"


def _group() -> str:
    while True:
        group = "".join(secrets.choice(_LETTERS + _DIGITS) for _place in range(_GROUP_LENGTH))
        if any(sign in _LETTERS for sign in group) and any(sign in _DIGITS for sign in group):
            return group
