"""The right of an open page to write the answers of its attempt.

Saving happens fifty times a sitting, so it looks up neither session nor user: the page carries a signed
grant, and the statement that saves checks its number against the attempt. Handing in and closing end it
because the attempt is no longer open; sign-out raises the number (see docs/decisions/0004-grants.md).
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import F
from django.utils.translation import gettext as _

from exams.domain.refusals import GrantEnded
from exams.models import Attempt
from members.models import User

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_signer = Signer(salt="exams.grant")


class Grant(NamedTuple):
    """Which attempt may be written, under which number, and what its answers are checked against."""

    attempt_id: int
    paper_id: int
    number: int
    closes_at: datetime
    uuid: UUID


def grant_of(attempt: Attempt) -> Grant:
    """The grant of an attempt that the caller has already found to be the person's own."""
    return Grant(attempt.pk, attempt.paper_id, attempt.grant_number, attempt.closes_at, attempt.uuid)


def issue(attempt: Attempt) -> str:
    """The grant of ``attempt`` as a signed text for its page."""
    grant = grant_of(attempt)
    closes_at = (grant.closes_at - EPOCH) // MICROSECOND
    return _signer.sign(f"{grant.attempt_id}.{grant.paper_id}.{grant.number}.{closes_at}.{grant.uuid.hex}")


def read(text: str) -> Grant:
    """The grant behind a signed text. Raises GrantEnded when it was not signed here."""
    try:
        attempt, paper, number, closes_at, uuid = _signer.unsign(text).split(".")
    except (BadSignature, ValueError) as error:
        raise GrantEnded(_("Please sign in again. Your answers stay on this device.")) from error
    return Grant(int(attempt), int(paper), int(number), EPOCH + int(closes_at) * MICROSECOND, UUID(uuid))


def end_grants(person: User) -> None:
    """Every page this person left open anywhere may no longer write."""
    Attempt.objects.of(person).open().update(grant_number=F("grant_number") + 1)


def on_access_ended(sender: type[User], person: User, **_kwargs: Any) -> None:
    """Receiver of ``members.signals.access_ended``."""
    end_grants(person)
