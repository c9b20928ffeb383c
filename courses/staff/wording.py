"""The rule of a cohort, and other facts of a course, in words."""

from django.utils.translation import gettext as _

from courses.models import Course


def rule_in_words(course: Course) -> list[str]:
    """Part by part: whom the rule names. ``course`` comes with its divisions, exam and course."""
    said = [_("People who serve in %(place)s") % {"place": course.where}]
    if course.audience_role:
        said.append(_("only: %(role)s") % {"role": course.get_audience_role_display()})
    if course.posted_since:
        said.append(_("posted since %(day)s") % {"day": course.posted_since.isoformat()})
    if course.failed_exam:
        said.append(_("who did not pass “%(exam)s”") % {"exam": course.failed_exam})
    if course.missed_course:
        said.append(_("who has not completed “%(course)s”") % {"course": course.missed_course})
    return said
