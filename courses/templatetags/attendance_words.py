"""Times and states of sessions as people read them."""

from django import template
from django.utils.timezone import localtime

from courses.enums import ATTENDED_STATES, AttendanceState
from courses.models import Session
from exams.domain.wording import moment, time_of_day

register = template.Library()
register.filter("moment", moment)
register.filter("time_of_day", time_of_day)


@register.filter
def span(session: Session) -> str:
    """``6 月 15 日 09:00–11:00``; with both days where it goes over midnight."""
    same_day = localtime(session.starts_at).date() == localtime(session.ends_at).date()
    ends = time_of_day(session.ends_at) if same_day else moment(session.ends_at)
    return f"{moment(session.starts_at)}–{ends}"


@register.filter
def tone(state: str) -> str:
    """Of the chip that says it."""
    if state == AttendanceState.ABSENT:
        return "warn"
    return "good" if state in ATTENDED_STATES else ""


@register.filter
def sign(state: str) -> str:
    """Beside the word, for those who see no colours."""
    return {"present": "✓", "late": "✓", "excused": "○", "absent": "✕"}.get(state, "")


@register.filter
def spaced(code: str) -> str:
    """``123 456``, as it is read aloud."""
    return f"{code[:3]} {code[3:]}"
