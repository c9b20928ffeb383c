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
from question_bank.domain.asking import AskedFigure, AskedOption, AskedVersion
from question_bank.enums import Kind

# Any number may hold the exam at once, but it cannot be closed before their transactions end. Otherwise somebody who
# starts while the office closes would go on sitting when the keys are out.
# SQLite needs no such lock, it has one writer at a time.
_HOLD = "FOR SHARE"
# Counts the attempt and finds its paper; one statement, because everybody else waits while it holds SQLite's lock.
_SEAT = """
UPDATE exams_candidate SET attempts_used = attempts_used + 1
FROM (SELECT id FROM exams_exam WHERE id = %s AND state = 'published' {lock}) AS exam
WHERE exams_candidate.id = %s AND attempts_used < %s
RETURNING attempts_used, (
    SELECT paper.id FROM exams_paper AS paper
    WHERE paper.candidate_id = exams_candidate.id AND paper.number = exams_candidate.attempts_used
)
"""


@dataclass(slots=True)
class SheetRow:
    """One question of a paper as its candidate sees it, with what they answered so far.

    ``order``: places among the options of ``face``, as in ``Item``.
    """

    number: int
    face: AskedVersion
    kind_label: str
    points: Decimal
    order: Sequence[int]
    answer: dict[str, Any] = field(default_factory=dict)
    flagged: bool = False
    sequence: int = 0

    @property
    def kind(self) -> str:
        return self.face.kind

    @property
    def stem(self) -> str:
        return self.face.stem

    @property
    def blanks(self) -> int:
        return self.face.blanks

    @property
    def figures(self) -> Sequence[AskedFigure]:
        return self.face.figures

    @property
    def options(self) -> list[AskedOption]:
        """In the order of this paper."""
        return [self.face.options[place] for place in self.order]


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
    # Most people have not been here before: then there is nothing to look for.
    running = _running(candidate) if candidate.attempts_used else None
    if running and not close_if_overdue(running, at=at):
        return running, False
    exam = candidate.exam
    if not exam.is_running(at=at):
        raise ExamNotOpen(_why_not_open(exam, at=at))
    try:
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
    closes_at = min(at + timedelta(minutes=exam.minutes), exam.closes_at)
    attempt = Attempt(candidate=candidate, opened_at=at, closes_at=closes_at)
    with transaction.atomic():
        number, attempt.paper_id = _seat(candidate, exam)
        attempt.save(force_insert=True)
    candidate.attempts_used = number
    return attempt


def _seat(candidate: Candidate, exam: Exam) -> tuple[int, int]:
    """Count one more attempt: its number and the paper it is sat on."""
    statement = _SEAT.format(lock=_HOLD if connection.vendor == "postgresql" else "")
    with connection.cursor() as cursor:
        cursor.execute(statement, [exam.pk, candidate.pk, exam.attempts_allowed])
        if seat := cursor.fetchone():
            number, paper_id = seat
            return number, paper_id
    if Exam.objects.filter(pk=exam.pk, state=ExamState.PUBLISHED).exists():
        raise NoAttemptsLeft(_("All your attempts at this exam are used."))
    raise ExamNotOpen(_("The exam is over."))


def next_paper(candidate: Candidate) -> Paper | None:
    """What the candidate will sit next, as soon as it is made; None without one, or with no attempt left."""
    return candidate.papers.filter(number=candidate.attempts_used + 1).first()


def _why_not_open(exam: Exam, *, at: datetime) -> str:
    if exam.state == ExamState.PUBLISHED and at < exam.opens_at:
        return _("The exam has not begun.")
    return _("The exam is over.")


def paper_sheet(attempt: Attempt) -> Sheet:
    """The questions of an attempt in their frozen order with the answers saved so far. Holds no key."""
    rows = unanswered_rows(attempt.paper)
    for number, *response in attempt.responses.values_list("number", "answer", "flagged", "sequence"):
        row = rows[number - 1]
        row.answer, row.flagged, row.sequence = response
    return Sheet(rows, max((row.sequence for row in rows), default=0) or milliseconds(attempt.opened_at))


def unanswered_rows(paper: Paper) -> list[SheetRow]:
    """The questions of a paper in their frozen order, options too, as on a screen so on printed paper. No key."""
    faces, labels = faces_on(paper), {kind.value: str(kind.label) for kind in Kind}
    return [
        SheetRow(item.number, face, labels[face.kind], item.points, item.order)
        for item, face in zip(paper.rows(), faces, strict=True)
    ]


def count_page_leave(attempt_id: int, grant_number: int, *, at: datetime) -> bool:
    """Note that the page went out of sight; shown to everybody concerned, punished nowhere."""
    page = Attempt.objects.open().filter(pk=attempt_id, grant_number=grant_number, closes_at__gt=at)
    return bool(page.update(page_leaves=F("page_leaves") + 1))
