"""Roster files as counties bring them."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from io import StringIO
from typing import Any

from common.clock import now
from members.domain.roster import Outcome, carry_out_roster, plan_roster, read_roster
from members.models import Division, RosterImport, User

HEADINGS = ("工号", "姓名", "手机号", "行政区划代码", "派出单位", "职务", "人员类别", "开始日期", "结束日期")
EFFECTIVE_ON = date(2026, 6, 1)


def row(code: str, **values: str) -> dict[str, str]:
    """A complete row for 柳湾村; ``values`` by Chinese heading replace its cells."""
    return {
        "工号": code,
        "姓名": f"姓名{code}",
        "手机号": "",
        "行政区划代码": "530999101201",
        "派出单位": "县农业农村局",
        "职务": "工作队员",
        "人员类别": "公务员",
        "开始日期": "2026-03-01",
        "结束日期": "",
        **values,
    }


def file_of(rows: Iterable[Mapping[str, str]], *, above: Iterable[str] = ()) -> bytes:
    """The rows as CSV, below the lines ``above``."""
    rows = list(rows)
    headings = list(rows[0]) if rows else list(HEADINGS)
    text = StringIO()
    writer = csv.writer(text)
    for line in above:
        writer.writerow([line])
    writer.writerow(headings)
    writer.writerows([[each.get(heading, "") for heading in headings] for each in rows])
    return text.getvalue().encode()


def uploaded(rows: Iterable[Mapping[str, str]], *, by: User, division: Division, **options: Any) -> RosterImport:
    """A roster read from those rows, effective on 1 June 2026 and not complete unless said otherwise."""
    settings = {"effective_on": EFFECTIVE_ON, "complete": False, **options}
    return read_roster(file_of(rows), file_name="花名册.csv", division=division, by=by, at=now(), **settings)


def carried_out(rows: Iterable[Mapping[str, str]], *, by: User, division: Division, **options: Any) -> Outcome:
    roster = uploaded(rows, by=by, division=division, **options)
    return carry_out_roster(roster, shown=plan_roster(roster).digest(), by=by, at=now())
