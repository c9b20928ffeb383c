from typing import Any

import pytest

from courses.domain.exemptions import ask_exemption, decide_exemption
from courses.enums import AbsenceReason, Origin
from courses.models import Enrolment
from members.enums import Role
from members.models import Division, User
from tests.conftest import NOON
from tests.courses.staff.conftest import Class
from tests.exams.rest.conftest import calling
from tests.factories.courses import EnrolmentFactory
from tests.factories.members import PostingFactory, UserFactory, give_role

pytestmark = pytest.mark.django_db


def test_my_courses_are_listed_whole(training: Class, ana: User) -> None:
    answer = calling(ana).get("/api/v1/courses/")

    assert answer.json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "uuid": str(training.course.uuid),
                "title": "第一期集中培训班",
                "kind": "集中培训班",
                "division": "530999000000",
                "state": "open",
                "joined_on": "2026-06-01",
                "left_on": None,
                "progress": {"attended": 1, "required": 3, "passed": None, "is_completed": False, "is_exempt": False},
            }
        ],
    }


def test_a_course_is_given_with_its_sessions_and_my_attendance(training: Class, ana: User) -> None:
    answer = calling(ana).get(f"/api/v1/courses/{training.course.uuid}/").json()

    assert [(each["topic"], each["state"], each["is_expected"], each["attendance"]) for each in answer["sessions"]] == [
        ("政策法规", "held", False, {"state": "present", "reason": "", "arrived_at": "2026-06-14T12:00:00+08:00"}),
        ("公文写作", "held", False, {"state": "absent", "reason": "", "arrived_at": None}),
        ("现场观摩", "planned", True, None),
    ]


def test_a_course_that_is_not_mine_is_not_there(training: Class, ben: User) -> None:
    answers = [calling(ben).get(f"/api/v1/courses/{uuid}/").status_code for uuid in (training.course.uuid, ABSENT)]

    assert answers == [404, 404]


ABSENT = "00000000-0000-4000-8000-000000000000"


def test_the_gap_list_is_given_whole_to_the_county(training: Class, cleo: User) -> None:
    answer = calling(cleo).get(f"/api/v1/courses/{training.course.uuid}/gaps/").json()

    ana, _dan = answer["results"]
    assert answer["count"] == 2
    assert ana == {
        "code": "LX0001",
        "name": "安娜",
        "township": {"code": "530999101000", "name": "青石镇"},
        "team": "柳湾村工作队",
        "attended": 1,
        "required": 3,
        "passed": None,
        "reason": "",
        "is_explained": False,
        "missing": [
            lack(training.pen, state="absent", ahead=None),
            lack(training.field, state=None, ahead=training.field),
        ],
    }


def lack(session: Any, *, state: str | None, ahead: Any) -> dict[str, Any]:
    return {
        "session": str(session.uuid),
        "topic": session.topic,
        "state": state,
        "reason": None,
        "next_session": str(ahead.uuid) if ahead else None,
        "next_starts_at": "2026-06-22T12:00:00+08:00" if ahead else None,
    }


def test_a_township_is_given_its_own_people_only(training: Class, other_township: Division) -> None:
    office = give_role(UserFactory.create(), Role.ADMINISTRATOR, other_township)

    answer = calling(office).get(f"/api/v1/courses/{training.course.uuid}/gaps/").json()

    assert [row["code"] for row in answer["results"]] == ["LX0002"]


def test_the_gap_list_of_a_township_is_asked_for_by_its_code(training: Class, cleo: User) -> None:
    address = f"/api/v1/courses/{training.course.uuid}/gaps/?township="

    found = {code: calling(cleo).get(address + code) for code in ("530999101000", "440000000000", "x")}

    assert {code: answer.status_code for code, answer in found.items()} == {
        "530999101000": 200, "440000000000": 200, "x": 404,
    }  # fmt: skip
    assert [row["code"] for row in found["530999101000"].json()["results"]] == ["LX0001"]
    assert found["440000000000"].json()["results"] == []


def test_members_get_no_gap_list(training: Class, ana: User) -> None:
    answer = calling(ana).get(f"/api/v1/courses/{training.course.uuid}/gaps/")

    assert answer.status_code == 404


def test_whoever_is_exempt_is_on_no_gap_list(training: Class, cleo: User, ben: User, dan: User) -> None:
    asked = ask_exemption(training.course, dan, reason="产假", by=ben, at=NOON)
    decide_exemption(asked, approve=True, by=cleo, at=NOON)

    answer = calling(cleo).get(f"/api/v1/courses/{training.course.uuid}/gaps/").json()

    assert [row["code"] for row in answer["results"]] == ["LX0001"]


@pytest.mark.parametrize("more", [1, 3])
def test_the_gap_list_asks_as_often_for_many(
    training: Class, cleo: User, ana: User, more: int, django_assert_num_queries: Any
) -> None:
    team = ana.postings.get().team
    for _number in range(more):
        person = PostingFactory.create(team=team).person
        EnrolmentFactory.create(course=training.course, person=person, origin=Origin.HAND)
    Enrolment.objects.filter(person=ana).update(reason=AbsenceReason.LEAVE, explained_by=cleo)
    client = calling(cleo)

    with django_assert_num_queries(8):
        answer = client.get(f"/api/v1/courses/{training.course.uuid}/gaps/").json()

    assert answer["count"] == 2 + more
