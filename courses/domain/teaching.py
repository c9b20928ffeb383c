"""The tables behind a course: what kinds the county holds, and who lectures."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.refusals import NotAllowed
from courses.models import CourseKind, Lecturer
from courses.rules import may_create_in
from members.domain.rows import alter, store
from members.models import Division, User


def add_course_kind(division: Division, *, by: User, at: datetime, **values: Any) -> CourseKind:
    """Refuses with ``NotAllowed``; raises ``ValidationError`` as the model says."""
    _require(by, division)
    return store(CourseKind(division=division, **values), action="courses.add_kind", by=by, at=at)


def change_course_kind(kind: CourseKind, *, by: User, at: datetime, **values: Any) -> CourseKind:
    """For sessions from now on; how long sign-in is open follows at once. Refuses as adding does."""
    # The row may come from a form that has written into it: what is stored counts.
    kind = CourseKind.objects.select_related("division").get(pk=kind.pk)
    _require(by, kind.division)
    return alter(kind, values, action="courses.change_kind", by=by, at=at)


def add_lecturer(division: Division, *, by: User, at: datetime, **values: Any) -> Lecturer:
    """Refuses with ``NotAllowed``; raises ``ValidationError`` as the model says."""
    _require(by, division)
    return store(Lecturer(division=division, **values), action="courses.add_lecturer", by=by, at=at)


def change_lecturer(lecturer: Lecturer, *, by: User, at: datetime, **values: Any) -> Lecturer:
    lecturer = Lecturer.objects.select_related("division").get(pk=lecturer.pk)
    _require(by, lecturer.division)
    return alter(lecturer, values, action="courses.change_lecturer", by=by, at=at)


def _require(by: User, division: Division) -> None:
    if not may_create_in(by, division):
        raise NotAllowed(_("You do not organise training in this division."))
