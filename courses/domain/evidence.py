"""Attendance of sessions as evidence for the appraisal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.evidence import Finding, Inquiry, Piece, SettingsForm, Source
from courses.domain.attending import settle_session
from courses.enums import SHOWN_COURSE_STATES, AbsenceReason, AttendanceState, CourseState, SessionState
from courses.models import Attendance, CourseKind, Enrolment, Session
from members.models.division import ancestor_codes, inside, prefix_of

FULL = Decimal(100)
_FOUR_PLACES = Decimal("0.0001")
_WHOLE, _HALF, _NOTHING = Decimal(1), Decimal("0.5"), Decimal(0)
_CHUNK = 5000


class AttendanceSettings(SettingsForm):
    """Which sessions count, and what an excuse, coming late and making up mean."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Which kinds of courses"),
        required=False,
        help_text=gettext_lazy("None chosen: sessions of every kind that take place in the quarter."),
    )
    excused = forms.ChoiceField(
        label=gettext_lazy("Who was excused"),
        choices=[
            ("left_out", gettext_lazy("is appraised by the other sessions")),
            ("attended", gettext_lazy("counts as having attended")),
            ("missed", gettext_lazy("counts as having missed it")),
        ],
        initial="left_out",
    )
    late = forms.ChoiceField(
        label=gettext_lazy("Who came late"),
        choices=[
            ("attended", gettext_lazy("counts as having attended")),
            ("half", gettext_lazy("counts by half")),
        ],
        initial="attended",
    )
    made_up = forms.ChoiceField(
        label=gettext_lazy("What is made up in a repeat"),
        choices=[
            ("each", gettext_lazy("each session counts by itself")),
            ("once", gettext_lazy("the content counts once, by the better of them")),
        ],
        initial="each",
    )
    wants_reason = forms.BooleanField(
        label=gettext_lazy("Every absence needs a reason before results are published"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kinds", [(str(kind.pk), f"{kind.title}·{kind.division.name}") for kind in kinds_of(self.division)])


def kinds_of(division: str) -> QuerySet[CourseKind]:
    """Of the division with this code, of those inside it and of those above it."""
    prefix = prefix_of(division)
    above = Q(division__code__in=ancestor_codes(prefix))
    kinds = CourseKind.objects.filter(inside([prefix], field="division__code") | above)
    return kinds.select_related("division").order_by("division__code", "code")


def sessions_between(first: date, last: date, *, division: str) -> QuerySet[Session]:
    """Sessions of courses with people of ``division`` that begin in those days; none that was called off."""
    midnight, zone = time.min, timezone.get_current_timezone()
    begin = datetime.combine(first, midnight, zone)
    end = datetime.combine(last + timedelta(days=1), midnight, zone)
    people = Enrolment.objects.filter(course=OuterRef("course"), division_code__startswith=prefix_of(division))
    found = Session.objects.taking_place().filter(Exists(people), starts_at__gte=begin, starts_at__lt=end)
    return found.filter(course__state__in=SHOWN_COURSE_STATES).select_related("course").order_by("starts_at", "pk")


@dataclass(frozen=True, slots=True)
class _Row:
    """One person at one session; ``credit`` is what it counts, None where it is left out."""

    session: Session
    state: str
    reason: str
    credit: Decimal | None

    @property
    def is_absent(self) -> bool:
        return self.state == AttendanceState.ABSENT

    @property
    def has_no_reason(self) -> bool:
        """Somebody may still have to say why. Once the course is closed nobody can, and nobody had to."""
        return self.is_absent and not self.reason and self.session.course.state == CourseState.OPEN

    def piece(self) -> Piece:
        session = self.session
        said = [str(AttendanceState(self.state).label)]
        if self.reason:
            said.append(str(AbsenceReason(self.reason).label))
        return Piece(
            label=f"{session.course.title}·{session.topic}",
            ref=f"{AttendanceSource.key}:{session.uuid}",
            on=timezone.localdate(session.starts_at),
            value=self.credit,
            of=None if self.credit is None else _WHOLE,
            note="·".join(said),
        )


class AttendanceSource(Source):
    """Who came to the sessions they were expected at."""

    key: ClassVar[str] = "attendance"
    name = gettext_lazy("Attendance of training")
    description = gettext_lazy("Sessions attended, in per cent of those somebody was expected at in the quarter.")
    settings_form = AttendanceSettings

    def countable(self, division: str) -> Mapping[str, str]:
        return {
            "unexcused": _("Sessions missed without an excuse"),
            "absent": _("Sessions missed and not excused"),
            "late": _("Sessions come late to"),
        }

    def settle(self, inquiry: Inquiry) -> None:
        for session in _sessions(inquiry):
            if session.state == SessionState.PLANNED and session.ends_at <= inquiry.cutoff:
                settle_session(session, at=inquiry.cutoff)

    def problems(self, inquiry: Inquiry) -> Iterator[str]:
        for session in _sessions(inquiry):
            if session.state != SessionState.PLANNED:
                continue
            names = {"session": session.topic, "day": timezone.localdate(session.starts_at)}
            if session.ends_at > inquiry.cutoff:
                yield _("The session “%(session)s” of %(day)s has not taken place yet.") % names
            else:
                yield _("The attendance of the session “%(session)s” of %(day)s is not settled.") % names

    def find(self, inquiry: Inquiry) -> Mapping[int, Finding]:
        held = {session.pk: session for session in _sessions(inquiry) if session.state == SessionState.HELD}
        by_person: dict[int, list[_Row]] = defaultdict(list)
        for person, row in _rows(held, inquiry):
            by_person[person].append(row)
        return {person: _finding(rows, inquiry.settings) for person, rows in by_person.items()}

    def link(self, ref: str) -> str:
        return reverse("courses:session", args=[ref.partition(":")[2]])

    def office_link(self, ref: str) -> str:
        return self.link(ref)


def _sessions(inquiry: Inquiry) -> list[Session]:
    found = sessions_between(inquiry.starts_on, inquiry.ends_on, division=inquiry.division)
    if chosen := inquiry.settings.get("kinds"):
        found = found.filter(course__kind__in=[int(key) for key in chosen])
    return list(found)


def _rows(sessions: Mapping[int, Session], inquiry: Inquiry) -> Iterator[tuple[int, _Row]]:
    """Of everybody who was expected; guests are no part of it. Tuples, since a city has hundreds of thousands."""
    credit, explained = _credits(inquiry.settings), _explained(sessions.values())
    rows = Attendance.objects.filter(session__in=list(sessions), division_code__startswith=prefix_of(inquiry.division))
    columns = rows.filter(is_guest=False).order_by("session__starts_at", "session_id", "pk")
    for person, pk, state, reason in columns.values_list("person_id", "session_id", "state", "reason").iterator(
        chunk_size=_CHUNK
    ):
        if person in inquiry.people:
            session = sessions[pk]
            said = reason or (explained.get((session.course_id, person), "") if state == AttendanceState.ABSENT else "")
            yield person, _Row(session, state, said, credit[state])


def _explained(sessions: Iterable[Session]) -> dict[tuple[int, int], str]:
    """Why somebody is missing from a course, by course and person: said of the whole, it is the reason of each absence
    that has none of its own. It excuses nobody; that is said of the single session."""
    courses = {session.course_id for session in sessions}
    rows = Enrolment.objects.filter(course__in=courses).exclude(reason="").order_by()
    return {(course, person): reason for course, person, reason in rows.values_list("course_id", "person_id", "reason")}


def _credits(settings: Mapping[str, Any]) -> dict[str, Decimal | None]:
    excused = {"attended": _WHOLE, "missed": _NOTHING}.get(settings.get("excused", "left_out"))
    return {
        AttendanceState.PRESENT: _WHOLE,
        AttendanceState.LATE: _HALF if settings.get("late") == "half" else _WHOLE,
        AttendanceState.EXCUSED: excused,
        AttendanceState.ABSENT: _NOTHING,
    }


def _finding(rows: list[_Row], settings: Mapping[str, Any]) -> Finding:
    counted = _best_of_each_content(rows) if settings.get("made_up") == "once" else rows
    credits = [row.credit for row in counted if row.credit is not None]
    wants_reason = settings.get("wants_reason", True)
    return Finding(
        percent=_percent(credits),
        explanation=_explanation(credits),
        pieces=tuple(row.piece() for row in rows),
        counts={
            "unexcused": sum(row.is_absent and row.reason == AbsenceReason.UNEXCUSED for row in counted),
            "absent": sum(row.is_absent for row in counted),
            "late": sum(row.state == AttendanceState.LATE for row in counted),
        },
        waiting=_("An absence has no reason yet.") if wants_reason and any(r.has_no_reason for r in counted) else "",
    )


def _best_of_each_content(rows: Iterable[_Row]) -> list[_Row]:
    """A session and its repeats are one; what is left out counts for less than what counts at all."""
    best: dict[int, _Row] = {}
    for row in rows:
        known = best.get(row.session.content_id)
        if known is None or _rank(row) > _rank(known):
            best[row.session.content_id] = row
    return list(best.values())


def _rank(row: _Row) -> Decimal:
    """Attended, then excused, then missed: an excuse outdoes an absence, whatever the scheme makes of it."""
    if row.state == AttendanceState.EXCUSED:
        return row.credit or Decimal("0.25")
    return row.credit or _NOTHING


def _percent(credits: list[Decimal]) -> Decimal | None:
    if not credits:
        return None
    return (FULL * sum(credits) / len(credits)).quantize(_FOUR_PLACES, ROUND_HALF_UP)


def _explanation(credits: list[Decimal]) -> str:
    if not credits:
        return _("No session counts.")
    attended = format(sum(credits, _NOTHING).normalize(), "f")
    return _("Attended %(attended)s of %(expected)s sessions.") % {"attended": attended, "expected": len(credits)}
