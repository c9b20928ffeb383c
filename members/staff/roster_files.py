"""Files around the roster import: the template to fill in, and the sheet of initial passwords."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.spreadsheets.writing import Column, Properties, SheetSpec, write_workbook
from members.domain.roster import IssuedPassword
from members.domain.roster.columns import HEADINGS
from members.models import Division

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROWS = 2000
_CHOICES = {
    "role": ["第一书记", "工作队员"],
    "staff_category": ["公务员", "事业单位", "企业", "其他"],
}
_WIDTHS = {"division_code": 18, "team_name": 22, "sending_unit": 24, "phone": 15, "starts_on": 13, "ends_on": 13}


def template(villages: Iterable[Division]) -> bytes:
    """An empty roster with drop-downs, instructions, and the villages with their codes to copy from."""
    content = BytesIO()
    with closing(xlsxwriter.Workbook(content, {"strings_to_formulas": False})) as book:
        styles = {
            "header": book.add_format({"bold": True, "bg_color": "#EDEFEC", "border": 1, "align": "center"}),
            "text": book.add_format({"num_format": "@"}),
            "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _write_roster(book.add_worksheet("花名册"), styles)
        _write_rows(
            book.add_worksheet("填写说明"), [[heading, text] for heading, text in _instructions()], styles, [18, 80]
        )
        rows = [[village.name, village.code] for village in villages]
        _write_rows(book.add_worksheet("行政区划"), [["村", "行政区划代码"], *rows], styles, [24, 18])
    return content.getvalue()


def _write_roster(sheet: Any, styles: dict[str, Any]) -> None:
    for column, (field, headings) in enumerate(HEADINGS.items()):
        # Text, so that no spreadsheet rounds a number or cuts its zeros.
        sheet.set_column(column, column, _WIDTHS.get(field, 12), styles["text"])
        sheet.write_string(0, column, headings[0], styles["header"])
        if choices := _CHOICES.get(field):
            sheet.data_validation(1, column, _ROWS, column, {"validate": "list", "source": choices})
    sheet.freeze_panes(1, 2)


def _write_rows(sheet: Any, rows: Sequence[Sequence[str]], styles: dict[str, Any], widths: Sequence[int]) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text, styles["wrapped"])


def _instructions() -> list[tuple[str, str]]:
    return [
        (_("How to fill in"), _("One row a person. Columns may be left out or stand in another order.")),
        ("工号", _("Needed. 3 to 32 letters, digits or hyphens; the person signs in with it.")),
        ("姓名", _("Needed.")),
        ("手机号", _("Eleven digits. Empty: what is known stays.")),
        ("行政区划代码", _("Twelve digits, copied from the third sheet; or give township and village by name.")),
        ("工作队", _("Only where several teams serve in one village, or with a team number.")),
        ("队编号", _("Empty for the first team of a village.")),
        ("派出单位", _("Needed for a new team; the same in all rows of a team.")),
        ("职务", "、".join(_CHOICES["role"])),
        ("人员类别", "、".join(_CHOICES["staff_category"])),
        ("开始日期", _("Such as 2026-03-01. Empty for somebody new: the date of the roster.")),
        ("结束日期", _("The last day of service; empty while it goes on.")),
    ]


def password_sheet(issued: Sequence[IssuedPassword], *, by: str) -> bytes:
    """The slips to hand out: who signs in with what, to be changed at the first sign-in."""
    content = BytesIO()
    sheet = SheetSpec(
        name=_("Initial passwords"),
        title=_("Initial passwords"),
        notes=[_("Hand each person only their own row. The password is changed at the first sign-in.")],
        columns=[
            Column(_("Staff number"), width=18),
            Column(pgettext("person", "Name"), width=14),
            Column(_("Initial password"), width=22),
        ],
        rows=[[each.person.code, each.person.name, each.password] for each in issued],
        watermark=by,
    )
    write_workbook(content, [sheet], Properties(title=_("Initial passwords")))
    return content.getvalue()
