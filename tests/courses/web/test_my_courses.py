"""What members see of their courses."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents.models import Document

from courses.domain.next_steps import course_steps
from courses.enums import AttendanceState, CourseState
from courses.models import Attendance, Course, Enrolment, Material
from members.models import Division, User
from tests.conftest import NOON, Clock
from tests.courses.staff.conftest import Class, client_of
from tests.factories.cms import a_handbook, an_entry, entry_of
from tests.factories.courses import CourseFactory, EnrolmentFactory, SessionFactory

pytestmark = pytest.mark.django_db

ABSENT = "00000000-0000-4000-8000-000000000000"


def address(training: Class) -> str:
    return f"/courses/{training.course.uuid}/"


def test_my_courses_show_what_is_next_and_how_far_i_am(training: Class, ana: User) -> None:
    page = client_of(ana).get("/courses/")

    assert page.context["lead"].session == training.field
    assert not page.context["signs_in"]
    assert [mine.course for mine in page.context["current"]] == [training.course]
    assert "应参加 3 场，已参加 1 场" in page.content.decode()


def test_a_session_that_takes_arrivals_leads_to_its_sign_in(training: Class, ana: User, clock: Clock) -> None:
    clock.forward(days=6, hours=23, minutes=45)

    page = client_of(ana).get("/courses/")

    assert page.context["signs_in"]
    assert f'href="/courses/sessions/{training.field.uuid}/sign-in/"' in page.content.decode()


def test_without_a_course_the_page_says_so(ben: User) -> None:
    page = client_of(ben).get("/courses/")

    assert (page.context["current"], page.context["past"]) == ([], [])
    assert "还没有培训班" in page.content.decode()


def test_a_course_shows_my_attendance_and_what_is_missing(training: Class, ana: User) -> None:
    page = client_of(ana).get(address(training))

    shown = [
        (each.session.topic, each.attendance.state if each.attendance else "", each.is_expected)
        for each in page.context["mine"].sessions
    ]
    assert shown == [("政策法规", "present", False), ("公文写作", "absent", False), ("现场观摩", "", True)]
    text = page.content.decode()
    assert "未参加；补训尚未安排" in text
    assert "丹恩" not in text


def test_a_make_up_is_mine_when_i_lack_it_and_not_otherwise(training: Class, ana: User) -> None:
    for session in (training.law, training.pen):
        SessionFactory.create(course=training.course, repeat_of=session, starts_at=NOON + timedelta(days=2))

    page = client_of(ana).get(address(training))

    repeats = {each.session.repeat_of_id: each.is_expected for each in page.context["mine"].sessions}
    assert (repeats[training.law.pk], repeats[training.pen.pk]) == (False, True)
    assert "可于 6 月 17 日 12:00" in page.content.decode()


@pytest.mark.parametrize("state", [CourseState.DRAFT, CourseState.CANCELLED])
def test_what_is_absent_not_shown_or_not_mine_is_the_same_nothing(
    training: Class, ana: User, ben: User, state: CourseState
) -> None:
    foreign = client_of(ben).get(address(training)).status_code
    absent = client_of(ana).get(f"/courses/{ABSENT}/").status_code
    Course.objects.update(state=state)

    hidden = client_of(ana).get(address(training)).status_code

    assert (foreign, absent, hidden) == (404, 404, 404)


def test_a_stranger_is_sent_to_sign_in(training: Class) -> None:
    answers = [Client().get(page).headers["Location"].split("?")[0] for page in ("/courses/", address(training))]

    assert answers == ["/sign-in/", "/sign-in/"]


def test_a_closed_course_is_behind_me(training: Class, ana: User, ben: User) -> None:
    Course.objects.update(state=CourseState.CLOSED, closed_by=ben, closed_at=NOON)

    page = client_of(ana).get("/courses/")

    assert (page.context["lead"], page.context["current"]) == (None, [])
    assert [mine.course for mine in page.context["past"]] == [training.course]


@pytest.mark.parametrize("count", [1, 3])
def test_my_courses_ask_as_often_for_many(
    training: Class, ana: User, county: Division, count: int, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        course = CourseFactory.create(division=county)
        EnrolmentFactory.create(course=course, person=ana)
        SessionFactory.create(course=course, starts_at=NOON + timedelta(days=1))
        SessionFactory.create(course=course, starts_at=NOON + timedelta(days=2))
    client = client_of(ana)

    with django_assert_num_queries(9):
        client.get("/courses/")


# -- material ------------------------------------------------------------------------------------


def test_material_shows_what_i_have_read(training: Class, ana: User) -> None:
    book = a_handbook(an_entry("监测对象"), an_entry("工作日志"))
    for place in (0, 1):
        Material.objects.create(course=training.course, page=entry_of(book, place).basepage_ptr, sort_order=place)
    client = client_of(ana)
    client.post(f"{entry_of(book).url}read/")

    page = client.get(address(training))

    assert [each.title for each in page.context["material"]] == ["监测对象", "工作日志"]


def test_a_document_of_a_course_is_opened_by_its_people_only(training: Class, ana: User, dan: User, ben: User) -> None:
    document = Document.objects.create(title="讲义", file=ContentFile(b"%PDF-1.4", name="讲义.pdf"))
    Material.objects.create(course=training.course, document=document)
    Enrolment.objects.filter(person=dan).delete()

    answers = {person.username: client_of(person).get(document.url).status_code for person in (ana, dan)}

    assert answers == {"ana": 200, "dan": 404}


# -- the first page ------------------------------------------------------------------------------


@pytest.fixture
def without_feedback(training: Class) -> None:
    Course.objects.update(asks_feedback=False)


def said(person: User, at: Any) -> list[tuple[str, str]]:
    return [(step.headline, step.title) for step in course_steps(person, at=at)]


@pytest.mark.usefixtures("without_feedback")
def test_the_first_page_tells_of_the_session_when_it_is_near(training: Class, ana: User) -> None:
    begins = training.field.starts_at

    told = {
        days: said(ana, begins - timedelta(days=days)) for days in (7, 3, 1)
    }  # fmt: skip

    assert told == {7: [], 3: [("下一场培训", "现场观摩")], 1: [("下一场培训", "现场观摩")]}
    assert said(ana, begins - timedelta(hours=2)) == [("今天有一场培训", "现场观摩")]
    assert said(ana, begins - timedelta(minutes=10)) == [("现在可以签到", "现场观摩")]


@pytest.mark.usefixtures("without_feedback")
def test_the_first_page_tells_of_the_make_up_as_soon_as_it_is_planned(training: Class, ana: User) -> None:
    SessionFactory.create(
        course=training.course, topic="公文写作（补训）", repeat_of=training.pen, starts_at=NOON + timedelta(days=20)
    )

    (step,) = course_steps(ana, at=NOON)

    assert (step.headline, step.title) == ("可参加补训", "公文写作（补训）")
    assert step.detail == "第一期集中培训班，7 月 5 日 12:00"


def test_whoever_has_signed_in_is_not_asked_to(training: Class, ana: User) -> None:
    begins = training.field.starts_at
    Attendance.objects.create(
        session=training.field, person=ana, state=AttendanceState.PRESENT, way="screen", arrived_at=begins,
        division_code="530999101201",
    )  # fmt: skip

    assert said(ana, begins + timedelta(minutes=1)) == []


def test_feedback_is_asked_for_after_a_session(training: Class, ana: User) -> None:
    Course.objects.update(asks_feedback=True)

    asked = said(ana, NOON + timedelta(hours=2))
    Attendance.objects.filter(person=ana).update(gave_feedback=True)

    assert asked == [("请评价这场培训", "政策法规")]
    assert said(ana, NOON + timedelta(hours=2)) == []


def test_the_first_page_shows_them(training: Class, ana: User, clock: Clock) -> None:
    clock.forward(days=6, hours=23, minutes=45)

    page = client_of(ana).get("/")

    assert page.context["lead"].headline == "现在可以签到"
