"""Who need not complete a course: asked for with a reason, decided by a second person."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import AlreadyAsked, NotAllowed, ReasonMissing, SecondPersonNeeded
from courses.domain.locking import hold_course
from courses.domain.refusals import CourseNotEditable, NotEnrolled
from courses.enums import CourseState
from courses.models import Course, Exemption
from courses.rules import may_decide_exemption, may_explain, may_manage_course
from members.domain.two_persons import decide_request
from members.models import User


@transaction.atomic
def ask_exemption(course: Course, person: User, *, reason: str, by: User, at: datetime) -> Exemption:
    """Raises NotAllowed, ReasonMissing, CourseNotEditable, NotEnrolled, AlreadyAsked."""
    course = _open(course)
    enrolment = course.enrolments.filter(person=person).first()
    if enrolment is None:
        raise NotEnrolled(_("%(person)s is not in this course.") % {"person": person})
    if not (may_manage_course(by, course) or may_explain(by, enrolment.division_code)):
        raise NotAllowed(_("This course belongs to a division that is not yours."))
    if not reason.strip():
        raise ReasonMissing(_("Give a reason."))
    try:
        with transaction.atomic():
            exemption = Exemption.objects.create(
                course=course, person=person, reason=reason.strip(), asked_by=by, asked_at=at
            )
    except IntegrityError as error:
        raise AlreadyAsked(_("There is an exemption for this person already.")) from error
    log(course, "courses.ask_exemption", user=by, timestamp=at, data={"person": person.code, "reason": reason.strip()})
    return exemption


@transaction.atomic
def decide_exemption(exemption: Exemption, *, approve: bool, by: User, at: datetime) -> Exemption:
    """Raises NotAllowed, SecondPersonNeeded, CourseNotEditable, AlreadyDecided."""
    course = _open(exemption.course)
    if not may_decide_exemption(by, course):
        raise NotAllowed(_("This course belongs to a division that is not yours."))
    if exemption.person_id == by.pk:
        raise SecondPersonNeeded(_("Nobody decides about themselves."))
    decide_request(exemption, approve=approve, by=by, at=at)
    data = {"person": exemption.person.code, "approved": approve}
    log(course, "courses.decide_exemption", user=by, timestamp=at, data=data)
    return exemption


def _open(course: Course) -> Course:
    course = hold_course(course)
    if course.state != CourseState.OPEN:
        raise CourseNotEditable(_("This course is not open."))
    return course
