"""The pages of the office: who gets where, what is asked for, followed, downloaded, cancelled."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from members.enums import Role
from members.models import Division, User
from performance.domain.reports import ask_report, run_report
from performance.enums import ReportKind, ReportState
from performance.models import Computation, Report
from tests.conftest import NOON, Clock
from tests.factories.members import UserFactory, give_role

pytestmark = pytest.mark.django_db

CAST = ("nobody", "ana", "stranger", "ben", "elsewhere", "inspector", "other", "cleo")


@pytest.fixture
def cast(
    ana: User, ben: User, cleo: User, stranger: User, inspector: User, other_township: Division, county: Division
) -> dict[str, User | None]:
    """Cleo asked for the file. ``elsewhere`` administers 柳河镇, ``other`` the same county as Cleo."""
    return {
        "nobody": None,
        "ana": ana,
        "stranger": stranger,
        "ben": ben,
        "elsewhere": give_role(UserFactory.create(), Role.ADMINISTRATOR, other_township),
        "inspector": inspector,
        "other": give_role(UserFactory.create(), Role.ADMINISTRATOR, county),
        "cleo": cleo,
    }


@pytest.fixture
def report(computation: Computation, county: Division, cleo: User, clock: Clock) -> Report:
    asked = ask_report(computation.quarter, ReportKind.CSV, division=county, reason="送组织部", by=cleo, at=NOON)
    return run_report(asked.pk, at=NOON)


def client_of(person: User | None, **options: Any) -> Client:
    client = Client(**options)
    if person:
        client.force_login(person)
    return client


def said(response: Any) -> str:
    if response.streaming:
        b"".join(response.streaming_content)
    if response.status_code == 302:
        where = response.headers["Location"]
        return "s" if "login" in where or "sign-in" in where else ">"
    return {200: ".", 403: "x", 404: "-", 405: "m"}[response.status_code]


# nobody, Ana (member), an administrator of another county, Ben (trainer), administrator of another township,
# inspector of the township, another administrator of the county, Cleo who asked for the file
# . the page   s sent to sign in   - not found   > done and sent on   m reached only by POST
TABLE = {
    "": "ss--....",
    "list/": "ss--....",
    "new/": "ss--....",
    "{report}/file/": "ss-----.",
    "{report}/cancel/": "ss-----m",
}
POSTED = {"new/": "ss--....", "{report}/cancel/": "ss----->", "": "ss--mmmm"}


@pytest.mark.parametrize("address", TABLE)
def test_who_gets_where(address: str, report: Report, cast: dict[str, User | None]) -> None:
    url = f"/admin/quarters/{report.computation.quarter.uuid}/reports/{address.format(report=report.uuid)}"

    assert "".join(said(client_of(cast[name]).get(url)) for name in CAST) == TABLE[address]


@pytest.mark.parametrize("address", POSTED)
def test_who_may_change_what(address: str, report: Report, cast: dict[str, User | None]) -> None:
    Report.objects.filter(pk=report.pk).update(state=ReportState.RUNNING)
    url = f"/admin/quarters/{report.computation.quarter.uuid}/reports/{address.format(report=report.uuid)}"

    assert "".join(said(client_of(cast[name]).post(url)) for name in CAST) == POSTED[address]


@pytest.mark.parametrize("address", ["new/", "{report}/cancel/"])
def test_nothing_is_done_without_the_token_of_the_form(address: str, report: Report, cleo: User) -> None:
    url = f"/admin/quarters/{report.computation.quarter.uuid}/reports/{address.format(report=report.uuid)}"

    assert client_of(cleo, enforce_csrf_checks=True).post(url, {}).status_code == 403


def test_a_file_is_asked_for_and_listed(computation: Computation, cleo: User, clock: Clock) -> None:
    url = f"/admin/quarters/{computation.quarter.uuid}/reports/"
    client = client_of(cleo)

    answer = client.post(f"{url}new/", {"kind": "sheets", "division": "530999000000", "reason": "存档"})

    report = Report.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, url)
    assert (report.kind, report.reason, report.asked_by, report.asked_at) == ("sheets", "存档", cleo, clock())
    page = client.get(url).content.decode()
    assert "存档" in page
    assert "等待" in page or "Waiting" in page


def test_only_divisions_of_ones_own_can_be_chosen(computation: Computation, inspector: User, clock: Clock) -> None:
    url = f"/admin/quarters/{computation.quarter.uuid}/reports/new/"
    client = client_of(inspector)

    page = client.get(url)
    assert [str(each) for each in page.context["form"].fields["division"].queryset] == ["青石镇"]
    answer = client.post(url, {"kind": "csv", "division": "530999000000", "reason": "存档"})
    assert (answer.status_code, Report.objects.count()) == (200, 0)


def test_what_is_refused_is_said_above_the_form(quarter: Any, cleo: User, clock: Clock) -> None:
    url = f"/admin/quarters/{quarter.uuid}/reports/new/"

    answer = client_of(cleo).post(url, {"kind": "csv", "division": "530999000000", "reason": "存档"})

    assert "本季度尚未核算。" in answer.content.decode()


def test_the_file_comes_under_its_own_name_and_is_kept_by_nobody(report: Report, cleo: User) -> None:
    url = f"/admin/quarters/{report.computation.quarter.uuid}/reports/{report.uuid}/file/"

    answer = client_of(cleo).get(url)

    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert Report.objects.get().downloads == 1


def test_the_list_shows_how_far_a_file_is(report: Report, cleo: User) -> None:
    Report.objects.filter(pk=report.pk).update(state=ReportState.RUNNING, done=2)
    url = f"/admin/quarters/{report.computation.quarter.uuid}/reports/list/"

    page = client_of(cleo).get(url).content.decode()

    assert 'value="2"' in page
    assert "2 / 4 人" in page
    assert f"{report.uuid}/cancel/" in page


def test_files_of_others_are_not_listed(report: Report, cast: dict[str, User | None]) -> None:
    url = f"/admin/quarters/{report.computation.quarter.uuid}/reports/list/"

    assert "送组织部" in client_of(cast["cleo"]).get(url).content.decode()
    assert "送组织部" not in client_of(cast["other"]).get(url).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_however_long_it_is(
    report: Report, cleo: User, county: Division, count: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _place in range(count):
        ask_report(report.computation.quarter, ReportKind.CSV, division=county, reason="又", by=cleo, at=NOON)
    client = client_of(cleo)
    url = f"/admin/quarters/{report.computation.quarter.uuid}/reports/list/"
    client.get(url)

    with django_assert_max_num_queries(12):
        client.get(url)
