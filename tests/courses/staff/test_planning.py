"""Series, rota and the county's calendar as the office sees them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from courses.domain.rota import make_rota
from courses.enums import CourseState, SessionState
from courses.models import Course, Session
from members.enums import Role
from members.models import Division, Team, User
from tests.conftest import NOON, Clock
from tests.courses.staff.conftest import client_of
from tests.exams.staff.counting import queries_of
from tests.factories.courses import MORNING, CourseFactory, CourseKindFactory, SessionFactory
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory, UserFactory, give_role
from tests.support.pages import page_of, words_in

pytestmark = pytest.mark.django_db

CALENDAR = "/admin/training-calendar/"
SERIES = {
    "topic": "第{n}次例会",
    "rhythm": "weekly",
    "first": "2026-07-06",
    "begins": "09:00",
    "minutes": "90",
    "interval": "1",
    "nth": "1",
    "count": "3",
    "place": "二楼",
}


@pytest.fixture
def office(cleo: User, clock: Clock) -> Client:
    return client_of(cleo)


@pytest.fixture
def course(county: Division) -> Course:
    kind = CourseKindFactory.create(division=county, title="月度座谈会", hosted_in_turn=True)
    return CourseFactory.create(division=county, kind=kind, title="座谈会")


class TestSeries:
    def test_days_are_shown_before_anything_is_planned(self, office: Client, course: Course) -> None:
        address = f"/admin/courses/{course.uuid}/series/"
        SessionFactory.create(
            course=CourseFactory.create(division=course.division),
            topic="别的",
            place="二楼",
            starts_at=MORNING + timedelta(days=28),
        )

        page = page_of(office.post(address, SERIES))

        shown = " ".join(words_in(page, "ol"))
        assert all(day in shown for day in ("2026-07-06", "2026-07-13", "2026-07-20"))
        assert "二楼 当时已用于“别的”" in shown
        assert "安排这 3 场" in words_in(page, "button")
        assert course.sessions.count() == 0

    def test_what_was_shown_is_planned(self, office: Client, course: Course) -> None:
        address = f"/admin/courses/{course.uuid}/series/"
        seen = office.post(address, SERIES).context["form"]["seen"].value()

        response = office.post(address, SERIES | {"seen": seen})

        assert (response.status_code, response["Location"]) == (302, f"/admin/courses/{course.uuid}/")
        assert list(course.sessions.values_list("topic", flat=True)) == ["第1次例会", "第2次例会", "第3次例会"]

    def test_what_was_changed_after_looking_is_shown_again(self, office: Client, course: Course) -> None:
        address = f"/admin/courses/{course.uuid}/series/"
        seen = office.post(address, SERIES).context["form"]["seen"].value()

        response = office.post(address, SERIES | {"seen": seen, "count": "4"})

        assert (response.status_code, course.sessions.count()) == (200, 0)
        assert len(response.context["form"].planned) == 4

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"count": ""}, "请填写场数或截止日期，只填其中一项。"),
            ({"skips": "国庆"}, "日期请写成 2026-10-05 的形式。"),
        ],
    )
    def test_what_makes_no_sense_is_said(
        self, office: Client, course: Course, change: dict[str, str], said: str
    ) -> None:
        response = office.post(f"/admin/courses/{course.uuid}/series/", SERIES | change)

        assert said in response.content.decode()
        assert course.sessions.count() == 0


class TestRota:
    @pytest.fixture
    def teams(self) -> list[Team]:
        found = [
            TeamFactory(code=f"T100{n}", name=f"第{n}队", division=DivisionFactory(code=f"53099910120{n}"))
            for n in range(2)
        ]
        for team in found:
            PostingFactory(team=team)
        return found

    @pytest.fixture
    def sessions(self, course: Course, teams: list[Team]) -> list[Session]:
        return [
            SessionFactory.create(course=course, topic=f"第{n}次", starts_at=MORNING + n * timedelta(days=30))
            for n in (1, 2)
        ]

    def test_the_proposal_stands_in_the_table(self, office: Client, course: Course, sessions: list[Session]) -> None:
        page = page_of(office.get(f"/admin/courses/{course.uuid}/rota/"))

        cells = [" ".join(text.split()) for text in words_in(page, "td")]
        assert [cell for cell in cells if "队" in cell] == ["第0队 建议", "第1队 建议"]
        assert not course.sessions.exclude(host_team=None).exists()

    def test_giving_the_turns(self, office: Client, course: Course, sessions: list[Session]) -> None:
        response = office.post(f"/admin/courses/{course.uuid}/rota/make/")

        assert response["Location"] == f"/admin/courses/{course.uuid}/rota/"
        assert [session.host_team.name for session in course.sessions.all()] == ["第0队", "第1队"]

    def test_swapping(self, office: Client, course: Course, sessions: list[Session], cleo: User) -> None:
        make_rota(course, by=cleo, at=NOON)
        address = f"/admin/courses/{course.uuid}/rota/swap/"
        one, other = (f"{session.pk}-{session.host_team_id}" for session in course.sessions.all())

        same = office.post(address, {"one": one, "other": one, "reason": "路断"})
        done = office.post(address, {"one": one, "other": other, "reason": "路断"})
        outdated = office.post(address, {"one": one, "other": other, "reason": "路断"})

        assert "请选择两个不同的场次。" in same.content.decode()
        assert done["Location"] == f"/admin/courses/{course.uuid}/rota/"
        assert "承办工作队已被他人调整" in outdated.content.decode()
        assert [session.host_team.name for session in course.sessions.all()] == ["第1队", "第0队"]

    def test_a_course_without_sessions_says_what_to_do(self, office: Client, course: Course) -> None:
        page = page_of(office.get(f"/admin/courses/{course.uuid}/rota/"))

        assert any("请先安排场次" in text for text in words_in(page, "p"))


class TestCalendar:
    def test_everything_of_the_month_with_its_state_in_words(self, office: Client, course: Course) -> None:
        SessionFactory.create(course=course, topic="座谈")
        SessionFactory.create(course=course, topic="取消的", state=SessionState.CANCELLED, cancel_reason="防汛")
        draft = CourseFactory.create(division=course.division, state=CourseState.DRAFT)
        SessionFactory.create(course=draft, topic="筹备的")

        page = page_of(office.get(CALENDAR))

        cell = " ".join(" ".join(words_in(page, "td")).split())
        assert all(word in cell for word in ("09:00 座谈", "✕ 已取消", "筹备的", "筹备中"))

    def test_a_kind_can_be_chosen_and_other_months(self, office: Client, course: Course) -> None:
        SessionFactory.create(course=course, topic="座谈")
        SessionFactory.create(course=CourseFactory.create(division=course.division), topic="培训")

        body = office.get(f"{CALENDAR}?kind={course.kind.pk}").content.decode()

        assert ("座谈" in body, "09:00 培训" in body) == (True, False)
        assert "本月没有场次" in office.get(f"{CALENDAR}?month=2026-07").content.decode()
        assert office.get(f"{CALENDAR}?kind=abc&month=x").status_code == 200

    def test_another_township_sees_only_what_is_its_own(
        self, course: Course, township: Division, other_township: Division, clock: Clock
    ) -> None:
        person = give_role(UserFactory.create(), Role.TRAINER, other_township)
        SessionFactory.create(course=course, topic="全县的")
        SessionFactory.create(course=CourseFactory.create(division=township), topic="青石的")

        body = client_of(person).get(CALENDAR).content.decode()

        assert ("全县的" in body, "青石的" in body) == (True, False)

    @pytest.mark.once
    def test_a_full_month_asks_as_often_as_one_session(self, office: Client, course: Course) -> None:
        SessionFactory.create(course=course)
        one = queries_of(lambda: office.get(CALENDAR))
        SessionFactory.create_batch(12, course=course)

        assert queries_of(lambda: office.get(CALENDAR)) == one


@pytest.mark.parametrize("page", ["series/", "rota/make/", "rota/swap/"])
class TestWhoMay:
    def test_others_get_nowhere_and_change_nothing(
        self, course: Course, page: str, ana: User, dan: User, clock: Clock, township: Division
    ) -> None:
        address = f"/admin/courses/{course.uuid}/{page}"
        elsewhere = give_role(UserFactory.create(), Role.ADMINISTRATOR, township)

        answers: list[Any] = [
            client.post(address, SERIES) for client in (Client(), client_of(ana), client_of(elsewhere))
        ]

        assert [answer.status_code for answer in answers] == [302, 302, 404]
        assert answers[0]["Location"].startswith(("/sign-in/", "/admin/login/"))
        assert course.sessions.count() == 0

    def test_a_form_without_its_token_is_refused(self, course: Course, page: str, cleo: User, clock: Clock) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(cleo)

        assert strict.post(f"/admin/courses/{course.uuid}/{page}", SERIES).status_code == 403
