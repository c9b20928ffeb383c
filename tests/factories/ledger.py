"""Items of the ledger, entries, scores and the quarters they belong to; documents as people bring them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from PIL import Image

from common.spreadsheets.writing import Column, SheetSpec, write_workbook
from members.enums import PostingRole, Role
from members.models import Division, Team, User
from performance.domain.ledger import confirm_item, enter_item
from performance.domain.ratings import plan_rating_sheet, read_rating_sheet
from performance.enums import LedgerSign, LedgerTarget, QuarterState
from performance.models import Computation, LedgerEntry, LedgerKind, Quarter, RatingKind, RatingSheet, Scheme
from performance.models.quarter import bounds
from tests.factories.members import DivisionFactory, PostingFactory, TeamFactory, UserFactory, give_role

NOON = datetime(2026, 6, 15, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = date(2026, 6, 10)
SCORES_HEADING = ("工号", "姓名", "得分")


# -- people -----------------------------------------------------------------------------------


def administrator(division: Division, username: str = "flo", name: str = "弗洛", code: str = "LX9006") -> User:
    return give_role(UserFactory.create(username=username, name=name, code=code), Role.ADMINISTRATOR, division)


def a_member(code: str, name: str, *, village: str = "530999101201", **posting: Any) -> User:
    """Somebody who serves in a village, from the first of January unless ``posting`` says otherwise."""
    person = UserFactory.create(code=code, name=name)
    team = Team.objects.filter(division__code=village).first() or TeamFactory.create(
        division=DivisionFactory.create(code=village)
    )
    PostingFactory.create(person=person, team=team, role=PostingRole.MEMBER, **posting)
    return person


# -- quarters ---------------------------------------------------------------------------------


def a_quarter(division: Division, *, by: User, year: int = 2026, number: int = 2, state: str = "open") -> Quarter:
    first, last = bounds(year, number)
    quarter = Quarter.objects.create(
        division=division, year=year, number=number, starts_on=first, ends_on=last, created_by=by, created_at=NOON
    )
    return in_state(quarter, state, by=by)


def in_state(quarter: Quarter, state: str, *, by: User) -> Quarter:
    """The quarter in a state that otherwise a whole computation leads to."""
    if state != QuarterState.OPEN:
        scheme = Scheme.objects.create(quarter=quarter, title="方案", created_by=by, created_at=NOON)
        quarter.computation = Computation.objects.create(
            quarter=quarter, edition=1, number=1, scheme=scheme, cutoff=NOON, people=0, computed_by=by, computed_at=NOON
        )
        quarter.objections_until = NOON
    quarter.state = state
    quarter.save()
    return quarter


# -- the ledger -------------------------------------------------------------------------------


def a_kind(division: Division, *, code: str = "Z01", **values: Any) -> LedgerKind:
    values = {
        "title": "典型经验获县级以上推广",
        "sign": LedgerSign.POSITIVE,
        "target": LedgerTarget.PERSON,
        "points": Decimal("2.50"),
        "needs_evidence": False,
        **values,
    }
    return LedgerKind.objects.create(division=division, code=code, **values)


def entered(kind: LedgerKind, *, by: User, **values: Any) -> LedgerEntry:
    values = {"occurred_on": DAY, "description": "经验材料被县委办转发", "at": NOON, **values}
    return enter_item(kind, by=by, **values)


def confirmed(kind: LedgerKind, *, by: User, second: User, **values: Any) -> LedgerEntry:
    return confirm_item(entered(kind, by=by, **values), by=second, at=NOON)


# -- documents --------------------------------------------------------------------------------


def a_pdf(name: str = "证明.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", "application/pdf")


def a_picture(name: str = "现场.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (2, 2), "red").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def a_document(name: str = "通报.docx") -> SimpleUploadedFile:
    content, document = BytesIO(), Document()
    document.add_paragraph("通报")
    document.save(content)
    return SimpleUploadedFile(name, content.getvalue())


# -- scores -----------------------------------------------------------------------------------


def a_rating_kind(division: Division, *, code: str = "P01", **values: Any) -> RatingKind:
    return RatingKind.objects.create(division=division, code=code, **{"title": "乡镇评价", **values})


def as_csv(*rows: Sequence[str], heading: Sequence[str] = SCORES_HEADING, name: str = "评分.csv") -> SimpleUploadedFile:
    text = "\n".join(",".join(row) for row in (heading, *rows))
    return SimpleUploadedFile(name, text.encode("utf-8-sig"), "text/csv")


def as_workbook(*rows: Sequence[object], heading: Sequence[str] = SCORES_HEADING) -> SimpleUploadedFile:
    content = BytesIO()
    columns = [Column(heading[0]), Column(heading[1]), Column(heading[2], kind="decimal", places=2)]
    write_workbook(content, [SheetSpec(name="评分", title="二季度乡镇评价", columns=columns, rows=rows)])
    return SimpleUploadedFile("评分.xlsx", content.getvalue())


def a_sheet(
    quarter: Quarter, kind: RatingKind, *rows: Sequence[str], by: User, heading: Sequence[str] = SCORES_HEADING
) -> RatingSheet:
    return read_rating_sheet(as_csv(*rows, heading=heading), quarter=quarter, kind=kind, by=by, at=NOON)


def agreed(sheet: RatingSheet) -> str:
    """What somebody who looked at the dry run agrees to."""
    return plan_rating_sheet(sheet).digest()
