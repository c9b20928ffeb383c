"""The page of my calendar, and the address for calendar programs."""

from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from courses.domain.feeds import renew_feed
from courses.enums import SessionState
from courses.models import CalendarFeed, Course, Session
from exams.enums import ExamState
from exams.models import Candidate, Exam
from members.models import Division, User
from tests.conftest import NOON, Clock
from tests.exams.staff.counting import queries_of
from tests.factories.courses import MORNING, AttendanceFactory, CourseFactory, EnrolmentFactory, SessionFactory
from tests.factories.exams import ExamFactory
from tests.support.pages import page_of, words_in

pytestmark = pytest.mark.django_db

ADDRESS = "/courses/calendar/"


@pytest.fixture
def phone(client: Client, clock: Clock, ana: User) -> Client:
    client.force_login(ana, backend="members.backends.PhoneOrCodeBackend")
    return client


@pytest.fixture
def course(county: Division, ana: User) -> Course:
    course = CourseFactory.create(division=county)
    EnrolmentFactory.create(course=course, person=ana)
    return course


def a_session(course: Course, topic: str, *, days: int = 7, **facts: object) -> Session:
    return SessionFactory.create(course=course, topic=topic, starts_at=MORNING + timedelta(days=days), **facts)


def topics(client: Client, query: str = "") -> list[str]:
    page = page_of(client.get(ADDRESS + query))
    return [node.text.strip() for node in page.all("span", _class="appointment-topic")]


def test_anonymous_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(ADDRESS)["Location"] == f"/sign-in/?next={ADDRESS}"


def test_the_month_has_its_days_under_their_weekdays(phone: Client) -> None:
    page = page_of(phone.get(ADDRESS))

    assert [node.text.strip()[-1] for node in page.all("th")] == list("一二三四五六日")
    assert len(page.all("td")) == 35
    assert [node.attributes["datetime"] for node in page.all("time")][:2] == ["2026-06-01", "2026-06-02"]
    assert len([node for node in page.all("td") if "data-today" in node.attributes]) == 1


def test_my_sessions_stand_in_their_month(phone: Client, course: Course) -> None:
    a_session(course, "本月")
    a_session(course, "下月", days=30)

    assert (topics(phone), topics(phone, "?month=2026-07")) == (["本月"], ["下月"])


@pytest.mark.parametrize("month", ["2026-13", "1999-12", "abc", "2026-6", "２０２６-07", "2026-07'--"])
def test_what_is_no_month_is_this_month(phone: Client, course: Course, month: str) -> None:
    a_session(course, "本月")

    assert topics(phone, f"?month={month}") == ["本月"]


def test_it_says_in_words_what_became_of_a_session(phone: Client, course: Course, ana: User) -> None:
    a_session(course, "取消的", state=SessionState.CANCELLED, cancel_reason="防汛")
    came = a_session(course, "去过的", days=-7)
    AttendanceFactory.create(session=came, person=ana)
    a_session(course, "主办的", days=8, host_team=ana.postings.get().team)

    page = page_of(phone.get(ADDRESS))

    found = [node.text.strip() for node in page.all("span", _class="chip")]
    assert found == ["实到", "今天", "已取消", "承办"]


def an_exam(division: Division, person: User, title: str, *, opens: int, days: int, used: int = 0) -> Exam:
    """Opens so many days after noon of 15 June."""
    opens_at = NOON + timedelta(days=opens)
    exam = ExamFactory.create(
        division=division, title=title, opens_at=opens_at, closes_at=opens_at + timedelta(days=days)
    )
    Exam.objects.filter(pk=exam.pk).update(state=ExamState.PUBLISHED, published_at=NOON)
    Candidate.objects.create(exam=exam, person=person, division_code="530999101201", attempts_used=used)
    return exam


def test_an_exam_stands_on_the_days_of_its_beginning_and_its_end(phone: Client, county: Division, ana: User) -> None:
    exam = an_exam(county, ana, "六月测试", opens=1, days=3, used=1)

    page = page_of(phone.get(ADDRESS))

    times = [node.text.strip() for node in page.all("span", _class="appointment-time")]
    assert times == ["12:00 开考", "12:00 截止"]
    assert [node.text.strip() for node in page.all("span", _class="appointment-topic")] == ["六月测试"] * 2
    assert [node.text.strip() for node in page.all("span", _class="chip")] == [
        "今天",
        "考试",
        "已交卷",
        "考试",
        "已交卷",
    ]
    links = [node.attributes.get("href") for node in page.all("a")]
    assert links.count(f"/exams/{exam.uuid}/") == 2


