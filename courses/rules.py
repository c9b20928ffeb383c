"""May this person? Predicates about training; lists use the QuerySet words ``visible_to``."""

from datetime import date

from courses.models import Certificate, Course, Session
from members.enums import STAFF_ROLES, Role
from members.models import Division, User

TRAINING_ROLES = (Role.TRAINER, Role.ADMINISTRATOR)


def may_create_in(person: User, division: Division) -> bool:
    """Plan courses, and keep the lists of kinds and lecturers, of that division."""
    return person.covers(division.code, *TRAINING_ROLES)


def may_manage_course(person: User, course: Course) -> bool:
    return may_create_in(person, course.division)


def may_see_course(person: User, course: Course) -> bool:
    """Somebody of the office above or inside the course's division; people are bounded by ``visible_to``."""
    return person.meets(course.division, *STAFF_ROLES)


def may_explain(person: User, division_code: str) -> bool:
    """Say why somebody who serves there is missing: the course's office, and their own township's."""
    return person.covers(division_code, *TRAINING_ROLES)


def may_decide_exemption(person: User, course: Course) -> bool:
    return person.covers(course.division.code, Role.ADMINISTRATOR)


def may_host(person: User, session: Session, *, on: date) -> bool:
    """Show its code and mark who is there: the office, who lectures, and the team whose turn it is."""
    if may_manage_course(person, session.course):
        return True
    if session.lecturers.filter(person=person).exists():
        return True
    return (
        session.host_team_id is not None and person.postings.serving(on=on).filter(team=session.host_team_id).exists()
    )


def may_see_session(person: User, session: Session, *, on: date) -> bool:
    return (
        session.course.enrolments.filter(person=person).exists()
        or may_see_course(person, session.course)
        or may_host(person, session, on=on)
    )


def may_take_certificate(person: User, certificate: Certificate) -> bool:
    """On paper: whom it is about, the office of the course, and that of the place they served in."""
    enrolment = certificate.enrolment
    if enrolment.person_id == person.pk or may_manage_course(person, enrolment.course):
        return True
    return may_see_course(person, enrolment.course) and person.covers(enrolment.division_code, *STAFF_ROLES)
