"""The paper path: a sheet to sign on, the same filled in afterwards, and what was signed entered at once."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import NamedTuple

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.log_actions import log

from common.pdf.blocks import Letterhead, Signatures, heading, note
from common.pdf.paper import Paper, write_pdf
from common.pdf.tables import ruled_table
from common.refusals import NotAllowed
from common.tables import Column
from courses.domain.attending import mark
from courses.domain.watching import Seat, seats_of
from courses.enums import ArrivalWay, AttendanceState, SessionState
from courses.models import Session
from courses.rules import may_host
from exams.domain.wording import moment, time_of_day
from members.models import User

# Two lines: a signature by hand needs nine millimetres or more.
_ROOM_TO_SIGN = "\n"
_EMPTY_ROWS = 5


class SheetEntry(NamedTuple):
    """What the paper says about one person."""

    person: User
    state: str
    reason: str = ""


@transaction.atomic
def enter_sheet(session: Session, entries: Sequence[SheetEntry], *, by: User, at: datetime) -> int:
    """Mark everybody the sheet says something new about, all of them or, if one is refused, nobody.

    Returns how many were marked. Raises what ``attending.mark`` raises, by name.
    """
    why = _("From the signed sheet")
    for entry in entries:
        late = session.late_from() if entry.state == AttendanceState.LATE else None
        mark(
            session,
            entry.person,
            state=entry.state,
            reason=entry.reason,
            arrived_at=late,
            way=ArrivalWay.PAPER,
            why=why,
            by=by,
            at=at,
        )
    return len(entries)


def sign_in_sheet(session: Session, *, by: User, at: datetime) -> bytes:
    """Names by team with room to sign; of a session that was held, with what is known instead. Raises NotAllowed."""
    if not may_host(by, session, on=localtime(at).date()):
        raise NotAllowed(_("You do not host this session."))
    seats = seats_of(session)
    is_filled = session.state == SessionState.HELD
    with transaction.atomic():
        data = {"people": len(seats), "filled_in": is_filled}
        log(session, "courses.print_sheet", user=by, timestamp=at, data=data)
    title = _("Sign-in sheet, filled in") if is_filled else _("Sign-in sheet")
    office = session.course.division.name
    paper = Paper(title=f"{title} · {session.topic}", author=office)
    target = BytesIO()
    story = [Letterhead(office), heading(title), *_facts(session, seats)]
    closing = Signatures([pgettext("signature", "Host"), pgettext("signature", "Entered by")])
    height = closing.wrap(paper.text_width, 0)[1]
    table = ruled_table(_columns(is_filled), list(_rows(seats, is_filled)), width=paper.text_width, followed_by=height)
    printed = _("Printed by %(name)s on %(moment)s.") % {"name": by.name, "moment": f"{localtime(at):%Y-%m-%d %H:%M}"}
    write_pdf(target, paper, [*story, table, note(printed), closing])
    return target.getvalue()


def _facts(session: Session, seats: Sequence[Seat]) -> Iterator[object]:
    day = f"{localtime(session.starts_at):%Y-%m-%d}"
    span = f"{day} {time_of_day(session.starts_at)}–{_end(session)}"
    lecturers = "、".join(lecturer.name for lecturer in session.lecturers.all())
    facts = {
        pgettext("session", "Topic"): session.topic,
        _("Course"): session.course.title,
        pgettext("session", "Time"): span,
        _("Place"): session.place,
        _("Lecturers"): lecturers,
        pgettext("session", "Host team"): session.host_team.name if session.host_team else "",
    }
    for name, value in facts.items():
        if value:
            yield note(_("%(name)s: %(value)s") % {"name": name, "value": value})
    expected = [seat for seat in seats if not seat.is_guest]
    there = sum(seat.is_there for seat in expected)
    counts = _("Expected: %(expected)s") % {"expected": len(expected)}
    if session.state == SessionState.HELD:
        counts = _("Expected: %(expected)s, present: %(there)s, not present: %(missing)s") % {
            "expected": len(expected),
            "there": there,
            "missing": len(expected) - there,
        }
    yield note(counts)


def _end(session: Session) -> str:
    same_day = localtime(session.starts_at).date() == localtime(session.ends_at).date()
    return time_of_day(session.ends_at) if same_day else moment(session.ends_at)


def _columns(is_filled: bool) -> list[Column]:
    first = [
        Column(pgettext("table", "No."), width=5, kind="integer"),
        Column(pgettext("organisation", "Team"), width=30),
        Column(pgettext("person", "Name"), width=14),
        Column(_("Role in the team"), width=12),
    ]
    if is_filled:
        return [*first, Column(_("Attendance"), width=10), Column(_("Arrived"), width=9), Column(_("Remark"), width=20)]
    return [*first, Column(_("Signature"), width=22), Column(_("Arrived"), width=9), Column(_("Remark"), width=12)]


def _rows(seats: Sequence[Seat], is_filled: bool) -> Iterator[Sequence[object]]:
    for number, seat in enumerate(seats, start=1):
        role = seat.post.get_role_display()
        first = [number, seat.team_name, seat.person.name, role]
        yield [*first, *(_known(seat) if is_filled else (_ROOM_TO_SIGN, "", ""))]
    if not is_filled:
        # For those who come without standing on the list.
        yield from ([_ROOM_TO_SIGN, "", "", "", "", "", ""] for _place in range(_EMPTY_ROWS))


def _known(seat: Seat) -> tuple[str, str, str]:
    row = seat.attendance
    if row is None:
        return "", "", ""
    remarks = [row.get_reason_display() if row.reason else "", row.get_way_display() if row.way else ""]
    if row.is_guest:
        remarks.append(_("Guest"))
    arrived = f"{localtime(row.arrived_at):%H:%M}" if row.arrived_at else ""
    return row.get_state_display(), arrived, "、".join(filter(None, remarks))
