"""Taking in a roster file."""

from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.spreadsheets.reading import Sheet, read_rows
from members.domain.roster.columns import Header, Line, find_header, lines_below
from members.domain.roster.refusals import RosterOutsideScope, RosterWithoutHeading
from members.models import Division, RosterImport, User
from members.rules import may_administer

_LONGEST_NAME = 255


@transaction.atomic
def read_roster(
    content: bytes,
    *,
    file_name: str,
    division: Division,
    effective_on: date,
    complete: bool,
    by: User,
    at: datetime,
) -> RosterImport:
    """Keep what the file says; nothing of it is carried out.

    ``complete`` says that the file is the whole roster of ``division`` on ``effective_on``, so that whoever is
    missing from it has left. Refuses with ``RosterOutsideScope``, ``RosterWithoutHeading`` and the
    ``UnreadableSpreadsheet`` of ``common.spreadsheets``.
    """
    if not may_administer(by, division):
        raise RosterOutsideScope(_("You do not administer this division."))
    lines = list(_lines([sheet for sheet in read_rows(content) if not sheet.hidden]))
    roster = RosterImport.objects.create(
        division=division,
        file_name=file_name[-_LONGEST_NAME:],
        sha256=sha256(content).hexdigest(),
        rows=[{"place": line.place, "values": dict(line.values)} for line in lines],
        complete=complete,
        effective_on=effective_on,
        uploaded_by=by,
        uploaded_at=at,
    )
    log(roster, "members.read_roster", user=by, timestamp=at, data={"rows": len(lines), "sha256": roster.sha256})
    return roster


def _lines(sheets: list[Sheet]) -> Iterator[Line]:
    """The rows of every sheet that is a roster; cover sheets and instructions are passed over."""
    headers = [(find_header(sheet.rows), sheet) for sheet in sheets]
    usable = [(header, sheet) for header, sheet in headers if not header.missing]
    if not usable:
        best = max((header for header, _sheet in headers), key=lambda header: len(header.fields), default=Header(0, {}))
        raise RosterWithoutHeading(
            _("These columns are missing: %(columns)s.") % {"columns": "、".join(best.missing)}, missing=best.missing
        )
    for header, sheet in usable:
        yield from lines_below(header, sheet.rows, sheet=sheet.name)
