"""The audit log."""

import pytest
from django.test import Client

from common.clock import now
from members.domain.access import deactivate
from members.enums import Role
from members.models import Division, User
from tests.factories.members import UserFactory, give_role

LOG = "/admin/reports/site-history/"


@pytest.mark.parametrize("address", [LOG, f"{LOG}results/", f"{LOG}?export=csv"])
def test_auditor_reads_who_did_what(as_, aude: User, cleo: User, ana: User, address: str) -> None:
    deactivate(ana, by=cleo, at=now())

    response = as_(aude).get(address)

    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200
    assert "安娜" in content.decode()


def test_auditor_of_a_township_reads_what_its_own_people_did(
    as_, cleo: User, mayor: User, ana: User, dan: User, township: Division
) -> None:
    deactivate(ana, by=mayor, at=now())
    deactivate(dan, by=cleo, at=now())
    auditor = give_role(UserFactory(name="镇审"), Role.AUDITOR, township)

    page = as_(auditor).get(f"{LOG}results/").content.decode()

    assert ("安娜" in page, "丹恩" in page) == (True, False)


@pytest.mark.parametrize("who", ["anonymous", "ana", "ben", "ines", "cleo"])
@pytest.mark.parametrize("address", [LOG, f"{LOG}results/"])
def test_nobody_else_reads_it(request: pytest.FixtureRequest, as_, dan: User, who: str, address: str) -> None:
    browser = Client() if who == "anonymous" else as_(request.getfixturevalue(who))

    response = browser.get(address)

    assert response.status_code in (302, 403)
    assert "丹恩" not in response.content.decode()


def test_only_auditors_find_it_in_the_menu(as_, aude: User, cleo: User) -> None:
    assert LOG in as_(aude).get("/admin/").content.decode()
    assert LOG not in as_(cleo).get("/admin/").content.decode()
