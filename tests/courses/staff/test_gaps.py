"""The gap list, reasons and exemptions."""

from typing import Any

import pytest
from django.contrib.messages import get_messages

from courses.enums import AbsenceReason
from courses.models import Course, Enrolment, Exemption
from members.enums import RequestState, Role
from members.models import Division, User
from tests.conftest import NOON, Clock
from tests.courses.staff.conftest import Class, client_of
from tests.factories.courses import AttendanceFactory, CourseFactory, EnrolmentFactory, SessionFactory
from tests.factories.members import PostingFactory, UserFactory, give_role

pytestmark = pytest.mark.django_db


def address(course: Course, page: str = "gaps/") -> str:
    return f"/admin/courses/{course.uuid}/{page}"


def named(response: Any) -> list[tuple[str, list[str]]]:
    """Townships with the names under each."""
    return [
        (township.name, [row.progress.enrolment.person.name for row in township.rows])
        for township in response.context["townships"]
    ]


@pytest.fixture
def office(other_township: Division) -> User:
    """Administers 柳河镇."""
    return give_role(UserFactory.create(), Role.ADMINISTRATOR, other_township)


def row_of(person: User) -> Enrolment:
    return Enrolment.objects.get(person=person)


def test_the_gap_list_names_people_by_township_with_what_they_lack(training: Class, cleo: User) -> None:
    response = client_of(cleo).get(address(training.course))

    assert named(response) == [("青石镇", ["安娜"]), ("柳河镇", ["丹恩"])]
    page = response.content.decode()
    assert "公文写作：缺席·尚未安排补训" in page
    assert "现场观摩：待举行·2026-06-22 12:00" in page


def test_whoever_only_waits_for_a_session_to_come_is_not_missing(training: Class, ana: User, cleo: User) -> None:
    training.pen.attendances.filter(person=ana).delete()
    AttendanceFactory.create(session=training.pen, person=ana)

    response = client_of(cleo).get(address(training.course))

    assert named(response) == [("柳河镇", ["丹恩"])]


def test_what_is_still_to_come_needs_no_reason_yet(training: Class, ana: User, dan: User, cleo: User) -> None:
    """Ana was ill at what was held; the session of 22 June is to come for both."""
    training.pen.attendances.filter(person=ana).update(reason=AbsenceReason.ILLNESS)

    page = client_of(cleo).get(address(training.course))
    unexplained = client_of(cleo).get(address(training.course) + "?only=unexplained")

    assert (page.context["count"], page.context["unexplained"]) == (2, 1)
    assert [row.progress.lacks_reason for place in page.context["townships"] for row in place.rows] == [False, True]
    assert named(unexplained) == [("柳河镇", ["丹恩"])]


def test_once_all_is_over_every_session_needs_one(training: Class, ana: User, cleo: User) -> None:
    training.pen.attendances.filter(person=ana).update(reason=AbsenceReason.ILLNESS)
    training.course.sessions.filter(state="planned").update(state="held")

    page = client_of(cleo).get(address(training.course))

    assert page.context["unexplained"] == 2


def test_a_make_up_is_named_where_one_is_planned(training: Class, cleo: User) -> None:
    SessionFactory.create(course=training.course, repeat_of=training.pen, starts_at=NOON.replace(day=24))

    page = client_of(cleo).get(address(training.course)).content.decode()

    assert "公文写作：缺席·补训 2026-06-24 12:00" in page


def test_the_gap_list_is_filtered_by_township_team_and_reason(
    training: Class, ana: User, cleo: User, township: Division
) -> None:
    row = row_of(ana)
    Enrolment.objects.filter(pk=row.pk).update(reason=AbsenceReason.LEAVE, explained_by=cleo)
    client = client_of(cleo)

    found = {
        query: named(client.get(address(training.course) + query))
        for query in (
            f"?township={township.code}",
            f"?township={township.code}&team={row.team_id}",
            "?only=unexplained",
        )
    }

    assert list(found.values()) == [[("青石镇", ["安娜"])], [("青石镇", ["安娜"])], [("柳河镇", ["丹恩"])]]


