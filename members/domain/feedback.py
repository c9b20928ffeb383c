"""Writing to the office, and what the office answers."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.chinese import is_control_free
from common.refusals import Refusal
from members.enums import FeedbackKind
from members.models import Division, Feedback, User
from members.models.feedback import LONGEST_PAGE

MOST_A_DAY = 20


class TooMuchFeedback(Refusal):
    code, status = "too_much_feedback", 429


class AlreadyAnswered(Refusal):
    code = "already_answered"


def own_page(address: str) -> str:
    """``address`` if it is a page of this site (a path without host), otherwise nothing."""
    is_path = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_path and len(address) <= LONGEST_PAGE and is_control_free(address) else ""


@transaction.atomic
def send_feedback(kind: FeedbackKind, text: str, *, page: str = "", by: User, at: datetime) -> Feedback:
    """Store what ``by`` writes. The same sent again while it waits for an answer is the same entry.

    Refuses with ``TooMuchFeedback`` beyond ``MOST_A_DAY`` of one calendar day.
    """
    said = {"kind": kind, "text": text.strip(), "page": own_page(page)}
    feedback = Feedback(**said, person=by, division=place_of(by, at=at), sent_at=at)
    feedback.full_clean()
    # One at a time: two presses in the same moment must not count to nineteen each.
    User.objects.select_for_update().get(pk=by.pk)
    if sent := Feedback.objects.open().filter(person=by, **said).first():
        return sent
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    if Feedback.objects.filter(person=by, sent_at__gte=midnight).count() >= MOST_A_DAY:
        raise TooMuchFeedback(_("You have sent %(most)s today; send the rest tomorrow.") % {"most": MOST_A_DAY})
    feedback.save()
    log(feedback, "members.send_feedback", user=by, timestamp=at, data={"kind": kind})
    return feedback


def place_of(person: User, *, at: datetime) -> Division | None:
    """Where somebody serves on that day; of those without a posting, where they hold a role."""
    posting = person.posting(on=timezone.localdate(at))
    if posting:
        return posting.team.division
    return min((held.division for held in person.roles_held), key=lambda division: division.code, default=None)


@transaction.atomic
def answer_feedback(feedback: Feedback, answer: str, *, by: User, at: datetime) -> Feedback:
    """Answer once. Of two who answer at the same time the second is refused with ``AlreadyAnswered``."""
    feedback.answer, feedback.answered_by, feedback.answered_at = answer.strip(), by, at
    feedback.full_clean()
    waiting = Feedback.objects.open().filter(pk=feedback.pk)
    if not waiting.update(answer=feedback.answer, answered_by=by, answered_at=at):
        feedback.refresh_from_db()
        raise AlreadyAnswered(
            _("%(name)s has answered this already; nothing was changed.") % {"name": feedback.answered_by}
        )
    log(feedback, "members.answer_feedback", user=by, timestamp=at)
    return feedback
