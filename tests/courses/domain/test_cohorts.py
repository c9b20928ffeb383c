"""Who belongs to a course, and how that follows the roster."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from common.refusals import AlreadyAsked, NotAllowed
from courses.domain.cohorts import Followed, add_person, eligible, explain, follow_roster
from courses.domain.refusals import NotServing
from courses.enums import AbsenceReason, CourseState, Origin
from courses.models import Course
from members.enums import PostingRole, StaffCategory
from members.models import Division, User
from tests.conftest import NOON
from tests.factories.courses import CourseFactory, EnrolmentFactory
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def course(county: Division) -> Course:
    return CourseFactory(division=county)


def post(name: str, village: str, *, since: date = date(2026, 1, 1), role: str = PostingRole.MEMBER) -> User:
    team = TeamFactory(division=DivisionFactory(code=village))
    return PostingFactory(person=UserFactory(name=name), team=team, starts_on=since, role=role).person


def names_of(course: Course) -> list[str]:
    rows = course.enrolments.active(on=TODAY).order_by("person__name")
    return list(rows.values_list("person__name", flat=True))


def test_rule_names_everybody_who_serves_in_the_division(course: Course, ana: User, dan: User) -> None:
    post("elsewhere", "530888101201")

    named = {serving.person_id for serving in eligible(course, on=TODAY)}

    assert named == {ana.pk, dan.pk}


def test_rule_can_be_narrowed_to_a_township_and_a_role(
    course: Course, township: Division, ana: User, dan: User
) -> None:
    secretary = post("secretary", "530999101202", role=PostingRole.FIRST_SECRETARY)
    course.audience_division, course.audience_role = township, PostingRole.FIRST_SECRETARY

    named = [serving.person_id for serving in eligible(course, on=TODAY)]

    assert named == [secretary.pk]


def test_newly_posted_are_those_who_came_since_not_who_changed_teams(course: Course, ana: User) -> None:
    newcomer = post("newcomer", "530999101202", since=date(2026, 6, 1))
    moved = post("moved", "530999101203")
    moved.postings.update(ends_on=date(2026, 5, 31))
    PostingFactory(person=moved, team=TeamFactory(), starts_on=date(2026, 6, 1))
    course.posted_since = date(2026, 6, 1)

    named = [serving.person_id for serving in eligible(course, on=TODAY)]

    assert named == [newcomer.pk]


def test_who_has_not_completed_another_course_is_named(course: Course, ana: User, dan: User) -> None:
    before = CourseFactory(division=course.division, state=CourseState.OPEN)
    EnrolmentFactory(course=before, person=ana)
    EnrolmentFactory(course=before, person=dan, completed_at=NOON)
    course.missed_course = before

    named = [serving.person_id for serving in eligible(course, on=TODAY)]

    assert named == [ana.pk]


def test_following_brings_newcomers_in_and_lets_go_who_left(course: Course, ana: User, dan: User) -> None:
    first = follow_roster(course, at=NOON)
    dan.postings.update(ends_on=TODAY - timedelta(days=1))
    post("newcomer", "530999101202", since=TODAY)

    second = follow_roster(course, at=NOON)

    assert first == Followed(joined=2)
    assert second == Followed(joined=1, left=1)
    assert names_of(course) == sorted([ana.name, "newcomer"])


def test_following_twice_changes_nothing(course: Course, ana: User) -> None:
    follow_roster(course, at=NOON)

    again = follow_roster(course, at=NOON)

    assert again == Followed()


@pytest.mark.parametrize(
    ("change", "followed"),
    [
        (lambda ana: ana.postings.update(role=PostingRole.FIRST_SECRETARY), Followed(moved=1)),
        (lambda ana: ana.postings.update(staff_category=StaffCategory.ENTERPRISE), Followed(moved=1)),
        (lambda ana: ana.postings.update(team=TeamFactory()), Followed(moved=1)),
        (lambda ana: ana.postings.update(starts_on=TODAY + timedelta(days=1)), Followed(left=1)),
        (lambda ana: User.objects.filter(pk=ana.pk).update(is_active=False), Followed(left=1)),
        (lambda ana: ana.enrolments.all().delete(), Followed(joined=1)),
    ],
)
@pytest.mark.parametrize("origin", Origin)
def test_no_change_of_the_roster_is_overlooked(
    course: Course, ana: User, change: Callable[[User], object], followed: Followed, origin: Origin
) -> None:
    follow_roster(course, at=NOON)
    course.enrolments.update(origin=origin)

    change(ana)

    assert follow_roster(course, at=NOON) == followed
    assert follow_roster(course, at=NOON) == Followed()


def test_looking_whether_anything_changed_costs_three_queries_and_no_lock(
    course: Course, ana: User, dan: User, django_assert_num_queries: Any
) -> None:
    follow_roster(course, at=NOON)

    with django_assert_num_queries(3) as queries:
        follow_roster(course, at=NOON)

    assert all(query["sql"].startswith("SELECT 1 ") for query in queries.captured_queries)


def test_who_comes_back_belongs_to_the_course_again(course: Course, ana: User) -> None:
    follow_roster(course, at=NOON)
    ana.postings.update(ends_on=TODAY - timedelta(days=1))
    follow_roster(course, at=NOON)
    ana.postings.update(ends_on=None)

    back = follow_roster(course, at=NOON + timedelta(days=1))

    assert back == Followed(joined=1)
    assert names_of(course) == [ana.name]


def test_changing_the_village_changes_where_somebody_is_looked_for(course: Course, ana: User) -> None:
    follow_roster(course, at=NOON)
    ana.postings.update(team=TeamFactory(division=DivisionFactory(code="530999102299")))

    moved = follow_roster(course, at=NOON)

    assert moved == Followed(moved=1)
    assert course.enrolments.get(person=ana).division_code == "530999102299"


def test_a_closed_course_follows_nobody(course: Course, ana: User) -> None:
    Course.objects.filter(pk=course.pk).update(state=CourseState.DRAFT)

    followed = follow_roster(course, at=NOON)

    assert followed == Followed()
    assert names_of(course) == []


def test_somebody_can_be_added_by_hand_and_stays(course: Course, township: Division, ben: User, dan: User) -> None:
    course.audience_division = township
    course.save()

    enrolment = add_person(course, dan, by=ben, at=NOON)
    follow_roster(course, at=NOON)

    assert enrolment.origin == Origin.HAND
    assert names_of(course) == [dan.name]


def test_only_who_serves_there_can_be_added_and_only_once(course: Course, ben: User, ana: User) -> None:
    stranger = UserFactory()
    add_person(course, ana, by=ben, at=NOON)

    with pytest.raises(NotServing):
        add_person(course, stranger, by=ben, at=NOON)
    with pytest.raises(AlreadyAsked):
        add_person(course, ana, by=ben, at=NOON)


def test_a_member_adds_nobody(course: Course, ana: User, dan: User) -> None:
    with pytest.raises(NotAllowed):
        add_person(course, dan, by=ana, at=NOON)


def test_nobody_explains_their_own_absence(course: Course, ben: User, cleo: User) -> None:
    PostingFactory(person=ben, team=TeamFactory(division=DivisionFactory(code="530999101204")))
    follow_roster(course, at=NOON)
    own = course.enrolments.get(person=ben)

    with pytest.raises(NotAllowed):
        explain(own, reason=AbsenceReason.ILLNESS, by=ben, at=NOON)
    explain(own, reason=AbsenceReason.ILLNESS, note="住院", by=cleo, at=NOON)

    own.refresh_from_db()
    assert (own.reason, own.reason_note, own.explained_by) == (AbsenceReason.ILLNESS, "住院", cleo)