def test_a_township_sees_its_own_people_only(training: Class, office: User) -> None:
    response = client_of(office).get(address(training.course))

    assert named(response) == [("柳河镇", ["丹恩"])]
    assert "安娜" not in response.content.decode()


def test_reasons_are_entered_for_several_at_once(training: Class, ana: User, dan: User, cleo: User) -> None:
    people = [row_of(ana).pk, row_of(dan).pk]

    response = client_of(cleo).post(
        address(training.course, "gaps/explain/"),
        {"people": people, "reason": "duty", "note": "防汛值守", "only": "unexplained"},
    )

    assert response.headers["Location"] == address(training.course) + "?only=unexplained"
    reasons = Enrolment.objects.values_list("reason", "reason_note", "explained_by")
    assert list(reasons) == [("duty", "防汛值守", cleo.pk)] * 2


def test_a_reason_is_taken_back(training: Class, ana: User, cleo: User) -> None:
    Enrolment.objects.filter(person=ana).update(reason=AbsenceReason.LEAVE, explained_by=cleo)

    client_of(cleo).post(address(training.course, "gaps/explain/"), {"people": [row_of(ana).pk], "reason": ""})

    assert row_of(ana).reason == ""


def test_a_township_explains_its_own_people_and_nobody_else(
    training: Class, ana: User, dan: User, office: User
) -> None:
    client = client_of(office)
    people = [row_of(ana).pk, row_of(dan).pk]

    client.post(address(training.course, "gaps/explain/"), {"people": people, "reason": "duty"})
    with_a_stranger = (row_of(ana).reason, row_of(dan).reason)
    client.post(address(training.course, "gaps/explain/"), {"people": people[1:], "reason": "illness"})

    assert with_a_stranger == ("", "")
    assert (row_of(ana).reason, row_of(dan).reason) == ("", "illness")


def test_marking_nobody_is_said(training: Class, cleo: User) -> None:
    response = client_of(cleo).post(address(training.course, "gaps/explain/"), {"reason": "duty"})

    assert [str(message) for message in get_messages(response.wsgi_request)] == ["请至少勾选一人。"]


def test_an_inspector_reads_the_list_and_enters_nothing(training: Class, dan: User, county: Division) -> None:
    inspector = give_role(UserFactory.create(), Role.INSPECTOR, county)
    client = client_of(inspector)

    page = client.get(address(training.course))
    client.post(address(training.course, "gaps/explain/"), {"people": [row_of(dan).pk], "reason": "duty"})

    assert (page.context["count"], page.context["may_explain"]) == (2, False)
    assert row_of(dan).reason == ""


def test_a_long_list_comes_in_pages(training: Class, ana: User, cleo: User) -> None:
    team = ana.postings.get().team
    for _number in range(55):
        EnrolmentFactory.create(course=training.course, person=PostingFactory.create(team=team).person)

    response = client_of(cleo).get(address(training.course) + "?p=2")

    assert (response.context["count"], response.context["page"].paginator.num_pages) == (57, 2)
    assert sum(len(people) for _name, people in named(response)) == 7


@pytest.mark.parametrize("count", [1, 3])
def test_the_gap_list_asks_as_often_for_many(
    training: Class, ana: User, cleo: User, count: int, django_assert_num_queries: Any
) -> None:
    team = ana.postings.get().team
    for _number in range(count):
        EnrolmentFactory.create(course=training.course, person=PostingFactory.create(team=team).person)
    client = client_of(cleo)
    client.get(address(training.course))

    with django_assert_num_queries(QUERIES):
        client.get(address(training.course))


QUERIES = 22


# -- exemptions ------------------------------------------------------------------------------


