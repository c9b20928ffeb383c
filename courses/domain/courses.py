"""A course from its preparation to its end."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import NotAllowed, ReasonMissing
from courses.domain.attending import settle_overdue
from courses.domain.certificates import issue_certificates
from courses.domain.cohorts import eligible, follow_roster
from courses.domain.locking import hold_course
from courses.domain.progress import Progress, measure
from courses.domain.refusals import (
    CourseIncomplete,
    CourseNotEditable,
    GapsUnexplained,
    SessionNotEditable,
    SessionsNotOver,
)
from courses.domain.reminding import tell_course_called_off
from courses.enums import ATTENDED_STATES, CourseState, Outcome, SessionState
from courses.models import Course, Enrolment, Material
from courses.rules import may_create_in
from members.models import User

_BATCH = 500
# How many names a refusal lists; the page lists all.
_NAMED = 10


@transaction.atomic
def save_course(course: Course, *, material: Iterable[Material] | None = None, by: User, at: datetime) -> Course:
    """Store a new course, or what was changed of one that is not closed. ``material`` replaces what was there.

    Raises NotAllowed, CourseNotEditable, ValidationError.
    """
    if not may_create_in(by, course.division):
        raise NotAllowed(_("This course belongs to a division that is not yours."))
    is_new = course.pk is None
    if is_new:
        course.created_by, course.created_at = by, at
    else:
        stored = _locked(course, by=by)
        if not stored.is_editable():
            raise CourseNotEditable(_("This course is closed or was called off."))
        course.state = stored.state
    course.full_clean(exclude=["created_by", "created_at", "closed_by"])
    _require_inside(course)
    course.save()
    if material is not None:
        course.material.all().delete()
        for place, each in enumerate(material):
            each.pk, each.course, each.sort_order = None, course, place
            each.full_clean(exclude=["course"])
            each.save()
    log(course, "courses.create" if is_new else "courses.change", user=by, timestamp=at)
    if course.state == CourseState.OPEN:
        follow_roster(course, at=at)
    return course


@transaction.atomic
def open_course(course: Course, *, by: User, at: datetime) -> Course:
    """Enrol whom the rule names, and show it to them. Raises NotAllowed, CourseNotEditable, CourseIncomplete."""
    course = _locked(course, by=by)
    if course.state != CourseState.DRAFT:
        raise CourseNotEditable(_("This course has been opened already."))
    if problems := list(problems_of(course, at=at)):
        raise CourseIncomplete(" ".join(problems), problems=problems)
    course.state, course.opened_at = CourseState.OPEN, at
    course.save(update_fields=["state", "opened_at"])
    followed = follow_roster(course, at=at)
    log(course, "courses.open", user=by, timestamp=at, data={"people": followed.joined})
    return course


def problems_of(course: Course, *, at: datetime) -> Iterator[str]:
    """What keeps a course from being opened, in the reader's language."""
    if not course.sessions.planned().exists():
        yield _("No session is planned.")
    if course.failed_exam is not None and not course.failed_exam.is_over(at=at):
        yield _("The exam “%(exam)s” is still going on.") % {"exam": course.failed_exam}
    if course.missed_course is not None and course.missed_course.state != CourseState.CLOSED:
        yield _("The course “%(course)s” is not closed yet.") % {"course": course.missed_course}
    if not eligible(course, on=timezone.localdate(at)):
        yield _("The rule names nobody.")


@transaction.atomic
def close_course(course: Course, *, by: User, at: datetime) -> Course:
    """End it: everybody's outcome is written down, and who completed it gets a certificate if it gives any.

    Raises NotAllowed, CourseNotEditable, SessionsNotOver, CourseIncomplete (too few sessions); GapsUnexplained while a
    name is missing without a reason.
    """
    course = _locked(course, by=by)
    if course.state != CourseState.OPEN:
        raise CourseNotEditable(_("This course is not open."))
    settle_overdue(at=at, course=course)
    follow_roster(course, at=at)
    if course.sessions.planned().exists():
        raise SessionsNotOver(_("Sessions are still to come. Hold them or call them off first."))
    _require_enough_sessions(course)
    found = measure(course, list(course.enrolments.select_related("person", "team")))
    _require_explained([each for each in found if each.enrolment.left_on is None])
    _write_outcomes(found, at=at)
    course.state, course.closed_by, course.closed_at = CourseState.CLOSED, by, at
    course.save(update_fields=["state", "closed_by", "closed_at"])
    given = issue_certificates(course, by=by, at=at)
    log(course, "courses.close", user=by, timestamp=at, data={"people": len(found), "certificates": given})
    return course


def _require_enough_sessions(course: Course) -> None:
    """Otherwise fewer would do than the course, and what is written on its certificates, says."""
    given = course.sessions.taking_place().filter(repeat_of=None).count()
    if course.sessions_needed and given < course.sessions_needed:
        facts = {"needed": course.sessions_needed, "given": given}
        text = _("%(needed)s sessions are to be attended, but only %(given)s took place. Change the course first.")
        raise CourseIncomplete(text % facts)


def _require_explained(found: Sequence[Progress]) -> None:
    people = [each.enrolment.person.name for each in found if not each.is_explained]
    if people:
        named = _("%(names)s and others") if len(people) > _NAMED else "%(names)s"
        names = named % {"names": "、".join(people[:_NAMED])}
        text = _("Nobody has said why %(count)s people are missing: %(names)s.") % {
            "count": len(people),
            "names": names,
        }
        raise GapsUnexplained(text, people=people)


def _write_outcomes(found: Iterable[Progress], *, at: datetime) -> None:
    rows = []
    for each in found:
        row = each.enrolment
        row.outcome = each.outcome
        row.completed_at = at if row.outcome == Outcome.COMPLETED else None
        rows.append(row)
    Enrolment.objects.bulk_update(rows, ["outcome", "completed_at"], batch_size=_BATCH)


@transaction.atomic
def cancel_course(course: Course, *, reason: str, by: User, at: datetime) -> Course:
    """Call it off with every session that has not been held. Raises NotAllowed, ReasonMissing, CourseNotEditable."""
    course = _locked(course, by=by)
    if not reason.strip():
        raise ReasonMissing(_("Give a reason."))
    if not course.is_editable():
        raise CourseNotEditable(_("This course is closed or was called off."))
    tell_course_called_off(course, reason=reason.strip(), at=at)
    settle_overdue(at=at, course=course)
    planned = course.sessions.planned()
    if planned.filter(attendances__state__in=ATTENDED_STATES).exists():
        raise SessionNotEditable(_("People have signed in to a session that is going on."))
    sessions = planned.update(state=SessionState.CANCELLED, cancel_reason=reason.strip()[:200])
    course.state = CourseState.CANCELLED
    course.save(update_fields=["state"])
    data = {"reason": reason.strip(), "sessions": sessions}
    log(course, "courses.cancel", user=by, timestamp=at, data=data)
    return course


def _locked(course: Course, *, by: User) -> Course:
    """The course under a lock. Raises NotAllowed."""
    course = hold_course(course)
    if not may_create_in(by, course.division):
        raise NotAllowed(_("This course belongs to a division that is not yours."))
    return course


def _require_inside(course: Course) -> None:
    if not course.division.contains(course.where.code):
        outside = {"division": course.where, "own": course.division}
        raise ValidationError({"audience_division": _("%(division)s is not part of %(own)s.") % outside})
    if course.missed_course_id is not None and course.missed_course_id == course.pk:
        raise ValidationError({"missed_course": _("Choose another course than this one.")})
