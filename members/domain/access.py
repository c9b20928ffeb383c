"""Ending what a person's sign-in opened: sessions, API tokens, rights handed out to open pages."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.authtoken.models import Token
from wagtail.log_actions import log

from common.refusals import Refusal
from members.models import User
from members.signals import access_ended


class OwnAccount(Refusal):
    """Nobody locks themselves out."""

    code = "own_account"


def end_access(person: User) -> None:
    """Withdraw the API token and tell the listeners of ``access_ended``.

    Sessions need no help: Django ends them when the password changes or the account is inactive.
    """
    Token.objects.filter(user=person).delete()
    access_ended.send(sender=User, person=person)


@transaction.atomic
def deactivate(person: User, *, by: User, at: datetime) -> None:
    """Close the account; postings and records stay. Refuses one's own account. Safe to repeat."""
    if person == by:
        raise OwnAccount(_("You cannot deactivate your own account."))
    if not person.is_active:
        return
    person.is_active = False
    person.save(update_fields=["is_active"])
    log(person, "members.deactivate", user=by, timestamp=at)
    end_access(person)


@transaction.atomic
def reactivate(person: User, *, by: User, at: datetime) -> None:
    """Open a closed account again. Safe to repeat."""
    if person.is_active:
        return
    person.is_active = True
    person.save(update_fields=["is_active"])
    log(person, "members.reactivate", user=by, timestamp=at)
