"""What the addresses of sessions stand for, all of it of 青石镇, and who gets where: see the table beside it."""

from datetime import timedelta
from typing import Any

from courses.domain.cohorts import follow_roster
from courses.domain.leaves import ask_leave
from members.models import Division, User
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.exams import EVENING


def attendance_of(township: Division, *, ana: User) -> dict[str, Any]:
    """A session of the township in the evening, from which Ana asked leave; by the part of an address."""
    course = CourseFactory(division=township)
    follow_roster(course, at=EVENING)
    session = SessionFactory(course=course, starts_at=EVENING, ends_at=EVENING + timedelta(hours=2))
    leave = ask_leave(session, reason="illness", text="发烧", by=ana, at=EVENING)
    return {
        "<uuid:leave>": leave.uuid,
        "courses/leaves/<uuid": leave.uuid,
        "courses/sessions/<uuid": session.uuid,
    }


# The signs are explained above the table of all addresses.
ATTENDANCE_TABLE = {
    "/courses/sign-in/": "s.......",
    "/courses/sessions/<uuid:uuid>/": "s.-..-..",
    # Who scans a code in the hall without being in the course is told so, and nothing about the session.
    "/courses/sessions/<uuid:uuid>/sign-in/": "s.xxxxxx",
    "/courses/sessions/<uuid:uuid>/leave/": "smmmmmmm",
    "/courses/sessions/<uuid:uuid>/feedback/": "smmmmmmm",
    "/courses/sessions/<uuid:uuid>/host/": "s--..---",
    "/courses/sessions/<uuid:uuid>/host/board/": "s--..---",
    "/courses/sessions/<uuid:uuid>/host/paper/": "s--..---",
    "/courses/sessions/<uuid:uuid>/host/sheet.pdf": "s--..---",
    "/courses/sessions/<uuid:uuid>/host/people/<str:code>/": "s--..---",
    "/courses/sessions/<uuid:uuid>/host/people/<str:code>/leave/": "smmppmmm",
    "/courses/sessions/<uuid:uuid>/host/leaves/<uuid:leave>/": "smmppmmm",
    "/courses/sessions/<uuid:uuid>/screen/": "s--..---",
    "/courses/sessions/<uuid:uuid>/screen/code/": "s--..---",
    # Without a document there is none for anybody.
    "/courses/leaves/<uuid:uuid>/file/": "s-------",
}
