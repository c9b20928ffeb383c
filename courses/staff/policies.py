"""Who sees and changes what of the training on the staff pages, in the form that Wagtail asks for."""

from courses.models import Course, CourseKind, Lecturer
from courses.rules import may_create_in, may_manage_course
from members.staff.policies import ScopedPolicy

KINDS = ScopedPolicy(
    CourseKind,
    visible=CourseKind.objects.visible_to,
    manages=lambda user, kind: may_create_in(user, kind.division),
)
LECTURERS = ScopedPolicy(
    Lecturer,
    visible=Lecturer.objects.visible_to,
    manages=lambda user, lecturer: may_create_in(user, lecturer.division),
)
COURSES = ScopedPolicy(Course, visible=Course.objects.visible_to, manages=may_manage_course)
