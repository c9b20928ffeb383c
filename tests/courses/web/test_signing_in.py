"""The pages a phone in the hall opens."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from courses.domain.signing_in import KEPT
from courses.enums import ArrivalWay
from courses.models import Attendance, Session
from members.models import User
from tests.conftest import Clock
from tests.factories.courses import AttendanceFactory, SessionFactory
from tests.factories.members import PASSWORD
from tests.support.pages import page_of

pytestmark = pytest.mark.django_db

Code = Callable[[], str]


def address(session: Session, code: str = "") -> str:
    return f"/courses/sessions/{session.uuid}/sign-in/" + (f"?code={code}" if code else "")


def test_from_the_qr_code_to_the_receipt(
    as_ana: Client, session: Session, code: Code, ana: User, morning: Clock
) -> None:
    seen_at = morning.time

    page = as_ana.get(address(session, code()))
    morning.forward(minutes=2)
    receipt = as_ana.post(
        address(session), {"code": page_of(page).all("input", name="code")[0].attributes["value"]}, follow=True
    )

    attendance = Attendance.objects.get()
    assert (attendance.person, attendance.way, attendance.arrived_at) == (ana, ArrivalWay.SCREEN, seen_at)
    assert receipt.redirect_chain == [(address(session), 302)]
    assert "签到成功" in receipt.content.decode()
    assert "2026-06-15 09:05:30" in receipt.content.decode()


def test_whoever_signs_in_to_the_product_first_loses_no_minute(
    session: Session, code: Code, ana: User, morning: Clock
) -> None:
    phone, seen_at = Client(), morning.time

    away = phone.get(address(session, code()))
    morning.forward(minutes=3)
    back = phone.post("/sign-in/", {"username": "ana", "password": PASSWORD, "next": address(session)}, follow=True)
    phone.post(address(session), {"code": ""})

    assert away.headers["Location"] == f"/sign-in/?next={address(session)}"
    assert "口令码正确" in back.content.decode()
    assert Attendance.objects.get().arrived_at == seen_at


def test_nobody_can_try_codes_without_saying_who_they_are(session: Session, code: Code, ana: User) -> None:
    answers = {Client().get(address(session, tried)).headers["Location"] for tried in (code(), "000000")}

    assert answers == {f"/sign-in/?next={address(session)}"}


def test_what_was_seen_is_kept_for_five_minutes(as_ana: Client, session: Session, code: Code, morning: Clock) -> None:
    as_ana.get(address(session, code()))
    morning.forward(seconds=KEPT.total_seconds() + 1)

    refused = as_ana.post(address(session), {"code": ""})

    assert refused.status_code == 400
    assert not Attendance.objects.exists()


def test_opening_the_page_again_does_not_make_an_old_code_younger(
    as_ana: Client, session: Session, code: Code, morning: Clock
) -> None:
    shown, seen_at = code(), morning.time
    as_ana.get(address(session, shown))
    morning.forward(minutes=3)
    as_ana.get(address(session, shown))

    as_ana.post(address(session), {"code": shown})

    assert Attendance.objects.get().arrived_at == seen_at


def test_a_photographed_code_is_told_to_be_old(as_ana: Client, session: Session, code: Code, morning: Clock) -> None:
    photographed = code()
    morning.forward(minutes=3)

    page = as_ana.get(address(session, photographed))

    assert page.status_code == 400
    assert "这个口令码已过期，请使用屏幕上当前的口令码。" in page.content.decode()


def test_a_form_that_is_sent_twice_shows_the_first_time(
    as_ana: Client, session: Session, code: Code, morning: Clock
) -> None:
    as_ana.get(address(session, code()))
    as_ana.post(address(session), {"code": code()})
    first = Attendance.objects.get().arrived_at
    morning.forward(minutes=1)

    again = as_ana.post(address(session), {"code": code()}, headers={"X-Requested-With": "XMLHttpRequest"})

    assert again.status_code == 200
    assert "您已签到过" in again.content.decode()
    assert Attendance.objects.get().arrived_at == first


def test_the_script_gets_the_receipt_or_the_refusal_without_the_page(
    as_ana: Client, session: Session, code: Code
) -> None:
    script = {"X-Requested-With": "XMLHttpRequest"}

    refused = as_ana.post(address(session), {"code": "12345"}, headers=script)
    taken = as_ana.post(address(session), {"code": code()}, headers=script)

    assert (refused.status_code, taken.status_code) == (400, 200)
    assert "data-refusal" in refused.content.decode()
    assert "data-receipt" in taken.content.decode()
    assert "<html" not in refused.content.decode() + taken.content.decode()


def test_a_typed_code_is_a_spoken_one(as_ana: Client, session: Session, code: Code) -> None:
    as_ana.post(address(session), {"code": code()})

    assert Attendance.objects.get().way == ArrivalWay.SPOKEN


def test_the_other_session_is_one_press_away(as_ana: Client, session: Session, code: Code) -> None:
    other = SessionFactory(course=session.course)

    page = as_ana.get(address(other, code()))

    assert page.status_code == 400
    assert page_of(page).all("a", href=address(session))


def test_who_is_not_in_the_course_gets_a_clear_answer(as_ben: Client, session: Session, code: Code) -> None:
    page = as_ben.get(address(session, code()))

    assert page.status_code == 403
    assert "您不在本培训班的参训人员名单中" in page.content.decode()
    assert session.topic not in page.content.decode()


def test_too_early_is_said_before_anything_is_typed(as_ana: Client, session: Session, morning: Clock) -> None:
    morning.forward(hours=-2)

    page = as_ana.get(address(session))

    assert page.status_code == 409
    assert "还没到签到时间" in page.content.decode()


def test_nothing_of_it_stays_in_a_cache(as_ana: Client, session: Session, code: Code) -> None:
    page = as_ana.get(address(session, code()))

    assert "no-store" in page.headers["Cache-Control"]


def test_a_course_in_preparation_has_no_sessions_yet(as_ana: Client, session: Session, morning: Clock) -> None:
    session.course.state = "draft"
    session.course.save()

    assert as_ana.get(address(session)).status_code == 404


# -- spoken -----------------------------------------------------------------------------------


def test_a_spoken_code_needs_no_session(as_ana: Client, session: Session, code: Code) -> None:
    SessionFactory(course=session.course)
    spoken = code()

    receipt = as_ana.post("/courses/sign-in/", {"code": f"{spoken[:3]} {spoken[3:]}"}, follow=True)

    assert receipt.redirect_chain == [(address(session), 302)]
    assert Attendance.objects.get().session == session


def test_a_spoken_code_that_is_wrong_says_so(as_ana: Client, session: Session, morning: Clock) -> None:
    page = as_ana.post("/courses/sign-in/", {"code": "000000"})

    assert page.status_code == 400
    assert [node.text for node in page_of(page).all("p", id="refusal")] == ["口令码不正确，请再看一下屏幕。"]


def test_who_signed_in_sees_the_receipt_again(as_ana: Client, session: Session, ana: User, morning: Clock) -> None:
    AttendanceFactory(session=session, person=ana)

    page = as_ana.get(address(session))

    assert page.status_code == 200
    assert "data-receipt" in page.content.decode()


@pytest.mark.parametrize("late", [timedelta(), timedelta(seconds=30)])
def test_the_page_asks_the_same_questions_whatever_the_moment(
    as_ana: Client, session: Session, code: Code, morning: Clock, late: timedelta, django_assert_num_queries: Callable
) -> None:
    as_ana.get(address(session, code()))
    morning.time += late

    with django_assert_num_queries(14):
        as_ana.post(address(session), {"code": ""})
