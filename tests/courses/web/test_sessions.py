"""The page of a session, with leave and feedback."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import ModelLogEntry

from courses.models import Leave, Material, Session, SessionFeedback
from members.enums import RequestState
from members.models import Division, User
from tests.conftest import Clock
from tests.factories.cms import a_handbook
from tests.factories.courses import AttendanceFactory
from tests.support.pages import page_of

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
MARKS = {"content": "4", "lecturer": "5", "usefulness": "3"}


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def address(session: Session, rest: str = "") -> str:
    return f"/courses/sessions/{session.uuid}/{rest}"


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_while_it_runs_the_next_step_is_to_sign_in(as_ana: Client, session: Session, ana: User, morning: Clock) -> None:
    before = as_ana.get(address(session))
    AttendanceFactory(session=session, person=ana)
    after = as_ana.get(address(session))

    assert page_of(before).all("a", href=address(session, "sign-in/"))
    assert not page_of(after).all("a", href=address(session, "sign-in/"))
    assert "实到" in after.content.decode()


def test_it_is_not_there_for_who_has_nothing_to_do_with_it(session: Session, morning: Clock) -> None:
    from tests.factories.members import UserFactory

    assert client_of(UserFactory()).get(address(session)).status_code == 404


def test_leave_with_a_document_from_asking_to_the_answer(
    as_ana: Client, as_ben: Client, session: Session, ana: User, morning: Clock
) -> None:
    sent = {"reason": "illness", "text": "发烧就诊", "file": SimpleUploadedFile("病历.png", PNG)}
    as_ana.post(address(session, "leave/"), sent)
    leave = Leave.objects.get()
    waiting = as_ben.get(address(session, "host/")).content.decode()
    as_ben.post(address(session, f"host/leaves/{leave.uuid}/"), {"approve": "1", "answer": "保重"})

    shown = as_ana.get(address(session)).content.decode()

    leave.refresh_from_db()
    assert leave.state == RequestState.APPROVED
    assert "发烧就诊" in waiting
    assert [word in shown for word in ("已批准", "保重", "病历.png")] == [True] * 3


def test_the_document_is_for_the_person_and_the_host_and_opening_is_noted(
    as_ana: Client, as_ben: Client, session: Session, dan: User, morning: Clock
) -> None:
    sent = {"reason": "illness", "text": "发烧就诊", "file": SimpleUploadedFile("病历.png", PNG)}
    as_ana.post(address(session, "leave/"), sent)
    file = f"/courses/leaves/{Leave.objects.get().uuid}/file/"

    mine = as_ana.get(file)
    content = b"".join(mine.streaming_content)
    answers = [client.get(file) for client in (as_ben, client_of(dan), Client())]

    assert (mine.status_code, mine.headers["Cache-Control"], content) == (200, "private, no-store", PNG)
    assert [answer.status_code for answer in answers] == [200, 404, 302]
    assert ModelLogEntry.objects.filter(action="courses.open_leave_file").count() == 2


def test_a_leave_that_is_refused_keeps_what_was_typed(as_ana: Client, session: Session, morning: Clock) -> None:
    sent = {"reason": "illness", "text": "发烧就诊", "file": SimpleUploadedFile("x.png", b"no picture")}

    page = as_ana.post(address(session, "leave/"), sent)

    assert page.status_code == 400
    assert "发烧就诊" in page.content.decode()
    assert not Leave.objects.exists()


def test_the_host_enters_leave_on_the_page_of_the_person(
    as_ben: Client, session: Session, ana: User, morning: Clock
) -> None:
    as_ben.post(address(session, f"host/people/{ana.code}/leave/"), {"reason": "duty", "text": "抽调防汛"})

    assert list(Leave.objects.values_list("person", "state")) == [(ana.pk, RequestState.APPROVED)]


def test_a_decision_without_an_answer_declines_nothing(
    as_ana: Client, as_ben: Client, session: Session, morning: Clock
) -> None:
    as_ana.post(address(session, "leave/"), {"reason": "illness", "text": "发烧"})

    for sent in ({"approve": "0"}, {}, {"approve": "maybe"}):
        as_ben.post(address(session, f"host/leaves/{Leave.objects.get().uuid}/"), sent)

    assert Leave.objects.get().state == RequestState.WAITING


def test_feedback_is_given_once_and_the_form_goes(as_ana: Client, session: Session, ana: User, morning: Clock) -> None:
    AttendanceFactory(session=session, person=ana)
    morning.time = session.ends_at
    before = as_ana.get(address(session)).content.decode()

    for _twice in range(2):
        as_ana.post(address(session, "feedback/"), {**MARKS, "text": "很实用"})

    after = as_ana.get(address(session)).content.decode()
    assert list(SessionFeedback.objects.values_list("content", "lecturer", "usefulness", "text")) == [
        (4, 5, 3, "很实用")
    ]
    assert ("课后评价" in before, "课后评价" in after) == (True, False)


def test_feedback_without_every_mark_stays_on_the_page(
    as_ana: Client, session: Session, ana: User, morning: Clock
) -> None:
    AttendanceFactory(session=session, person=ana)
    morning.time = session.ends_at

    page = as_ana.post(address(session, "feedback/"), {"content": "4", "lecturer": "9", "text": "很实用"})

    assert page.status_code == 400
    assert "很实用" in page.content.decode()
    assert not SessionFeedback.objects.exists()


def test_material_that_one_may_not_read_is_not_named(
    as_ana: Client, session: Session, other_township: Division, morning: Clock
) -> None:
    own, closed = a_handbook(title="全县手册"), a_handbook(title="柳河手册", division=other_township)
    for place, page in enumerate((own, closed)):
        Material.objects.create(course=session.course, page=page, sort_order=place)

    text = as_ana.get(address(session)).content.decode()

    assert [title in text for title in ("全县手册", "柳河手册")] == [True, False]
