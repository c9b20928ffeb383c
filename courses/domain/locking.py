"""Which rows a change holds, and in which order: the course, then the session.

Whoever closes a course holds it, too: nothing of its sessions changes meanwhile. Keys are not held
(``no_key``), so that people go on signing in while a host enters a sheet.
"""

from courses.models import Course, Session


def hold_course(course: Course) -> Course:
    """The course as it is now, under a lock until the transaction ends."""
    locked = Course.objects.select_for_update(of=("self",), no_key=True).select_related(
        "division", "audience_division", "kind", "exam", "failed_exam", "missed_course"
    )
    return locked.get(pk=course.pk)


def hold_session(session: Session) -> Session:
    """The session as it is now with its course, both under a lock until the transaction ends."""
    course = hold_course(session.course)
    locked = Session.objects.select_for_update(of=("self",), no_key=True).select_related("division", "repeat_of")
    held = locked.get(pk=session.pk)
    held.course = course
    return held
