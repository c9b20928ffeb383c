"""People in the staff interface."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from members.enums import Role
from members.models import Division, Posting, RoleAssignment, User
from tests.factories.members import PASSWORD, PostingFactory, TeamFactory, UserFactory, give_role

LIST = "/admin/people/"


def _page(client: Client, address: str, **query: object) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


# -- the list ---------------------------------------------------------------------------------


def test_list_shows_team_roles_and_masked_phones(as_, cleo: User, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(phone="13812341234")

    page = _page(as_(cleo), LIST)

    for text in ("安娜", "LX0001", "柳湾村工作队", "138****1234", "青石镇"):
        assert text in page
    assert "13812341234" not in page


def test_list_ends_at_the_border_of_the_division(as_, mayor: User, ana: User, dan: User, cleo: User) -> None:
    page = _page(as_(mayor), LIST)

    assert ("安娜" in page, "丹恩" in page, "可丽" in page) == (True, False, False)


def test_list_searches_and_filters(as_, cleo: User, ana: User, dan: User, township: Division) -> None:
    browser = as_(cleo)

    assert ("安娜" in _page(browser, LIST, q="LX0002"), "丹恩" in _page(browser, LIST, q="LX0002")) == (False, True)
    by_place = _page(browser, LIST, township=township.pk)
    assert (">安娜" in by_place.replace("\n", "").replace(" ", ""), "丹恩" in by_place) == (True, False)
    by_role = _page(browser, LIST, role=Role.ADMINISTRATOR)
    assert ("LX9002" in by_role, "LX0001" in by_role) == (True, False)


@pytest.mark.parametrize("address", ["people", "teams", "postings", "sending-units", "divisions", "rosters"])
def test_lists_cost_the_same_for_one_and_three_rows(
    as_, cleo: User, ana: User, township: Division, address: str, django_assert_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.members.rosters import row, uploaded

    browser = as_(cleo)
    uploaded([row("LX1")], by=cleo, division=township)
    browser.get(f"/admin/{address}/")
    with CaptureQueriesContext(connection) as one:
        assert browser.get(f"/admin/{address}/").status_code == 200
    for _number in range(2):
        posting = PostingFactory(
            team__sending_unit__name=f"单位{_number}", team__division=ana.postings.get().team.division
        )
        give_role(posting.person, Role.MEMBER, township)
        uploaded([row("LX1")], by=cleo, division=township)

    with django_assert_num_queries(len(one)):
        page = browser.get(f"/admin/{address}/")

    assert page.status_code == 200


# -- one person -------------------------------------------------------------------------------


def test_page_of_a_person_shows_postings_roles_and_what_may_be_done(as_, cleo: User, ana: User) -> None:
    page = _page(as_(cleo), f"/admin/people/inspect/{ana.pk}/")

    for text in ("安娜", "柳湾村工作队", "县农业农村局", reverse("people:reset_password", args=[ana.pk])):
        assert text in page


def test_who_only_looks_is_offered_nothing(as_, aude: User, ines: User, ana: User) -> None:
    for person in (aude, ines):
        page = _page(as_(person), f"/admin/people/inspect/{ana.pk}/")

        assert "安娜" in page
        assert not any(word in page for word in ("reset-password", "deactivate", "/people/grant/", "/people/revoke/"))


def test_person_is_added_with_a_role_and_without_a_way_in(as_, mayor: User, township: Division) -> None:
    response = as_(mayor).post(
        "/admin/people/new/", {"name": "新来的", "code": "LX0100", "phone": "13800000001", "division": township.pk}
    )

    person = User.objects.get(code="LX0100")
    assert response["Location"] == f"/admin/people/inspect/{person.pk}/"
    assert (person.username, person.must_change_password, person.has_usable_password()) == ("LX0100", True, False)
    assert [(held.role, held.division) for held in person.roles_held] == [(Role.MEMBER, township)]


def test_person_cannot_be_added_elsewhere_or_under_anothers_name(
    as_, mayor: User, ana: User, township: Division, other_township: Division
) -> None:
    browser = as_(mayor)
    User.objects.filter(pk=ana.pk).update(phone="13800000001")
    typed = {"name": "新来的", "code": "LX0100", "phone": "", "division": township.pk}

    for wrong in ({"division": other_township.pk}, {"code": "ana"}, {"phone": "13800000001"}, {"phone": "123"}):
        response = browser.post("/admin/people/new/", {**typed, **wrong})
        assert response.status_code == 200

    assert not User.objects.filter(name="新来的").exists()


def test_particulars_are_corrected(as_, mayor: User, ana: User) -> None:
    as_(mayor).post(f"/admin/people/edit/{ana.pk}/", {"name": "安娜娜", "code": "LX0001", "phone": "13800000001"})

    ana.refresh_from_db()
    assert (ana.name, ana.phone, ana.username) == ("安娜娜", "13800000001", "ana")


def test_reset_password_is_shown_once_and_works(as_, mayor: User, ana: User) -> None:
    browser = as_(mayor)
    address = f"/admin/people/reset-password/{ana.pk}/"

    asked = _page(browser, address)
    response = browser.post(address)

    ana.refresh_from_db()
    password = response.context["password"]
    assert (ana.check_password(password), ana.must_change_password, password in asked) == (True, True, False)
    assert password in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_roles_are_granted_and_taken_away(as_, mayor: User, ana: User, township: Division) -> None:
    browser = as_(mayor)

    browser.post(f"/admin/people/grant/{ana.pk}/", {"role": Role.TRAINER, "division": township.pk})
    granted = RoleAssignment.objects.get(user=ana, role=Role.TRAINER)
    groups = set(ana.groups.values_list("name", flat=True))
    browser.post(f"/admin/people/revoke/{ana.pk}/{granted.pk}/")

    assert (granted.division, groups) == (township, {"role:member", "role:trainer"})
    assert [held.role for held in RoleAssignment.objects.filter(user=ana)] == [Role.MEMBER]
    assert set(ana.groups.values_list("name", flat=True)) == {"role:member"}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_roles_that_are_not_outranked_are_not_granted(
    as_, mayor: User, ana: User, township: Division, role: Role
) -> None:
    as_(mayor).post(f"/admin/people/grant/{ana.pk}/", {"role": role, "division": township.pk})

    assert [held.role for held in RoleAssignment.objects.filter(user=ana)] == [Role.MEMBER]


def test_roles_are_not_granted_elsewhere_or_to_oneself(
    as_, mayor: User, ana: User, township: Division, other_township: Division, county: Division
) -> None:
    browser = as_(mayor)
    for division in (other_township, county):
        browser.post(f"/admin/people/grant/{ana.pk}/", {"role": Role.TRAINER, "division": division.pk})
    browser.post(f"/admin/people/grant/{mayor.pk}/", {"role": Role.TRAINER, "division": township.pk})

    assert not RoleAssignment.objects.filter(role=Role.TRAINER).exists()


def test_account_is_closed_and_opened(as_, mayor: User, ana: User) -> None:
    browser = as_(mayor)

    browser.post(f"/admin/people/deactivate/{ana.pk}/")
    closed = User.objects.get(pk=ana.pk).is_active
    browser.post(f"/admin/people/reactivate/{ana.pk}/")

    assert (closed, User.objects.get(pk=ana.pk).is_active) == (False, True)


# -- who may not ------------------------------------------------------------------------------


def _changes(person: User, division: Division) -> list[tuple[str, dict[str, object]]]:
    held = person.role_assignments.get()
    return [
        ("/admin/people/new/", {"name": "x", "code": "LX0999", "phone": "", "division": division.pk}),
        (f"/admin/people/edit/{person.pk}/", {"name": "y", "code": person.code, "phone": ""}),
        (f"/admin/people/reset-password/{person.pk}/", {}),
        (f"/admin/people/deactivate/{person.pk}/", {}),
        (f"/admin/people/reactivate/{person.pk}/", {}),
        (f"/admin/people/grant/{person.pk}/", {"role": Role.TRAINER, "division": division.pk}),
        (f"/admin/people/revoke/{person.pk}/{held.pk}/", {}),
    ]


def _state() -> list[object]:
    return [
        list(User.objects.order_by("pk").values("name", "code", "password", "is_active")),
        list(RoleAssignment.objects.order_by("pk").values()),
    ]


@pytest.mark.parametrize("who", ["anonymous", "ana", "ben", "ines", "aude"])
def test_only_administrators_change_people(
    request: pytest.FixtureRequest, as_, dan: User, other_township: Division, who: str
) -> None:
    browser = Client() if who == "anonymous" else as_(request.getfixturevalue(who))
    before = _state()

    for address, typed in _changes(dan, other_township):
        assert browser.post(address, typed).status_code in (302, 403, 404), address

    assert _state() == before


def test_people_of_another_township_are_as_if_absent(as_, mayor: User, dan: User, other_township: Division) -> None:
    browser = as_(mayor)
    before = _state()

    for address, typed in _changes(dan, other_township)[1:]:
        assert browser.post(address, typed).status_code == 404, address
    assert browser.get(f"/admin/people/inspect/{dan.pk}/").status_code == 404
    assert browser.get(f"/admin/people/edit/{dan.pk}/").status_code == 404
    assert browser.get(f"/admin/people/history/{dan.pk}/").status_code == 404

    assert _state() == before


@pytest.mark.parametrize("who", ["cleo", "aude"])
def test_township_administrator_cannot_take_over_the_county_office(
    request: pytest.FixtureRequest, as_, mayor: User, township: Division, who: str
) -> None:
    superior = request.getfixturevalue(who)
    PostingFactory(person=superior, team=TeamFactory(division=township))
    browser = as_(mayor)

    seen = browser.get(f"/admin/people/inspect/{superior.pk}/")
    for address, typed in _changes(superior, township)[1:]:
        assert browser.post(address, typed).status_code == 404, address

    assert seen.status_code == 200
    assert User.objects.get(pk=superior.pk).check_password(PASSWORD)


def test_changes_need_the_csrf_token(as_, mayor: User, ana: User, township: Division) -> None:
    browser = as_(mayor, enforce_csrf_checks=True)

    for address, typed in _changes(ana, township):
        assert browser.post(address, typed).status_code == 403, address


def test_people_have_no_delete_page(as_, ana: User) -> None:
    root = UserFactory(is_superuser=True)

    assert as_(root).post(f"/admin/people/delete/{ana.pk}/").status_code == 404
    assert User.objects.filter(pk=ana.pk).exists()


# -- Wagtail's own user pages -----------------------------------------------------------------


def test_wagtails_user_pages_lead_to_ours(as_, cleo: User, ana: User) -> None:
    browser = as_(cleo)

    assert browser.get("/admin/users/")["Location"] == "/admin/people/"
    assert browser.get("/admin/users/new/")["Location"] == "/admin/people/"
    assert browser.get(f"/admin/users/edit/{ana.pk}/")["Location"] == f"/admin/people/inspect/{ana.pk}/"


@pytest.mark.parametrize("action", ["delete", "assign_role", "set_active_state"])
def test_wagtails_bulk_actions_change_nobody(as_, cleo: User, ana: User, action: str) -> None:
    before = _state()

    response = as_(cleo).post(f"/admin/bulk/members/user/{action}/?id={ana.pk}", {"mark_as_active": "False"})

    assert response.status_code in (200, 302, 403, 404)
    assert _state() == before
    assert set(ana.groups.values_list("name", flat=True)) == {"role:member"}


def test_menus_hide_wagtails_users_and_groups(as_, cleo: User) -> None:
    page = _page(as_(cleo), "/admin/")

    assert "/admin/people/" in page
    assert "/admin/users/" not in page
    assert "/admin/groups/" not in page
    assert as_(cleo).get("/admin/groups/").status_code == 302


def test_superuser_still_reaches_groups(as_, db: None) -> None:
    root = UserFactory(is_superuser=True)

    assert as_(root).get("/admin/groups/").status_code == 200


@pytest.mark.parametrize(
    ("who", "inside"), [("ben", True), ("ines", True), ("aude", True), ("cleo", True), ("ana", False)]
)
def test_staff_enter_the_staff_interface_and_members_do_not(
    request: pytest.FixtureRequest, as_, who: str, inside: bool
) -> None:
    response = as_(request.getfixturevalue(who)).get("/admin/")

    assert response.status_code == (200 if inside else 302)


def test_history_of_a_person_names_what_was_done(as_, cleo: User, ana: User) -> None:
    browser = as_(cleo)
    browser.post(f"/admin/people/deactivate/{ana.pk}/")

    page = _page(browser, f"/admin/people/history/{ana.pk}/")

    assert "可丽" in page
    assert Posting.objects.filter(person=ana).exists()


def test_whoever_is_shown_a_full_number_is_written_down(as_, cleo: User, ana: User, dan: User) -> None:
    User.objects.filter(pk=ana.pk).update(phone="13812341234")
    User.objects.filter(pk=cleo.pk).update(phone="13912341234")
    browser = as_(cleo)

    page = _page(browser, f"/admin/people/edit/{ana.pk}/")
    _page(browser, f"/admin/people/edit/{dan.pk}/")
    _page(browser, f"/admin/people/inspect/{ana.pk}/")

    assert "13812341234" in page
    entries = ModelLogEntry.objects.filter(action="members.view_phone").values_list("object_id", "user")
    assert list(entries) == [(str(ana.pk), cleo.pk)]
