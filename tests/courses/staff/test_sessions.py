"""Planning sessions on the staff pages."""

from datetime import timedelta
from typing import Any

import pytest

from courses.enums import SessionState
from courses.models import Course, Session
from courses.staff import sessions
from members.models import Division, User
from tests.conftest import NOON
from tests.courses.staff.conftest import Class, client_of
from tests.factories.courses import LecturerFactory

pytestmark = pytest.mark.django_db


def address(course: Course, page: str) -> str:
    return f"/admin/courses/{course.uuid}/sessions/{page}"


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "topic": "矛盾纠纷排查化解", "starts_at": "2026-06-20 09:00", "ends_at": "2026-06-20 11:00",
        "place": "县委党校", "online_url": "", "division": "", "host_team": "", **fields,
    }  # fmt: skip


def test_a_session_is_planned_with_its_lecturers(training: Class, cleo: User, county: Division) -> None:
    lecturer = LecturerFactory.create(division=county)

    response = client_of(cleo).post(address(training.course, "new/"), typed(lecturers=[lecturer.pk]))

    session = Session.objects.get(topic="矛盾纠纷排查化解")
    assert response.headers["Location"] == f"/admin/courses/{training.course.uuid}/"
    assert (session.starts_at, session.place, list(session.lecturers.all())) == (
        NOON + timedelta(days=4, hours=21), "县委党校", [lecturer],
    )  # fmt: skip


def test_the_form_proposes_a_week_after_the_last_session(training: Class, cleo: User) -> None:
    form = client_of(cleo).get(address(training.course, "new/")).context["form"]

    assert form.initial["starts_at"] == training.field.starts_at + timedelta(days=7)
    assert form.initial["ends_at"] - form.initial["starts_at"] == timedelta(minutes=120)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"ends_at": "2026-06-20 08:00"}, ["ends_at"]),
        ({"place": ""}, ["place"]),
        ({"topic": ""}, ["topic"]),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    training: Class, cleo: User, fields: dict[str, str], wrong: list[str]
) -> None:
    response = client_of(cleo).post(address(training.course, "new/"), typed(**fields))

    assert list(response.context["form"].errors) == wrong
    assert training.course.sessions.count() == 3


def test_a_clash_is_said_once_and_then_it_is_for_the_planner_to_decide(
    training: Class, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions.SessionPage, "_conflicts", lambda page, form: ["周文涛另有授课。"])
    client = client_of(cleo)

    first = client.post(address(training.course, "new/"), typed())
    there = training.course.sessions.count()
    client.post(address(training.course, "new/"), typed(despite="on"))

    assert "周文涛另有授课。" in first.content.decode()
    assert (there, training.course.sessions.count()) == (3, 4)


def test_a_make_up_is_planned_in_one_step(training: Class, cleo: User) -> None:
    client = client_of(cleo)
    page = client.get(address(training.course, f"{training.pen.uuid}/repeat/"))
    initial = page.context["form"].initial

    client.post(
        address(training.course, f"{training.pen.uuid}/repeat/"),
        typed(
            topic=initial["topic"],
            starts_at=f"{initial['starts_at']:%Y-%m-%d %H:%M}",
            ends_at=f"{initial['ends_at']:%Y-%m-%d %H:%M}",
        ),
    )

    assert page.context["explanation"][0] == "2 人尚未参加“公文写作”。"
    again = Session.objects.get(repeat_of=training.pen)
    assert (again.topic, again.division, again.course) == ("公文写作（补训）", None, training.course)


def test_a_session_is_changed(training: Class, cleo: User) -> None:
    client_of(cleo).post(address(training.course, f"{training.field.uuid}/change/"), typed(place="柳湾村委会"))

    training.field.refresh_from_db()
    assert (training.field.topic, training.field.place) == ("矛盾纠纷排查化解", "柳湾村委会")


def test_a_session_is_called_off_with_a_reason(training: Class, cleo: User) -> None:
    client = client_of(cleo)
    page = client.get(address(training.course, f"{training.field.uuid}/cancel/"))

    client.post(address(training.course, f"{training.field.uuid}/cancel/"), {"reason": "暴雨"})

    training.field.refresh_from_db()
    assert page.context["explanation"][0] == "“现场观摩”不再举行，涉及应到 2 人。"
    assert (training.field.state, training.field.cancel_reason) == (SessionState.CANCELLED, "暴雨")


def test_a_session_of_another_course_is_not_found_here(training: Class, cleo: User) -> None:
    other = Course.objects.create(
        title="另一期", kind=training.course.kind, division=training.course.division, created_by=cleo, created_at=NOON
    )

    response = client_of(cleo).get(address(other, f"{training.field.uuid}/change/"))

    assert response.status_code == 404
