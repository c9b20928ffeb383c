"""Initial passwords for the people whom a roster added."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from members.domain.audit import Happening, log_many
from members.domain.passwords import initial_password
from members.domain.roster.refusals import RosterOutsideScope
from members.models import RosterImport, User
from members.rules import may_administer


@dataclass(frozen=True)
class IssuedPassword:
    """In clear only here and on the sheet that is handed out; kept as a hash."""

    person: User
    password: str


def people_without_sign_in(roster: RosterImport) -> QuerySet[User]:
    """Who was added by ``roster`` and has never signed in."""
    return User.objects.filter(
        uuid__in=roster.outcome.get("people", []), last_login=None, must_change_password=True, is_active=True
    ).order_by("code")


def issue_initial_passwords(roster: RosterImport, *, by: User, at: datetime) -> list[IssuedPassword]:
    """New initial passwords for those who have not signed in yet; a lost sheet is simply issued again.

    Refuses with ``RosterOutsideScope``. Costs one password hash a person, outside the transaction.
    """
    if not may_administer(by, roster.division):
        raise RosterOutsideScope(_("You do not administer this division."))
    issued = [IssuedPassword(person, initial_password()) for person in people_without_sign_in(roster)]
    for each in issued:
        each.person.password = make_password(each.password)
        each.person.password_changed_at = at
    with transaction.atomic():
        User.objects.bulk_update([each.person for each in issued], ["password", "password_changed_at"], batch_size=500)
        log(roster, "members.issue_passwords", user=by, timestamp=at, data={"people": len(issued)})
        log_many((Happening(each.person, "members.reset_password") for each in issued), by=by, at=at)
    return issued
