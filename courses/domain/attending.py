"""Who is expected, who came, who did not."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import NotAllowed, ReasonMissing
from courses.domain.locking import hold_session
from courses.domain.refusals import (
    AttendanceRefused,
    CourseNotEditable,
    NotEnrolled,
    SessionClosedForArrivals,
    SessionNotEditable,
)
from courses.enums import ATTENDED_STATES, EXCUSES, ArrivalWay, AttendanceState, CourseState, SessionState
from courses.models import Attendance, AttendanceChange, Course, Enrolment, Leave, Session
from courses.models.enrolment import PostHeld
from courses.rules import may_host
from members.enums import RequestState
from members.models import Posting, User

_BATCH = 500
_POST = ("team_id", "division_code", "role", "staff_category")


def expected_at(session: Session, *, on: date | None = None) -> QuerySet[Enrolment]:
    """Whose session it is: the roster of its day is the denominator, so ``on`` is that day unless told otherwise.

    Enrolled and serving on that day, of the session's division, not exempt, and without having attended the same
    content before. So who missed it, or came later, is expected at the next repeat without anybody doing anything.
    One query; one more at a repeat where newcomers make up nothing.
    """
    on = on or timezone.localdate(session.starts_at)
    rows = session.course.enrolments.active(on=on).filter(
        Exists(Posting.objects.serving(on=on).filter(person=OuterRef("person"))),
        ~Exists(exempted(session.course)),
        ~Exists(_attended_elsewhere(session)),
    )
    if session.division is not None:
        rows = rows.within_any([session.division.prefix])
    if session.repeat_of_id is not None and not session.course.catches_up:
        rows = rows.exclude(_came_after_it_was_given(session))
    return rows.select_related("person", "team")


def _came_after_it_was_given(session: Session) -> Q:
    """Who joined after the content was first given for where they serve: newcomers make up nothing."""
    earlier = session.course.sessions.taking_place().filter(_of_content(session), starts_at__lt=session.starts_at)
    late = Q(pk__in=[])
    for given in earlier.select_related("division"):
        prefix = given.division.prefix if given.division else ""
        late |= Q(joined_on__gt=timezone.localdate(given.starts_at), division_code__startswith=prefix)
    return late


def _of_content(session: Session) -> Q:
    return Q(pk=session.content_id) | Q(repeat_of=session.content_id)


def exempted(course: Course) -> QuerySet[Any]:
    """Approved exemptions of the person of the row outside."""
    return course.exemptions.filter(state=RequestState.APPROVED, person=OuterRef("person"))


def _attended_elsewhere(session: Session) -> QuerySet[Attendance]:
    """Before this session, or beside it: who made it up since was expected here, whenever it is settled."""
    same = Q(session=session.content_id) | Q(session__repeat_of=session.content_id)
    before = Attendance.objects.attended().filter(same, session__starts_at__lte=session.starts_at)
    return before.filter(person=OuterRef("person")).exclude(session=session.pk)


# -- arrivals -----------------------------------------------------------------------------------


@transaction.atomic
def record_arrival(
    session: Session,
    person: User,
    *,
    way: ArrivalWay,
    at: datetime,
    arrived_at: datetime | None = None,
    by: User | None = None,
) -> tuple[Attendance, bool]:
    """Note that somebody is there; the second value says whether that is new. Safe to repeat: the first time stays.

    ``arrived_at`` where it is not ``at``. Whoever is in the course without being expected here counts as a guest.
    Raises SessionClosedForArrivals, NotEnrolled.
    """
    arrived_at = arrived_at or at
    if not session.takes_arrivals(at=arrived_at) or session.course.state != CourseState.OPEN:
        raise SessionClosedForArrivals(_("Nobody can sign in to this session now."))
    enrolment = session.course.enrolments.filter(person=person).first()
    if enrolment is None:
        raise NotEnrolled(_("You are not in this course. Speak to the host if that is wrong."))
    there = {"state": _state_of(session, arrived_at), "way": way, "arrived_at": arrived_at}
    attendance, created = Attendance.objects.get_or_create(
        session=session,
        person=person,
        defaults={**there, **_post_of(enrolment), "is_guest": not _is_expected(session, person)},
    )
    if not created and attendance.state not in ATTENDED_STATES:
        # On leave, and came all the same.
        missed = Attendance.objects.missed().filter(pk=attendance.pk)
        created = bool(missed.update(**there, reason=""))
        attendance.refresh_from_db()
    return attendance, created


def _state_of(session: Session, arrived_at: datetime) -> AttendanceState:
    return AttendanceState.LATE if arrived_at >= session.late_from() else AttendanceState.PRESENT


def _is_expected(session: Session, person: User) -> bool:
    return expected_at(session).filter(person=person).exists()


def _post_of(row: PostHeld) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _POST}


# -- by hand --------------------------------------------------------------------------------------


@transaction.atomic
def mark(
    session: Session,
    person: User,
    *,
    state: str,
    why: str,
    reason: str = "",
    arrived_at: datetime | None = None,
    way: ArrivalWay = ArrivalWay.HAND,
    by: User,
    at: datetime,
) -> Attendance:
    """Enter or correct somebody's attendance; what it was before stays in its changes.

    ``why`` says how that is known, ``reason`` why somebody was not there. Raises NotAllowed, ReasonMissing,
    AttendanceRefused, SessionNotEditable, CourseNotEditable, NotEnrolled.
    """
    session = _markable(session, by=by, at=at)
    if person.pk == by.pk:
        raise NotAllowed(_("Nobody marks their own attendance."))
    if not why.strip():
        raise ReasonMissing(_("Say how you know."))
    values = _sensible(session, AttendanceState(state), reason, arrived_at, way)
    row, before = _row_of(session, person, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    _note_change(row, before, why=why, by=by, at=at)
    return row


def _row_of(session: Session, person: User, values: Mapping[str, Any]) -> tuple[Attendance, tuple[str, str]]:
    """The attendance, made with ``values`` where there was none, and the state and reason it had before."""
    known = Attendance.objects.select_for_update(of=("self",)).filter(session=session, person=person).first()
    if known is not None:
        return known, (known.state, known.reason)
    enrolment = session.course.enrolments.filter(person=person).first()
    if enrolment is None:
        raise NotEnrolled(_("%(person)s is not in this course.") % {"person": person})
    # They may be signing in at this moment.
    row, is_new = Attendance.objects.get_or_create(
        session=session,
        person=person,
        defaults={**values, **_post_of(enrolment), "is_guest": not _is_expected(session, person)},
    )
    return row, ("", "") if is_new else (row.state, row.reason)


def _sensible(
    session: Session, state: AttendanceState, reason: str, arrived_at: datetime | None, way: ArrivalWay
) -> dict[str, Any]:
    if state in ATTENDED_STATES:
        return {"state": state, "reason": "", "way": way, "arrived_at": arrived_at or session.starts_at}
    if state == AttendanceState.EXCUSED and reason not in EXCUSES:
        raise AttendanceRefused(_("Choose what excuses the absence."))
    return {"state": state, "reason": reason, "way": "", "arrived_at": None}


def _note_change(row: Attendance, before: tuple[str, str], *, why: str, by: User, at: datetime) -> None:
    AttendanceChange.objects.create(
        attendance=row,
        from_state=before[0],
        from_reason=before[1],
        to_state=row.state,
        to_reason=row.reason,
        why=why.strip(),
        changed_by=by,
        changed_at=at,
    )
    data = {"person": row.person.code, "from": before[0], "to": row.state, "reason": row.reason, "why": why.strip()}
    log(row.session, "courses.mark", user=by, timestamp=at, data=data)


def _markable(session: Session, *, by: User, at: datetime) -> Session:
    """The session under a lock. Raises NotAllowed, SessionNotEditable, CourseNotEditable."""
    session = hold_session(session)
    if not may_host(by, session, on=timezone.localdate(at)):
        raise NotAllowed(_("You do not host this session."))
    if session.state == SessionState.CANCELLED or at < session.opens_at():
        raise SessionNotEditable(_("This session has not begun, or was called off."))
    if session.course.state != CourseState.OPEN:
        raise CourseNotEditable(_("This course is not open."))
    return session


# -- when it is over ----------------------------------------------------------------------------


@transaction.atomic
def settle_session(session: Session, *, at: datetime) -> bool:
    """Write down who was expected and did not come, once the session is over; False if there is nothing to do.

    Safe to repeat, and the same whoever comes first. An approved leave makes the absence an excused one.
    """
    session = hold_session(session)
    if session.state != SessionState.PLANNED or session.ends_at > at or session.course.state != CourseState.OPEN:
        return False
    there = set(session.attendances.values_list("person_id", flat=True))
    missing = [row for row in expected_at(session).order_by() if row.person_id not in there]
    # Somebody whose code was seen in time may be signing in at this moment: that row stands.
    Attendance.objects.bulk_create(_absences(session, missing), batch_size=_BATCH, ignore_conflicts=True)
    session.state = SessionState.HELD
    session.expected = session.attendances.filter(is_guest=False).count()
    session.save(update_fields=["state", "expected"])
    log(session, "courses.settle_session", timestamp=at, data={"expected": session.expected, "absent": len(missing)})
    return True


def _absences(session: Session, missing: Iterable[Enrolment]) -> list[Attendance]:
    approved = Leave.objects.filter(session=session, state=RequestState.APPROVED)
    excuses = dict(approved.values_list("person_id", "reason"))
    return [
        Attendance(
            session=session,
            person_id=row.person_id,
            state=AttendanceState.EXCUSED if row.person_id in excuses else AttendanceState.ABSENT,
            reason=excuses.get(row.person_id, ""),
            **_post_of(row),
        )
        for row in missing
    ]


def settle_overdue(*, at: datetime, course: Course | None = None) -> int:
    """Settle what is over, of one course or of all that are open; returns how many sessions."""
    due = Session.objects.planned().over(at=at).filter(course__state=CourseState.OPEN)
    if course is not None:
        due = due.filter(course=course)
    # The earliest first: who missed it is expected at the repeat that is over, too.
    return sum(settle_session(session, at=at) for session in due.order_by("ends_at", "pk"))
