"""What one person asked is decided by another."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.refusals import AlreadyDecided, SecondPersonNeeded
from members.enums import RequestState
from members.models import TwoPersonRequest, User


def decide_request(request: TwoPersonRequest, *, approve: bool, by: User, at: datetime) -> None:
    """Approve or decline, inside the caller's transaction. Raises SecondPersonNeeded, AlreadyDecided."""
    if request.asked_by_id == by.pk:
        raise SecondPersonNeeded(_("Somebody else has to decide this."))
    state = RequestState.APPROVED if approve else RequestState.DECLINED
    waiting = type(request)._default_manager.filter(pk=request.pk, state=RequestState.WAITING)
    if not waiting.update(state=state, decided_by=by, decided_at=at):
        raise AlreadyDecided(_("This has been decided already."))
    request.refresh_from_db()
