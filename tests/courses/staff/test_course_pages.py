"""The page of one course: what comes next, opening, closing, calling off."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from courses.domain.cohorts import explain
from courses.enums import AbsenceReason, CourseState, Outcome, SessionState
from courses.models import Course, Enrolment, Lecturer, Session
from exams.enums import Audience
from members.enums import Role
from members.models import Division, User
from tests.conftest import NOON, Clock
from tests.courses.staff.conftest import Class, client_of
from tests.factories.courses import CourseFactory, CourseKindFactory, EnrolmentFactory, SessionFactory
from tests.factories.exams import ExamFactory
from tests.factories.members import PostingFactory, UserFactory, give_role

pytestmark = pytest.mark.django_db


def address(course: Course, page: str = "") -> str:
    return f"/admin/courses/{course.uuid}/{page}"


# -- the list and the form --------------------------------------------------------------------


def listed(client: Client, query: str = "") -> list[tuple[str, str]]:
    table = client.get(f"/admin/courses/{query}").context["table"]
    return [(course.title, str(course.state)) for course in table.data]


def test_the_list_shows_how_the_people_of_each_course_stand(training: Class, cleo: User) -> None:
    CourseFactory.create(title="周例会", division=training.course.division, state=CourseState.DRAFT)

    rows = client_of(cleo).get("/admin/courses/").context["table"].data

    figures = {row.title: (row.held, row.planned, row.figures) for row in rows}
    assert figures["周例会"] == (0, 0, None)
    held, planned, standing = figures["第一期集中培训班"]
    assert (held, planned) == (2, 3)
    assert (standing.people, standing.completed, standing.behind, standing.unexplained) == (2, 0, 2, 2)


def test_the_list_is_filtered(training: Class, cleo: User, other_township: Division) -> None:
    other = CourseFactory.create(title="柳河镇培训班", division=other_township, state=CourseState.DRAFT)
    SessionFactory.create(course=other, starts_at=NOON.replace(year=2025))
    client = client_of(cleo)

    found = {
        query: [title for title, _state in listed(client, query)]
        for query in (f"?kind={other.kind_id}", "?state=open", f"?division={other_township.pk}", "?year=2025")
    }

    assert list(found.values()) == [["柳河镇培训班"], ["第一期集中培训班"], ["柳河镇培训班"], ["柳河镇培训班"]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_many(
    county: Division, cleo: User, count: int, ana: User, django_assert_num_queries: Any
) -> None:
    for _number in range(count):
        course = CourseFactory.create(division=county, exam=ExamFactory.create(division=county), needs_test=True)
        SessionFactory.create(course=course)
        EnrolmentFactory.create(course=course, person=ana)
    client = client_of(cleo)
    client.get("/admin/courses/results/")

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        response = client.get("/admin/courses/results/")

    assert len(response.context["table"].data) == count


QUERIES_OF_THE_LIST = 15


def form_of(division: Division, kind: Any, **fields: Any) -> dict[str, Any]:
    return {
        "title": "第二期集中培训班", "kind": kind.pk, "division": division.pk, "goals": "", "audience_role": "",
        "catches_up": "on", "remind_hours": "24", "material-TOTAL_FORMS": "1", "material-INITIAL_FORMS": "0",
        "material-MIN_NUM_FORMS": "0", "material-MAX_NUM_FORMS": "50", "material-0-page": "",
        "material-0-document": "", **fields,
    }  # fmt: skip


def test_a_course_is_prepared_and_leads_to_its_page(county: Division, ben: User, clock: Clock) -> None:
    kind = CourseKindFactory.create(division=county)

    response = client_of(ben).post("/admin/courses/new/", form_of(county, kind))

    course = Course.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, address(course))
    assert (course.title, course.state, course.created_by, course.created_at) == (
        "第二期集中培训班", CourseState.DRAFT, ben, NOON,
    )  # fmt: skip


def test_a_course_of_a_division_that_is_not_ones_own_is_refused(
    county: Division, township: Division, other_township: Division
) -> None:
    office = give_role(UserFactory.create(), Role.ADMINISTRATOR, township)
    kind = CourseKindFactory.create(division=county)

    response = client_of(office).post("/admin/courses/new/", form_of(other_township, kind))

    assert list(response.context["form"].errors) == ["division"]
    assert not Course.objects.exists()


def test_the_rule_says_whom_it_names_before_anything_is_saved(
    county: Division, township: Division, ana: User, dan: User, cleo: User
) -> None:
    client = client_of(cleo)

    everybody = client.post("/admin/courses/preview/", {"division": county.pk})
    one_township = client.post("/admin/courses/preview/", {"division": county.pk, "audience_division": township.pk})
    nobody = client.post("/admin/courses/preview/", {"division": county.pk, "posted_since": "2027-01-01"})

    assert everybody.context["named"].total == 2
    assert everybody.context["named"].townships == [("青石镇", 1), ("柳河镇", 1)]
    assert (one_township.context["named"].total, nobody.context["named"].total) == (1, 0)
    assert not Course.objects.exists()


def test_a_closed_course_is_not_edited(training: Class, cleo: User, ben: User) -> None:
    Course.objects.update(state=CourseState.CLOSED, closed_by=ben, closed_at=NOON)

    response = client_of(cleo).get(f"/admin/courses/edit/{training.course.pk}/")

    assert response.headers["Location"] == address(training.course)


# -- from step to step ------------------------------------------------------------------------


def next_label(person: User, course: Course) -> str | None:
    step = client_of(person).get(address(course)).context["next"]
    return step.label if step else None


def test_the_next_thing_to_do_is_said_at_every_step(county: Division, ana: User, cleo: User, clock: Clock) -> None:
    course = CourseFactory.create(division=county, state=CourseState.DRAFT)
    said = [next_label(cleo, course)]
    session = SessionFactory.create(course=course, starts_at=NOON + timedelta(days=1))
    said.append(next_label(cleo, course))
    client_of(cleo).post(address(course, "open/"))
    said.append(next_label(cleo, course))
    clock.forward(hours=20)
    said.append(next_label(cleo, course))
    clock.forward(days=1)
    said.append(next_label(cleo, course))
    row = Enrolment.objects.get(person=ana)
    explain(row, reason=AbsenceReason.LEAVE, by=cleo, at=NOON)
    said.append(next_label(cleo, course))
    client_of(cleo).post(address(course, "close/"))
    said.append(next_label(cleo, course))

    assert said == [
        "安排第一个场次", "开放培训班", None, "今天场次的签到", "查看缺训名单", "办结培训班", None,
    ]  # fmt: skip
    assert Session.objects.get(pk=session.pk).state == SessionState.HELD


def test_opening_says_to_how_many_people_and_enrols_them(
    county: Division, ana: User, dan: User, cleo: User, clock: Clock
) -> None:
    course = CourseFactory.create(division=county, state=CourseState.DRAFT)
    SessionFactory.create(course=course, starts_at=NOON + timedelta(days=1))
    client = client_of(cleo)

    said = client.get(address(course, "open/")).context["explanation"][0]
    client.post(address(course, "open/"))

    assert said == "2 人列入参训名单，立即可见。已安排 1 个场次。"
    assert set(course.enrolments.values_list("person", flat=True)) == {ana.pk, dan.pk}


def test_looking_at_a_course_brings_newcomers_in(training: Class, ana: User, cleo: User) -> None:
    newcomer = PostingFactory.create(team=ana.postings.get().team).person

    client_of(cleo).get(address(training.course))

    assert training.course.enrolments.filter(person=newcomer).exists()


def test_a_course_does_not_close_while_a_name_is_unexplained(training: Class, cleo: User, clock: Clock) -> None:
    clock.forward(days=8)
    client = client_of(cleo)

    page = client.get(address(training.course, "close/"))
    client.post(address(training.course, "close/"))

    assert [each.enrolment.person.name for each in page.context["unexplained"]] == ["安娜", "丹恩"]
    assert not page.context["can_close"]
    assert Course.objects.get(pk=training.course.pk).state == CourseState.OPEN


def test_a_course_closes_when_every_name_is_explained(training: Class, cleo: User, clock: Clock) -> None:
    for row in training.course.enrolments.all():
        explain(row, reason=AbsenceReason.DUTY, by=cleo, at=NOON)
    clock.forward(days=8)

    client_of(cleo).post(address(training.course, "close/"))

    assert Course.objects.get(pk=training.course.pk).state == CourseState.CLOSED
    assert set(training.course.enrolments.values_list("outcome", flat=True)) == {Outcome.EXPLAINED}


def test_a_course_is_called_off_with_a_reason(training: Class, cleo: User) -> None:
    client = client_of(cleo)

    without = client.post(address(training.course, "cancel/"), {"reason": " "})
    client.post(address(training.course, "cancel/"), {"reason": "防汛应急响应"})

    assert list(without.context["form"].errors) == ["reason"]
    assert Course.objects.get(pk=training.course.pk).state == CourseState.CANCELLED
    assert Session.objects.get(pk=training.field.pk).cancel_reason == "防汛应急响应"


def test_the_cohort_is_invited_to_the_follow_up_test(training: Class, ana: User, dan: User, cleo: User) -> None:
    exam = ExamFactory.create(division=training.course.division, created_by=cleo)
    Course.objects.filter(pk=training.course.pk).update(exam=exam)
    client = client_of(cleo)

    offered = client.get(address(training.course)).context["may_invite"]
    client.post(address(training.course, "invite/"))

    exam.refresh_from_db()
    assert offered
    assert exam.audience == Audience.CHOSEN
    assert set(exam.audience_people.all()) == {ana, dan}


def test_outside_its_divisions_there_is_no_course(training: Class) -> None:
    elsewhere = Division.objects.create(code="530998000000", name="云岭县")
    office = give_role(UserFactory.create(), Role.ADMINISTRATOR, elsewhere)

    answers = [client_of(office).get(address(training.course, page)).status_code for page in ("", "gaps/", "open/")]

    assert answers == [404, 404, 404]


def test_a_township_looks_at_a_course_of_the_county_and_changes_nothing(
    training: Class, other_township: Division
) -> None:
    office = give_role(UserFactory.create(), Role.ADMINISTRATOR, other_township)
    client = client_of(office)

    page = client.get(address(training.course))
    answers = [
        client.post(address(training.course, each)).status_code
        for each in ("open/", "close/", "cancel/", "sessions/new/")
    ]

    assert (page.context["figures"].people, page.context["may_manage"]) == (1, False)
    assert answers == [404, 404, 404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_many(
    training: Class, ana: User, cleo: User, count: int, django_assert_num_queries: Any
) -> None:
    team = ana.postings.get().team
    for _number in range(count):
        PostingFactory.create(team=team)
        SessionFactory.create(course=training.course, starts_at=NOON + timedelta(days=8))
    client = client_of(cleo)
    client.get(address(training.course))

    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        client.get(address(training.course))


QUERIES_OF_THE_PAGE = 24


# -- the tables beside it ---------------------------------------------------------------------


def test_the_usual_kinds_are_set_up_in_one_step(county: Division, cleo: User) -> None:
    client = client_of(cleo)

    client.post("/admin/courses/kinds/usual/", {"division": county.pk})
    client.post("/admin/courses/kinds/usual/", {"division": county.pk})

    assert len(client.get("/admin/courses/kinds/").context["table"].data) == 6


def test_a_lecturer_is_added_with_an_account(county: Division, cleo: User, ben: User) -> None:
    client_of(cleo).post(
        "/admin/courses/lecturers/new/",
        {"division": county.pk, "name": "本恩", "organisation": "县委党校", "person": "LX9001", "is_active": "on"},
    )

    assert Lecturer.objects.values_list("name", "organisation", "person").get() == ("本恩", "县委党校", ben.pk)


def test_nobody_of_another_county_is_found_by_name(county: Division, ben: User) -> None:
    UserFactory.create(name="外县人", code="YL0001")

    response = client_of(ben).post(
        "/admin/courses/lecturers/new/",
        {"division": county.pk, "name": "外县人", "organisation": "", "person": "外县人", "is_active": "on"},
    )

    assert list(response.context["form"].errors) == ["person"]
