from datetime import date

import pytest

from exams.domain.audience import eligible
from exams.domain.refusals import AudienceOutsideDivision
from exams.enums import Audience
from members.domain.serving import Serving
from members.enums import PostingRole, StaffCategory
from members.models import Division, User
from tests.factories.exams import NOON, ExamFactory
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def codes(exam, at=NOON) -> list[str]:
    return [sitter.code for sitter in eligible(exam, at=at)]


def test_everybody_means_whoever_serves_in_the_division_that_day(ana: User, dan: User) -> None:
    team = ana.postings.get().team
    left = PostingFactory(team=team, ends_on=date(2026, 6, 14)).person
    coming = PostingFactory(team=team, starts_on=date(2026, 6, 16)).person
    closed = PostingFactory(team=team, person=UserFactory(is_active=False)).person
    UserFactory(code="LX0500")

    exam = ExamFactory.create()

    assert codes(exam) == ["LX0001", "LX0002"]
    assert not {left.code, coming.code, closed.code} & set(codes(exam))


def test_a_sitter_carries_the_post_of_that_day(ana: User) -> None:
    team = ana.postings.get().team

    assert eligible(ExamFactory.create(), at=NOON) == [
        Serving(ana.pk, "LX0001", team.pk, "530999101201", PostingRole.MEMBER, StaffCategory.CIVIL_SERVANT)
    ]
    assert eligible(ExamFactory.create(), at=NOON)[0].township_code == "530999101000"


def test_an_audience_may_be_a_part_of_the_division(ana: User, dan: User, township: Division) -> None:
    assert codes(ExamFactory.create(audience_division=township)) == ["LX0001"]


def test_an_exam_of_a_township_reaches_nobody_of_another(ana: User, dan: User, other_township: Division) -> None:
    assert codes(ExamFactory.create(division=other_township)) == ["LX0002"]


def test_an_audience_outside_the_division_is_refused(
    ana: User, township: Division, other_township: Division, county: Division
) -> None:
    for beyond in (other_township, county):
        with pytest.raises(AudienceOutsideDivision):
            eligible(ExamFactory.create(division=township, audience_division=beyond), at=NOON)


def test_chosen_people_outside_the_division_are_not_examined(ana: User, dan: User, township: Division) -> None:
    assert codes(ExamFactory.create(division=township, people=[ana, dan])) == ["LX0001"]


def test_a_role_and_teams_narrow_the_audience(ana: User, dan: User) -> None:
    dan.postings.update(role=PostingRole.FIRST_SECRETARY)
    by_role = ExamFactory.create(audience=Audience.ROLE, audience_role=PostingRole.FIRST_SECRETARY)
    by_team = ExamFactory.create(audience=Audience.TEAMS)
    by_team.audience_teams.set([ana.postings.get().team])

    assert codes(by_role) == ["LX0002"]
    assert codes(by_team) == ["LX0001"]


def test_a_role_left_behind_by_another_audience_narrows_nothing(ana: User, dan: User) -> None:
    exam = ExamFactory.create(audience=Audience.EVERYBODY, audience_role=PostingRole.FIRST_SECRETARY)

    assert codes(exam) == ["LX0001", "LX0002"]


def test_whoever_changes_teams_that_day_sits_once_with_the_later_post(ana: User) -> None:
    ana.postings.update(ends_on=date(2026, 6, 15))
    later = PostingFactory(
        person=ana, team=TeamFactory(division=DivisionFactory(code="530999101202")), starts_on=date(2026, 6, 15)
    )

    sitters = eligible(ExamFactory.create(), at=NOON)

    assert [(sitter.code, sitter.team_id) for sitter in sitters] == [("LX0001", later.team_id)]


def test_the_day_is_the_local_one(ana: User) -> None:
    ana.postings.update(ends_on=date(2026, 6, 15))

    assert codes(ExamFactory.create(), at=NOON.replace(hour=23, minute=59)) == ["LX0001"]
    assert codes(ExamFactory.create(), at=NOON.replace(day=16, hour=0, minute=1)) == []
