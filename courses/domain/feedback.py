"""What people thought of a session: nobody can tell who wrote it, and nobody writes twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Avg, Count
from django.utils.translation import gettext as _

from courses.domain.refusals import FeedbackNotAsked, FeedbackRefused
from courses.enums import ATTENDED_STATES
from courses.models import Attendance, Session, SessionFeedback
from members.models import User

MARKS = (1, 2, 3, 4, 5)
# Fewer answers would let a lecturer guess whose they are.
FEWEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Feedback:
    """How many gave feedback on a session; the rest only once there are ``FEWEST_SHOWN``."""

    count: int = 0
    content: float | None = None
    lecturer: float | None = None
    usefulness: float | None = None
    texts: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        return self.count >= FEWEST_SHOWN


@transaction.atomic
def give_feedback(
    session: Session, person: User, *, content: int, lecturer: int, usefulness: int, text: str = "", at: datetime
) -> None:
    """Marks from 1 to 5. Written without the person, the time or an audit row: none of them may lead back to whom.

    Raises FeedbackNotAsked, FeedbackRefused.
    """
    if not session.course.asks_feedback or at < session.ends_at:
        raise FeedbackNotAsked(_("Feedback on this session is not asked for now."))
    if not {content, lecturer, usefulness} <= set(MARKS):
        raise FeedbackRefused(_("Give each of the three a mark from 1 to 5."))
    own = Attendance.objects.attended().filter(session=session, person=person)
    # The row count is the guard: of two at once one finds it given.
    if not own.filter(gave_feedback=False).update(gave_feedback=True):
        raise FeedbackNotAsked(_("You have given feedback already, or were not at this session."))
    SessionFeedback.objects.create(
        session=session, content=content, lecturer=lecturer, usefulness=usefulness, text=text.strip()
    )


def may_give_feedback(session: Session, attendance: Attendance | None, *, at: datetime) -> bool:
    """``course`` is looked at."""
    if attendance is None or attendance.gave_feedback or attendance.state not in ATTENDED_STATES:
        return False
    return session.course.asks_feedback and at >= session.ends_at


def feedback_on(sessions: Iterable[Session]) -> dict[int, Feedback]:
    """By the keys of the sessions. Two queries, however many sessions."""
    keys = [session.pk for session in sessions]
    figures = list(
        SessionFeedback.objects.filter(session__in=keys)
        .order_by()
        .values_list("session")
        .annotate(Count("pk"), Avg("content"), Avg("lecturer"), Avg("usefulness"))
    )
    shown = [key for key, count, *_marks in figures if count >= FEWEST_SHOWN]
    texts: dict[int, list[str]] = {key: [] for key in shown}
    remarks = SessionFeedback.objects.filter(session__in=shown).exclude(text="").order_by("text")
    for key, text in remarks.values_list("session", "text"):
        texts[key].append(text)
    found = {
        key: Feedback(count, content, lecturer, usefulness, tuple(texts[key])) if key in texts else Feedback(count)
        for key, count, content, lecturer, usefulness in figures
    }
    return {key: found.get(key, Feedback()) for key in keys}
