"""The roster import in the staff interface."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common.clock import now
from common.spreadsheets.reading import read_rows
from members.domain.roster import carry_out_roster, plan_roster
from members.models import Division, RosterImport, User
from tests.factories.members import DivisionFactory
from tests.members.rosters import file_of, row, uploaded


@pytest.fixture
def village(township: Division) -> Division:
    return DivisionFactory(code="530999101201", name="柳湾村")


def _upload(division: Division, content: bytes, **values: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("花名册.csv", content)
    return {"file": file, "division": division.pk, "effective_on": "2026-06-01", **values}


def _done(by: User, division: Division) -> RosterImport:
    roster = uploaded([row("LX1", 姓名="周明远"), row("LX2")], by=by, division=division)
    carry_out_roster(roster, shown=plan_roster(roster).digest(), by=by, at=now())
    return roster


def test_upload_dry_run_carry_out_and_passwords(as_, mayor: User, township: Division, village: Division) -> None:
    browser = as_(mayor)

    shown = browser.post(
        "/admin/rosters/new/",
        _upload(township, file_of([row("LX1", 姓名="周明远", 手机号="13812341234")])),
        follow=True,
    )
    nothing_yet = User.objects.filter(code="LX1").exists()
    roster = RosterImport.objects.get()
    done = browser.post(f"/admin/rosters/carry-out/{roster.pk}/", {"shown": shown.context["digest"]}, follow=True)
    sheet = browser.post(f"/admin/rosters/passwords/{roster.pk}/")

    rows = read_rows(sheet.content)[0].rows
    code, name, password = rows[-1]
    assert ("周明远" in shown.content.decode(), nothing_yet) == (True, False)
    assert f"/admin/rosters/passwords/{roster.pk}/" in done.content.decode()
    assert (code, name, User.objects.get(code="LX1").check_password(password)) == ("LX1", "周明远", True)
    assert "no-store" in sheet["Cache-Control"]


def test_bad_rows_are_shown_with_their_reasons_and_nothing_can_be_carried_out(
    as_, cleo: User, county: Division, village: Division
) -> None:
    page = (
        as_(cleo)
        .post("/admin/rosters/new/", _upload(county, file_of([row("LX1", 职务="村长"), row("LX2")])), follow=True)
        .content.decode()
    )

    assert "村长" in page
    assert "carry-out" not in page


def test_changes_are_shown_old_and_new_with_phones_masked(as_, cleo: User, county: Division, village: Division) -> None:
    _done(cleo, county)
    again = uploaded([row("LX1", 姓名="周明轩", 手机号="13812341234")], by=cleo, division=county)

    page = as_(cleo).get(f"/admin/rosters/inspect/{again.pk}/").content.decode()

    assert all(text in page for text in ("周明远", "周明轩", "138****1234"))
    assert "13812341234" not in page


def test_unreadable_file_is_refused_at_the_form(as_, cleo: User, county: Division) -> None:
    for content in (b"\x89PNG\r\n\x1a\n\0\0", b"<html>", file_of([{"姓名": "x", "职务": "y"}])):
        response = as_(cleo).post("/admin/rosters/new/", _upload(county, content))
        assert response.status_code == 200
        assert response.context["form"].errors["file"]

    assert RosterImport.objects.count() == 0


def test_template_is_read_back_and_names_the_own_villages(
    as_, mayor: User, township: Division, village: Division, other_township: Division
) -> None:
    DivisionFactory(code="530999102201", name="河口村")

    content = as_(mayor).get("/admin/rosters/template/").content

    sheets = {sheet.name: sheet.rows for sheet in read_rows(content)}
    assert sheets["花名册"][0][:2] == ["工号", "姓名"]
    assert sheets["行政区划"] == [["村", "行政区划代码"], ["柳湾村", "530999101201"]]


def test_filled_in_template_is_a_roster(as_, mayor: User, township: Division, village: Division) -> None:
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(as_(mayor).get("/admin/rosters/template/").content))
    sheet = book["花名册"]
    values = row("LX1", 姓名="周明远")
    for column in range(1, sheet.max_column + 1):
        sheet.cell(2, column).value = values.get(sheet.cell(1, column).value, "")
    content = BytesIO()
    book.save(content)

    as_(mayor).post("/admin/rosters/new/", _upload(township, content.getvalue()))

    assert plan_roster(RosterImport.objects.get()).counts() == {
        "added": 1,
        "changed": 0,
        "ended": 0,
        "unchanged": 0,
        "bad": 0,
    }


def test_other_plan_than_shown_is_not_carried_out(as_, cleo: User, county: Division, village: Division) -> None:
    roster = uploaded([row("LX1")], by=cleo, division=county)

    as_(cleo).post(f"/admin/rosters/carry-out/{roster.pk}/", {"shown": "something else"})

    assert not User.objects.filter(code="LX1").exists()


@pytest.mark.parametrize("who", ["anonymous", "ana", "ben", "ines", "aude"])
def test_only_administrators_bring_rosters(
    request: pytest.FixtureRequest, as_, cleo: User, county: Division, village: Division, who: str
) -> None:
    roster, done = uploaded([row("LX7")], by=cleo, division=county), _done(cleo, county)
    browser = Client() if who == "anonymous" else as_(request.getfixturevalue(who))
    before = list(User.objects.order_by("pk").values_list("code", "password"))

    for address, typed in (
        ("/admin/rosters/new/", _upload(county, file_of([row("LX8")]))),
        (f"/admin/rosters/carry-out/{roster.pk}/", {"shown": plan_roster(roster).digest()}),
        (f"/admin/rosters/passwords/{done.pk}/", {}),
    ):
        assert browser.post(address, typed).status_code in (302, 403, 404), address
    template = browser.get("/admin/rosters/template/")

    assert template.status_code in (302, 403)
    assert list(User.objects.order_by("pk").values_list("code", "password")) == before
    assert RosterImport.objects.count() == 2


def test_rosters_of_the_county_are_absent_for_a_township(
    as_, cleo: User, mayor: User, county: Division, village: Division
) -> None:
    roster, done = uploaded([row("LX7")], by=cleo, division=county), _done(cleo, county)
    browser = as_(mayor)

    statuses = [
        browser.get(f"/admin/rosters/inspect/{roster.pk}/").status_code,
        browser.post(f"/admin/rosters/carry-out/{roster.pk}/", {"shown": plan_roster(roster).digest()}).status_code,
        browser.post(f"/admin/rosters/passwords/{done.pk}/").status_code,
        browser.post("/admin/rosters/new/", _upload(county, file_of([row("LX8")]))).status_code,
    ]

    assert statuses == [404, 404, 404, 200]
    assert not User.objects.filter(code__in=["LX7", "LX8"]).exists()
    assert "花名册.csv" not in browser.get("/admin/rosters/").content.decode()


def test_auditor_reads_the_dry_run_and_is_offered_nothing(
    as_, cleo: User, aude: User, county: Division, village: Division
) -> None:
    roster = uploaded([row("LX1", 姓名="周明远")], by=cleo, division=county)

    page = as_(aude).get(f"/admin/rosters/inspect/{roster.pk}/").content.decode()

    assert ("周明远" in page, "carry-out" in page) == (True, False)


def test_roster_calls_need_the_csrf_token(as_, cleo: User, county: Division, village: Division) -> None:
    roster = uploaded([row("LX7")], by=cleo, division=county)
    browser = as_(cleo, enforce_csrf_checks=True)

    assert browser.post("/admin/rosters/new/", {}).status_code == 403
    assert browser.post(f"/admin/rosters/carry-out/{roster.pk}/").status_code == 403
    assert browser.post(f"/admin/rosters/passwords/{roster.pk}/").status_code == 403
