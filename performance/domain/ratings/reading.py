"""Taking in a file of scores."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.chinese import strip_controls
from common.refusals import NotAllowed
from common.spreadsheets.headings import Line, lines_below
from common.spreadsheets.reading import Sheet, read_rows
from members.models import User
from performance.domain.evidence_days import lock_open_quarter
from performance.domain.ratings.columns import HEADINGS, REQUIRED, find_header, missing
from performance.domain.refusals import KindNotUsable, SheetEmpty, SheetWithoutHeading
from performance.models import Quarter, RatingKind, RatingSheet
from performance.rules import may_manage_quarter

_LONGEST_NAME = 255
_LONGEST_CELL = 255


@transaction.atomic
def read_rating_sheet(file: Any, *, quarter: Quarter, kind: RatingKind, by: User, at: datetime) -> RatingSheet:
    """Keep what the file (XLSX, XLS, ODS or CSV; with ``name`` and ``read()``) says; nothing of it is carried out.

    Refuses with ``NotAllowed``, ``KindNotUsable``, ``QuarterNotOpen``, ``SheetWithoutHeading``,
    ``SheetEmpty`` and the ``UnreadableSpreadsheet`` of ``common.spreadsheets``.
    """
    require_rating(quarter, kind, by=by)
    quarter = lock_open_quarter(quarter)
    content = file.read()
    lines = list(_lines([sheet for sheet in read_rows(content) if not sheet.hidden]))
    if not lines:
        raise SheetEmpty(_("There is no row below the headings."))
    sheet = RatingSheet.objects.create(
        quarter=quarter,
        kind=kind,
        file_name=strip_controls(file.name)[-_LONGEST_NAME:],
        sha256=sha256(content).hexdigest(),
        rows=[{"place": line.place[-60:], "values": _cut(line)} for line in lines],
        uploaded_by=by,
        uploaded_at=at,
    )
    data = {"rows": len(lines), "sha256": sheet.sha256, "quarter": quarter.name, "kind": kind.pk}
    log(sheet, "performance.read_rating_sheet", user=by, timestamp=at, data=data)
    return sheet


def require_rating(quarter: Quarter, kind: RatingKind, *, by: User) -> None:
    if not may_manage_quarter(by, quarter):
        raise NotAllowed(_("You do not administer the division of this quarter."))
    if not kind.is_active or not kind.division.contains(quarter.division.code):
        raise KindNotUsable(_("“%(kind)s” is not given in this division.") % {"kind": kind})


def _cut(line: Line) -> dict[str, str]:
    return {field: text[:_LONGEST_CELL] for field, text in line.values.items()}


def _lines(sheets: list[Sheet]) -> Iterator[Line]:
    """The rows of every sheet with the columns of scores; cover sheets and instructions are passed over."""
    headers = [(find_header(sheet.rows), sheet) for sheet in sheets]
    usable = [(header, sheet) for header, sheet in headers if not missing(header)]
    if not usable:
        every = [HEADINGS[field][0] for field in REQUIRED]
        absent = min((missing(header) for header, _sheet in headers), key=len, default=every)
        raise SheetWithoutHeading(
            _("These columns are missing: %(columns)s.") % {"columns": "、".join(absent)}, missing=absent
        )
    for header, sheet in usable:
        yield from lines_below(header, sheet.rows, sheet=sheet.name)
