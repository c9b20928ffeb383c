"""The host's pages: who is missing, the screen, marking by hand, the paper path."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from courses.domain.attending import mark
from courses.domain.codes import STEP, code_of
from courses.domain.watching import board_of, counts_of
from courses.enums import ArrivalWay, AttendanceState, SessionState
from courses.models import Attendance, Session
from members.models import User
from tests.conftest import Clock
from tests.factories.courses import AttendanceFactory, EnrolmentFactory, LecturerFactory
from tests.factories.members import PostingFactory
from tests.support.pages import page_of

pytestmark = pytest.mark.django_db


def address(session: Session, rest: str = "") -> str:
    return f"/courses/sessions/{session.uuid}/{rest}"


# -- who is missing ---------------------------------------------------------------------------


def test_who_has_not_arrived_is_named_by_township_and_team(
    as_ben: Client, session: Session, ana: User, morning: Clock
) -> None:
    AttendanceFactory(session=session, person=ana)

    board = board_of(session, at=morning.time)
    page = as_ben.get(address(session, "host/board/")).content.decode()

    assert [(row.name, row.expected, row.there) for row in board.townships] == [("青石镇", 1, 1), ("柳河镇", 1, 0)]
    assert (board.expected, board.there, board.missing) == (2, 1, 1)
    assert "丹恩" in page
    assert "河口村工作队" in page
    assert "安娜" not in page


def test_guests_are_counted_beside_and_who_is_on_leave_is_not_missing(
    session: Session, ana: User, dan: User, morning: Clock
) -> None:
    AttendanceFactory(session=session, person=ana, is_guest=True)
    AttendanceFactory(session=session, person=dan, state=AttendanceState.EXCUSED, reason="leave")

    board = board_of(session, at=morning.time)

    assert (board.expected, board.there, board.excused, board.missing, len(board.guests)) == (1, 0, 1, 0, 1)


@pytest.mark.parametrize("people", [1, 20])
def test_the_board_asks_four_questions_for_any_number_of_people(
    session: Session, morning: Clock, people: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _number in range(people):
        EnrolmentFactory(course=session.course, person=PostingFactory().person)

    with django_assert_num_queries(4):
        board_of(session, at=morning.time)
    with django_assert_num_queries(2):
        counts_of(session)


def test_whoever_looks_at_a_session_that_is_over_settles_it(as_ben: Client, session: Session, morning: Clock) -> None:
    morning.time = session.ends_at

    as_ben.get(address(session, "host/"))

    session.refresh_from_db()
    assert (session.state, session.expected) == (SessionState.HELD, 2)
    assert set(Attendance.objects.values_list("state", flat=True)) == {AttendanceState.ABSENT}


# -- the screen -------------------------------------------------------------------------------


def test_the_screen_shows_the_code_of_this_minute_and_nothing_keeps_it(
    as_ben: Client, session: Session, morning: Clock
) -> None:
    page = as_ben.get(address(session, "screen/"))
    first = code_of(session, at=morning.time)
    part = as_ben.get(address(session, "screen/code/"))
    morning.forward(seconds=STEP.total_seconds())
    later = as_ben.get(address(session, "screen/code/"))

    digits = [page_of(shown).all("p", class_="screen-digits")[0].text.replace(" ", "") for shown in (page, part, later)]
    assert digits == [first, first, code_of(session, at=morning.time)]
    assert {"no-store" in shown.headers["Cache-Control"] for shown in (page, part, later)} == {True}
    assert page_of(page).all("svg", class_="segno")


def test_without_a_script_the_page_comes_again_when_the_code_changes(
    as_ben: Client, session: Session, morning: Clock
) -> None:
    page = as_ben.get(address(session, "screen/")).content.decode()

    assert '<noscript><meta http-equiv="refresh" content="31"></noscript>' in page


@pytest.mark.parametrize("shift", [timedelta(hours=-2), timedelta(hours=2)])
def test_before_and_after_there_is_no_code_to_photograph(
    as_ben: Client, session: Session, morning: Clock, shift: timedelta
) -> None:
    morning.time += shift

    page = as_ben.get(address(session, "screen/")).content.decode()

    assert code_of(session, at=morning.time) not in page.replace(" ", "")
    assert "segno" not in page


@pytest.mark.parametrize("rest", ["", "host/", "screen/", "host/board/", "sign-in/"])
def test_the_secret_never_leaves_the_server(as_ben: Client, session: Session, morning: Clock, rest: str) -> None:
    page = as_ben.get(address(session, rest))

    assert session.code_secret not in page.content.decode()


def test_lecturers_and_the_host_team_host_too(session: Session, ana: User, dan: User, morning: Clock) -> None:
    session.host_team = ana.postings.get().team
    session.save()
    session.lecturers.add(LecturerFactory(person=dan))

    for person in (ana, dan):
        client = Client()
        client.force_login(person)
        assert client.get(address(session, "screen/")).status_code == 200


def test_a_member_sees_neither_the_screen_nor_the_list(as_ana: Client, session: Session, morning: Clock) -> None:
    answers = {rest: as_ana.get(address(session, rest)).status_code for rest in ("host/", "host/board/", "screen/")}

    assert answers == {"host/": 404, "host/board/": 404, "screen/": 404}


# -- by hand ----------------------------------------------------------------------------------


def test_an_entry_by_hand_says_how_it_is_known_and_keeps_what_was_before(
    as_ben: Client, session: Session, ana: User, ben: User, morning: Clock
) -> None:
    person = address(session, f"host/people/{ana.code}/")

    as_ben.post(person, {"state": "late", "arrived": "09:20", "why": "手机没电，现场核实"})
    as_ben.post(person, {"state": "absent", "reason": "unreachable", "why": "认错人了"})

    attendance = Attendance.objects.get()
    assert (attendance.state, attendance.reason, attendance.way, attendance.arrived_at) == (
        AttendanceState.ABSENT, "unreachable", "", None,
    )  # fmt: skip
    assert list(attendance.changes.values_list("from_state", "to_state", "why", "changed_by")) == [
        ("", "late", "手机没电，现场核实", ben.pk),
        ("late", "absent", "认错人了", ben.pk),
    ]
    shown = as_ben.get(person).content.decode()
    assert "手机没电，现场核实" in shown
    assert "认错人了" in shown


def test_the_time_that_is_typed_is_of_the_sessions_day(
    as_ben: Client, session: Session, ana: User, morning: Clock
) -> None:
    as_ben.post(address(session, f"host/people/{ana.code}/"), {"state": "late", "arrived": "09:20", "why": "看见了"})

    attendance = Attendance.objects.get()
    assert attendance.arrived_at == session.starts_at + timedelta(minutes=20)
    assert attendance.way == ArrivalWay.HAND


@pytest.mark.parametrize("sent", [{"state": "present"}, {"why": "看见了"}, {"state": "excused", "why": "听说"}])
def test_what_makes_no_sense_is_refused_at_the_form(
    as_ben: Client, session: Session, ana: User, morning: Clock, sent: dict[str, str]
) -> None:
    page = as_ben.post(address(session, f"host/people/{ana.code}/"), sent)

    assert page.status_code == 400
    assert not Attendance.objects.exists()


# -- the paper path ---------------------------------------------------------------------------


def text_of(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def test_the_sheet_names_everybody_and_leaves_room_to_sign(as_ben: Client, session: Session, morning: Clock) -> None:
    response = as_ben.get(address(session, "host/sheet.pdf"))

    text = text_of(response.content)
    assert response.headers["Content-Type"] == "application/pdf"
    assert [word in text for word in ("签到表", "防返贫监测", "县委党校二楼报告厅", "安娜", "丹恩", "签名")] == [
        True
    ] * 6
    assert "实到" not in text
    assert ModelLogEntry.objects.filter(action="courses.print_sheet").count() == 1


def test_after_the_session_the_sheet_says_who_was_there(
    as_ben: Client, session: Session, ana: User, morning: Clock
) -> None:
    AttendanceFactory(session=session, person=ana)
    morning.time = session.ends_at

    text = text_of(as_ben.get(address(session, "host/sheet.pdf")).content)

    assert [word in text for word in ("应到：2 人，实到：1 人，未到：1 人", "缺席", "09:00")] == [True] * 3
    assert "签名" not in text


def test_a_signed_sheet_is_entered_at_once(
    as_ben: Client, session: Session, ana: User, dan: User, morning: Clock
) -> None:
    as_ben.post(address(session, "host/paper/"), {f"p{ana.pk}": "present", f"p{dan.pk}": "excused:illness"})

    rows = Attendance.objects.order_by("person__code").values_list("person", "state", "reason", "way")
    assert list(rows) == [(ana.pk, "present", "", "paper"), (dan.pk, "excused", "illness", "")]


def test_rows_that_say_nothing_new_are_left_as_they_are(
    as_ben: Client, session: Session, ana: User, morning: Clock
) -> None:
    AttendanceFactory(session=session, person=ana)

    as_ben.post(address(session, "host/paper/"), {f"p{ana.pk}": "present"})

    attendance = Attendance.objects.get()
    assert attendance.way == ArrivalWay.SCREEN
    assert not attendance.changes.exists()


def test_of_a_sheet_with_one_wrong_row_nothing_is_saved(
    as_ben: Client, session: Session, ana: User, dan: User, morning: Clock
) -> None:
    page = as_ben.post(address(session, "host/paper/"), {f"p{ana.pk}": "present", f"p{dan.pk}": "vanished"})

    assert page.status_code == 400
    assert not Attendance.objects.exists()


def test_a_host_who_is_expected_does_not_enter_themselves(
    session: Session, ana: User, dan: User, morning: Clock
) -> None:
    session.host_team = ana.postings.get().team
    session.save()
    client = Client()
    client.force_login(ana)

    client.post(address(session, "host/paper/"), {f"p{ana.pk}": "present", f"p{dan.pk}": "present"})

    assert list(Attendance.objects.values_list("person", flat=True)) == [dan.pk]


def test_a_sheet_leaves_alone_what_somebody_else_entered_since_it_was_opened(
    as_ben: Client, session: Session, ana: User, dan: User, cleo: User, morning: Clock
) -> None:
    shown = {f"p{ana.pk}": "", f"was{ana.pk}": "", f"p{dan.pk}": "present", f"was{dan.pk}": ""}
    mark(session, ana, state="excused", reason="illness", why="来电", by=cleo, at=morning())

    as_ben.post(address(session, "host/paper/"), {**shown, f"p{ana.pk}": "", f"was{ana.pk}": ""})

    assert dict(Attendance.objects.values_list("person", "state")) == {ana.pk: "excused", dan.pk: "present"}


def test_an_absence_that_was_shown_and_left_does_not_undo_a_leave(
    as_ben: Client, session: Session, ana: User, cleo: User, morning: Clock
) -> None:
    AttendanceFactory(session=session, person=ana, state="absent")
    mark(session, ana, state="excused", reason="illness", why="来电", by=cleo, at=morning())

    as_ben.post(address(session, "host/paper/"), {f"p{ana.pk}": "absent", f"was{ana.pk}": "absent"})

    assert Attendance.objects.get().state == "excused"
