"""Messages, calendars, series and rotas, of a course of 青石镇: what the addresses stand for, and who gets where."""

from typing import Any

from courses.domain.feeds import renew_feed
from members.models import Division, User
from tests.factories.courses import CourseFactory
from tests.factories.exams import NOON


def calendar_of(township: Division, *, ana: User) -> dict[str, Any]:
    course = CourseFactory.create(division=township)
    return {
        "courses/<uuid:uuid>/series": course.uuid,
        "courses/<uuid:uuid>/rota": course.uuid,
        "calendar/<str:token>": renew_feed(ana, at=NOON).token,
    }


# The signs are explained above the table of all addresses.
CALENDAR_TABLE = {
    "/admin/courses/<uuid:uuid>/rota/": "sss..-..",
    "/admin/courses/<uuid:uuid>/rota/make/": "sss..---",
    "/admin/courses/<uuid:uuid>/rota/swap/": "sss..---",
    "/admin/courses/<uuid:uuid>/series/": "sss..---",
    "/admin/training-calendar/": "sss.....",
    "/calendar/<str:token>.ics": "........",
    "/courses/calendar/": "s.......",
    "/courses/calendar/renew/": "smmmmmmm",
    "/messages/": "s.......",
    "/messages/<uuid:uuid>/": "smmmmmmm",
    "/messages/read/": "smmmmmmm",
}
