"""Adding people and correcting their particulars."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import Refusal
from members.domain.roles import grant_role
from members.domain.rows import alter, store
from members.enums import Role
from members.models import Division, User


class SignInNameTaken(Refusal):
    """Sign-in accepts user name, staff number and phone: none of them may be another person's."""

    code = "sign_in_name_taken"


@transaction.atomic
def add_person(*, name: str, code: str, phone: str | None, division: Division, by: User, at: datetime) -> User:
    """A new person, member in ``division``, who cannot sign in until given an initial password.

    Refuses with ``SignInNameTaken``; raises ``ValidationError`` as the model says.
    """
    _refuse_taken(None, code, phone)
    person = User(
        username=code, code=code, name=name, phone=phone or None, password=make_password(None), date_joined=at
    )
    person.must_change_password = True
    store(person, action="members.add_person", by=by, at=at)
    grant_role(person, Role.MEMBER, division, by=by, at=at)
    return person


@transaction.atomic
def change_person(person: User, *, name: str, code: str, phone: str | None, by: User, at: datetime) -> User:
    """Correct the particulars. Refuses with ``SignInNameTaken``."""
    _refuse_taken(person, code, phone)
    values = {"name": name, "code": code, "phone": phone or None}
    return alter(person, values, action="members.change_person", by=by, at=at)


def note_phone_seen(person: User, *, by: User, at: datetime) -> None:
    """Write down that ``by`` was shown the full number; one's own, or none, is nothing to note."""
    if person.phone and person != by:
        log(person, "members.view_phone", user=by, timestamp=at)


def _refuse_taken(person: User | None, *names: str | None) -> None:
    wanted = {name for name in names if name}
    taken = User.objects.filter(Q(username__in=wanted) | Q(code__in=wanted) | Q(phone__in=wanted))
    if any(other != person for other in taken):
        raise SignInNameTaken(_("Somebody else signs in with this staff number or phone."))
