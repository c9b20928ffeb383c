"""What the addresses of training stand for, all of it of 青石镇, and who gets where: see the table beside it."""

from datetime import datetime, timedelta
from typing import Any

from courses.domain.cohorts import follow_roster
from courses.models import Exemption
from members.models import Division, User
from tests.factories.courses import CourseFactory, LecturerFactory, SessionFactory
from tests.factories.exams import NOON


def training_of(township: Division, *, ana: User, cleo: User, at: datetime = NOON) -> dict[str, Any]:
    """An open course with a session to come, of which Ana shall be exempt; by the part of an address."""
    course = CourseFactory.create(division=township, created_by=cleo)
    session = SessionFactory.create(course=course, starts_at=at + timedelta(days=2))
    follow_roster(course, at=at)
    exemption = Exemption.objects.create(course=course, person=ana, reason="病假", asked_by=cleo, asked_at=NOON)
    lecturer = LecturerFactory.create(division=township)
    return {
        "admin/courses/<uuid:uuid>/exemptions/<int:pk>": exemption.pk,
        "courses/<uuid": course.uuid,
        "<uuid:session>": session.uuid,
        "admin/courses/edit/<int:pk>": course.pk,
        "admin/courses/history/<int:pk>": course.pk,
        "admin/courses/history-results/<int:pk>": course.pk,
        "courses/kinds/edit/<int:pk>": course.kind_id,
        "courses/kinds/history/<int:pk>": course.kind_id,
        "courses/kinds/history-results/<int:pk>": course.kind_id,
        "courses/lecturers/edit/<int:pk>": lecturer.pk,
        "courses/lecturers/history/<int:pk>": lecturer.pk,
        "courses/lecturers/history-results/<int:pk>": lecturer.pk,
    }


# The signs are explained above the table of all addresses.
TRAINING_TABLE = {
    "/admin/courses/": "sss.....",
    "/admin/courses/<uuid:uuid>/": "sss..-..",
    "/admin/courses/<uuid:uuid>/cancel/": "sss..---",
    "/admin/courses/<uuid:uuid>/close/": "sss..---",
    "/admin/courses/<uuid:uuid>/cohort/": "sss..-..",
    "/admin/courses/<uuid:uuid>/cohort/add/": "sss..---",
    "/admin/courses/<uuid:uuid>/cohort/results/": "sss..-..",
    "/admin/courses/<uuid:uuid>/exempt/": "sss..-bb",
    "/admin/courses/<uuid:uuid>/exemptions/<int:pk>/approve/": "sss-m---",
    "/admin/courses/<uuid:uuid>/exemptions/<int:pk>/decline/": "sss-m---",
    "/admin/courses/<uuid:uuid>/gaps/": "sss..-..",
    "/admin/courses/<uuid:uuid>/gaps/explain/": "sssmm-bb",
    "/admin/courses/<uuid:uuid>/invite/": "sss..---",
    "/admin/courses/<uuid:uuid>/open/": "sss..---",
    "/admin/courses/<uuid:uuid>/sessions/<uuid:session>/cancel/": "sss..---",
    "/admin/courses/<uuid:uuid>/sessions/<uuid:session>/change/": "sss..---",
    "/admin/courses/<uuid:uuid>/sessions/<uuid:session>/repeat/": "sss..---",
    "/admin/courses/<uuid:uuid>/sessions/new/": "sss..---",
    "/admin/courses/edit/<int:pk>/": "sss..---",
    "/admin/courses/history-results/<int:pk>/": "sss..-..",
    "/admin/courses/history/<int:pk>/": "sss..-..",
    "/admin/courses/kinds/": "sss.....",
    "/admin/courses/kinds/edit/<int:pk>/": "sss..-bb",
    "/admin/courses/kinds/history-results/<int:pk>/": "sss..-..",
    "/admin/courses/kinds/history/<int:pk>/": "sss..-..",
    "/admin/courses/kinds/new/": "sss...bb",
    "/admin/courses/kinds/results/": "sss.....",
    "/admin/courses/kinds/usual/": "sss...bb",
    "/admin/courses/lecturers/": "sss.....",
    "/admin/courses/lecturers/edit/<int:pk>/": "sss..-bb",
    "/admin/courses/lecturers/history-results/<int:pk>/": "sss..-..",
    "/admin/courses/lecturers/history/<int:pk>/": "sss..-..",
    "/admin/courses/lecturers/new/": "sss...bb",
    "/admin/courses/lecturers/results/": "sss.....",
    "/admin/courses/new/": "sss...bb",
    "/admin/courses/preview/": "sssmmmbb",
    "/admin/courses/results/": "sss.....",
    "/api/v1/courses/": "u.......",
    "/api/v1/courses/<uuid:uuid>/": "u.------",
    "/api/v1/courses/<uuid:uuid>/gaps/": "u--..-..",
    "/courses/": "s.......",
    "/courses/<uuid:uuid>/": "s.------",
}