def test_an_exam_of_one_day_stands_there_once(phone: Client, county: Division, ana: User) -> None:
    exam = an_exam(county, ana, "六月测试", opens=1, days=1)
    Exam.objects.filter(pk=exam.pk).update(closes_at=exam.opens_at + timedelta(hours=2))

    page = page_of(phone.get(ADDRESS))

    assert [node.text.strip() for node in page.all("span", _class="appointment-time")] == ["12:00–14:00"]


def test_of_an_exam_beyond_the_month_only_the_part_inside_is_shown(phone: Client, county: Division, ana: User) -> None:
    an_exam(county, ana, "跨月测试", opens=14, days=4)

    assert (topics(phone), topics(phone, "?month=2026-07")) == (["跨月测试"], ["跨月测试"])


def test_exams_of_others_are_not_shown(phone: Client, county: Division, dan: User) -> None:
    an_exam(county, dan, "六月测试", opens=1, days=3)

    assert topics(phone) == []


def test_an_empty_month_says_so(phone: Client) -> None:
    assert "本月没有安排" in words_in(page_of(phone.get(ADDRESS)), "h2")


@pytest.mark.once
def test_a_full_month_asks_as_often_as_one_session(phone: Client, course: Course, ana: User) -> None:
    a_session(course, "一")
    one = queries_of(lambda: phone.get(ADDRESS))
    for days in range(1, 14):
        a_session(course, f"{days}", days=days)
    for days in (1, 2, 3):
        an_exam(course.division, ana, f"{days}", opens=days, days=3)

    assert queries_of(lambda: phone.get(ADDRESS)) == one


class TestFeed:
    def test_looking_makes_no_address(self, phone: Client) -> None:
        phone.get(ADDRESS)

        assert not CalendarFeed.objects.exists()

    def test_the_address_is_made_shown_and_works_without_signing_in(
        self, phone: Client, course: Course, ana: User
    ) -> None:
        a_session(course, "专题")

        page = page_of(phone.post(f"{ADDRESS}renew/", follow=True))

        (url,) = (node.attributes["value"] for node in page.all("input") if node.attributes.get("id") == "feed-url")
        assert url == f"http://testserver/calendar/{CalendarFeed.objects.get().token}.ics"
        response = Client().get(url)
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert (response["Cache-Control"], "Set-Cookie" in response) == ("private, no-cache", False)
        (event,) = Calendar.from_ical(response.content).walk("VEVENT")
        assert str(event["SUMMARY"]).startswith("专题")

    def test_what_has_not_changed_is_not_sent_again(
        self, client: Client, clock: Clock, course: Course, ana: User
    ) -> None:
        address = f"/calendar/{renew_feed(ana, at=NOON).token}.ics"
        etag = client.get(address)["ETag"]

        same = client.get(address, headers={"If-None-Match": etag})
        a_session(course, "新的")
        changed = client.get(address, headers={"If-None-Match": etag})

        assert (same.status_code, same.content, changed.status_code) == (304, b"", 200)

    def test_a_wrong_or_dead_address_leads_nowhere(self, client: Client, ana: User) -> None:
        token = renew_feed(ana, at=NOON).token

        assert client.get(f"/calendar/{token[:-1]}x.ics").status_code == 404
        User.objects.filter(pk=ana.pk).update(is_active=False)
        assert client.get(f"/calendar/{token}.ics").status_code == 404

    def test_renewing_asks_for_a_person_a_post_and_a_token_of_the_form(self, ana: User, clock: Clock) -> None:
        strict = Client(enforce_csrf_checks=True)

        assert Client().post(f"{ADDRESS}renew/")["Location"].startswith("/sign-in/")
        strict.force_login(ana, backend="members.backends.PhoneOrCodeBackend")
        assert (strict.get(f"{ADDRESS}renew/").status_code, strict.post(f"{ADDRESS}renew/").status_code) == (405, 403)
        assert not CalendarFeed.objects.exists()