def asked(course: Course, person: User, by: User) -> Exemption:
    client_of(by).post(address(course, "exempt/"), {"person": person.code, "reason": "长期病假"})
    return Exemption.objects.get()


def decide(exemption: Exemption, by: User, name: str = "approve") -> Any:
    return client_of(by).post(address(exemption.course, f"exemptions/{exemption.pk}/{name}/"))


def test_an_exemption_is_decided_by_a_second_person(training: Class, dan: User, ben: User, cleo: User) -> None:
    exemption = asked(training.course, dan, by=ben)

    decide(exemption, by=cleo)

    exemption.refresh_from_db()
    assert (exemption.state, exemption.asked_by, exemption.decided_by) == (RequestState.APPROVED, ben, cleo)
    assert named(client_of(cleo).get(address(training.course))) == [("青石镇", ["安娜"])]


def test_nobody_decides_what_they_asked_for(training: Class, dan: User, cleo: User) -> None:
    exemption = asked(training.course, dan, by=cleo)

    decide(exemption, by=cleo)

    exemption.refresh_from_db()
    assert exemption.state == RequestState.WAITING


@pytest.mark.parametrize("name", ["approve", "decline"])
def test_trainers_and_townships_decide_no_exemption(
    training: Class, dan: User, cleo: User, ben: User, office: User, name: str
) -> None:
    exemption = asked(training.course, dan, by=cleo)

    answers = [decide(exemption, by=person, name=name).status_code for person in (ben, office)]

    exemption.refresh_from_db()
    assert (answers, exemption.state) == ([404, 404], RequestState.WAITING)


def test_a_township_asks_for_its_own_people_only(training: Class, ana: User, dan: User, office: User) -> None:
    client = client_of(office)

    foreign = client.post(address(training.course, "exempt/"), {"person": ana.code, "reason": "长期病假"})
    client.post(address(training.course, "exempt/"), {"person": dan.code, "reason": "长期病假"})

    assert list(foreign.context["form"].errors) == ["person"]
    assert Exemption.objects.get().person == dan


# -- the cohort ------------------------------------------------------------------------------


def cohort(response: Any) -> list[str]:
    return [row.person.name for row in response.context["object_list"]]


def test_the_cohort_is_listed_and_filtered(training: Class, cleo: User, office: User, township: Division) -> None:
    client = client_of(cleo)

    everybody = cohort(client.get(address(training.course, "cohort/")))
    one_township = cohort(client.get(address(training.course, "cohort/"), {"township": township.code}))
    by_name = cohort(client.get(address(training.course, "cohort/"), {"q": "丹"}))
    of_the_township = cohort(client_of(office).get(address(training.course, "cohort/")))

    assert (everybody, one_township, by_name, of_the_township) == (["安娜", "丹恩"], ["安娜"], ["丹恩"], ["丹恩"])


def test_somebody_is_added_by_hand(county: Division, ana: User, dan: User, cleo: User, clock: Clock) -> None:
    course = CourseFactory.create(division=county, posted_since=NOON.date())
    SessionFactory.create(course=course, starts_at=NOON.replace(day=24))

    client_of(cleo).post(address(course, "cohort/add/"), {"person": "安娜"})

    row = Enrolment.objects.get()
    assert (row.person, row.origin) == (ana, "hand")


@pytest.mark.parametrize("count", [1, 3])
def test_the_cohort_asks_as_often_for_many(
    training: Class, ana: User, cleo: User, count: int, django_assert_num_queries: Any
) -> None:
    team = ana.postings.get().team
    for _number in range(count):
        EnrolmentFactory.create(course=training.course, person=PostingFactory.create(team=team).person)
    client = client_of(cleo)
    client.get(address(training.course, "cohort/results/"))

    with django_assert_num_queries(QUERIES_OF_THE_COHORT):
        client.get(address(training.course, "cohort/results/"))


QUERIES_OF_THE_COHORT = 14
