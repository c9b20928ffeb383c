"""Sitting down to a paper."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from exams.domain.answers import faces_on
from exams.domain.closing import close_if_overdue
from exams.domain.refusals import ExamNotOpen, NoAttemptsLeft
from exams.domain.saving import milliseconds
from exams.enums import ExamState
from exams.models import Attempt, Candidate, Exam, Paper
from question_bank.domain.asking import AskedFigure
from question_bank.enums import Kind

_STILL_PUBLISHED = "SELECT 1 FROM exams_exam WHERE id = %s AND state = 'published' "
# SQLite needs no such lock, it has one writer at a time.
_HOLD = "FOR SHARE"


@dataclass
class SheetRow:
    """One question of a paper as its candidate sees it, with what they answered so far."""

    number: int
    kind: str
    kind_label: str
    stem: str
    points: Decimal
    options: list[dict[str, str]]
    blanks: int
    figures: Sequence[AskedFigure] = ()
    answer: dict[str, Any] = field(default_factory=dict)
    flagged: bool = False
    sequence: int = 0


@dataclass
class Sheet:
    """A paper laid out for its candidate. ``as_of``: the newest answer on it, in milliseconds."""

    rows: list[SheetRow]
    as_of: int


def open_attempt(candidate: Candidate, *, at: datetime) -> tuple[Attempt, bool]:
    """The candidate's open attempt, and whether it was opened just now. Two calls at once: one attempt.

    It only reads the paper that was frozen when the exam was published. The time is cut where the exam
    closes. Raises ExamNotOpen, NoAttemptsLeft.
    """
    running = _running(candidate)
    if running and not close_if_overdue(running, at=at):
        return running, False
    exam = candidate.exam
    if not exam.is_running(at=at):
        raise ExamNotOpen(_why_not_open(exam, at=at))
    try:
        with transaction.atomic():
            return _new_attempt(candidate, exam, at=at), True
    except (IntegrityError, NoAttemptsLeft):
        # The other of two calls was first, perhaps with the last attempt there was; its attempt is this one's too.
        if running := _running(candidate):
            return running, False
        raise


def _running(candidate: Candidate) -> Attempt | None:
    attempt = candidate.attempts.open().first()
    if attempt is not None:
        # The caller has the exam at hand; it need not be fetched again.
        attempt.candidate = candidate
    return attempt


def _new_attempt(candidate: Candidate, exam: Exam, *, at: datetime) -> Attempt:
    if not _held_open(exam):
        raise ExamNotOpen(_("The exam is over."))
    seated = Candidate.objects.filter(pk=candidate.pk, attempts_used__lt=exam.attempts_allowed)
    if not seated.update(attempts_used=F("attempts_used") + 1):
        raise NoAttemptsLeft(_("All your attempts at this exam are used."))
    # The paper of the attempt that was just counted; what was read before it may be out of date.
    paper = Paper.objects.only("number").get(candidate=candidate, number=F("candidate__attempts_used"))
    candidate.attempts_used = paper.number
    closes_at = min(at + timedelta(minutes=exam.minutes), exam.closes_at)
    return Attempt.objects.create(candidate=candidate, paper=paper, opened_at=at, closes_at=closes_at)


def _held_open(exam: Exam) -> bool:
    """Is it still published? It cannot be closed before this transaction ends; any number may hold it at once.

    Otherwise somebody who starts while the office closes would go on sitting when the keys are out.
    """
    lock = _HOLD if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(_STILL_PUBLISHED + lock, [exam.pk])
        return cursor.fetchone() is not None


def _why_not_open(exam: Exam, *, at: datetime) -> str:
    if exam.state == ExamState.PUBLISHED and at < exam.opens_at:
        return _("The exam has not begun.")
    return _("The exam is over.")


def paper_sheet(attempt: Attempt) -> Sheet:
    """The questions of an attempt in their frozen order with the answers saved so far. Holds no key."""
    responses = {row.number: row for row in attempt.responses.all()}
    rows = unanswered_rows(attempt.paper)
    for row in rows:
        if response := responses.get(row.number):
            row.answer, row.flagged, row.sequence = response.answer, response.flagged, response.sequence
    return Sheet(rows, max((row.sequence for row in rows), default=0) or milliseconds(attempt.opened_at))


def unanswered_rows(paper: Paper) -> list[SheetRow]:
    """The questions of a paper in their frozen order, options too, as on a screen so on printed paper. No key."""
    faces, labels = faces_on(paper), {kind.value: str(kind.label) for kind in Kind}
    rows = []
    for item, face in zip(paper.rows(), faces, strict=True):
        options = [{"id": face.options[place].id, "text": face.options[place].text} for place in item.order]
        rows.append(
            SheetRow(
                item.number, face.kind, labels[face.kind], face.stem, item.points, options, face.blanks, face.figures
            )
        )
    return rows


def count_page_leave(attempt_id: int, grant_number: int, *, at: datetime) -> bool:
    """Note that the page went out of sight; shown to everybody concerned, punished nowhere."""
    page = Attempt.objects.open().filter(pk=attempt_id, grant_number=grant_number, closes_at__gt=at)
    return bool(page.update(page_leaves=F("page_leaves") + 1))
