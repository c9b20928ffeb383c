"""The demonstration county has the size of a real one, the same people every time, and five accounts."""

from collections import Counter
from datetime import timedelta

import pytest

from common.clock import now
from members.domain.demo_county import DEMO_PASSWORD, demo_accounts, load_demo_county
from members.enums import PostingRole, Role, StaffCategory
from members.models import Division, Posting, RoleAssignment, Team, User
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def counts():
    return {
        "townships": Division.objects.townships().count(),
        "divisions": Division.objects.count(),
        "teams": Team.objects.count(),
        "postings": Posting.objects.serving(on=NOON.date()).count(),
        "people": User.objects.count(),
        "roles": RoleAssignment.objects.count(),
    }


def test_the_county_has_16_townships_114_teams_and_312_members():
    load_demo_county(at=NOON)

    assert counts() == {
        "townships": 16,
        "divisions": 1 + 16 + 114,
        "teams": 114,
        "postings": 312,
        "people": 312 + 3,
        "roles": 312 + 3,
    }
    sizes = Counter(Posting.objects.values_list("team", flat=True))
    secretaries = Posting.objects.filter(role=PostingRole.FIRST_SECRETARY)
    assert set(sizes.values()) == {2, 3}
    assert secretaries.count() == secretaries.values("team").distinct().count() == 114
    assert set(Posting.objects.values_list("staff_category", flat=True)) == set(StaffCategory.values)
    assert Division.objects.get(code="530999101201").name == "柳湾村"


def test_loading_again_adds_nothing_and_undoes_nothing():
    load_demo_county(at=NOON)
    before = counts()
    person = User.objects.get(code="LX0100")
    Posting.objects.filter(person=person).update(ends_on=NOON.date() - timedelta(days=1))
    User.objects.filter(username="member").update(name="改了名")

    load_demo_county(at=NOON + timedelta(days=1))

    assert counts() == {**before, "postings": 311}
    assert User.objects.get(username="member").name == "改了名"


def test_the_people_are_the_same_every_time():
    load_demo_county(at=NOON)
    first = list(User.objects.order_by("code").values_list("code", "name"))
    RoleAssignment.objects.all().delete()
    Posting.objects.all().delete()
    User.objects.all().delete()

    load_demo_county(at=NOON)

    assert list(User.objects.order_by("code").values_list("code", "name")) == first
    names = [name for _code, name in first]
    assert len(set(names)) == len(names)


def test_names_with_rare_characters_are_among_them():
    load_demo_county(at=NOON)

    missing = [sign for sign in "喆堃镕𬭎" if not User.objects.filter(name__contains=sign).exists()]

    assert missing == []


def test_six_accounts_share_the_published_password_and_nobody_else_can_sign_in():
    admin = load_demo_county(at=NOON)

    accounts = demo_accounts()

    assert [(account.username, account.place, account.role) for account in accounts] == [
        ("member", "青石镇柳湾村工作队", Role.MEMBER),
        ("member2", "青石镇柳湾村工作队", Role.MEMBER),
        ("outsider", "柳河镇河口村工作队", Role.MEMBER),
        ("trainer", "岚溪县", Role.TRAINER),
        ("admin", "岚溪县", Role.ADMINISTRATOR),
        ("admin2", "岚溪县", Role.ADMINISTRATOR),
    ]
    opened = [person for person in User.objects.all() if person.check_password(DEMO_PASSWORD)]
    usable = [person for person in User.objects.all() if person.has_usable_password()]
    assert {person.username for person in opened} == {account.username for account in accounts}
    assert opened == usable
    assert User.objects.get(username="member").name == "周明远"
    assert (admin.username, admin.is_superuser, admin.scope(Role.ADMINISTRATOR)) == ("admin", False, ["530999"])


def test_everybody_passes_the_checks_of_the_product():
    load_demo_county(at=NOON)

    for person in User.objects.all():
        person.clean_fields()
    for division in Division.objects.all():
        division.clean_fields()


def test_staff_of_an_old_demonstration_need_no_new_password(settings):
    load_demo_county(at=now() - timedelta(days=settings.STAFF_PASSWORD_DAYS + 1))

    admin = load_demo_county(at=now())

    assert not admin.password_is_too_old(at=now())


def test_loading_takes_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(120):
        load_demo_county(at=NOON)
