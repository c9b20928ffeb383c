"""Scores of an exam as the office reads them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.db.models import Avg, Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from common.chinese import mask_phone
from exams.domain.watching import TOWNSHIP_DIGITS
from exams.enums import Band, CountingAttempt, HandIn
from exams.models import Attempt, Candidate, Exam
from exams.rules import may_see_phones, score_scope
from members.enums import PostingRole, StaffCategory
from members.models import Division, User

CHUNK = 2000


class ScoreRow(NamedTuple):
    """One candidate of one exam, as exported. ``score`` and what hangs on it is None until marked."""

    name: str
    code: str
    phone: str
    sending_unit: str
    township: str
    township_code: str
    village: str
    team: str
    role: str
    staff_category: str
    exam: str
    sitting: int
    total: Decimal
    score: Decimal | None
    objective: Decimal | None
    subjective: Decimal | None
    passed: bool | None
    band: str
    minutes_used: int | None
    started_at: datetime | None
    handed_in_at: datetime | None
    hand_in: str
    page_leaves: int | None
    is_retake: bool
    absent: bool
    remark: str


class TownshipScores(NamedTuple):
    """The scores of one township. Rates are between 0 and 1; None where nobody was present or marked."""

    code: str
    name: str
    expected: int
    present: int
    marked: int
    passed: int
    excellent: int
    mean: Decimal | None
    highest: Decimal | None
    lowest: Decimal | None

    @property
    def absent(self) -> int:
        return self.expected - self.present

    @property
    def participation(self) -> float | None:
        return self.present / self.expected if self.expected else None

    @property
    def pass_rate(self) -> float | None:
        return self.passed / self.marked if self.marked else None

    @property
    def excellent_rate(self) -> float | None:
        return self.excellent / self.marked if self.marked else None


def scored_candidates(exam: Exam, *, by: User) -> QuerySet[Candidate]:
    """The candidates whose scores ``by`` may see, each with the attempt that counts.

    ``counted_id`` is the attempt shown beside the score: the best, first or last one; for a mean, the last.
    """
    order = {
        CountingAttempt.BEST: (F("score").desc(nulls_last=True), "opened_at"),
        CountingAttempt.FIRST: ("opened_at",),
    }.get(CountingAttempt(exam.counting_attempt), ("-opened_at",))
    counted = Attempt.objects.filter(candidate=OuterRef("pk")).order_by(*order).values("pk")[:1]
    return (
        Candidate.objects.filter(exam=exam)
        .within_any(score_scope(by))
        .annotate(counted_id=Subquery(counted))
        .select_related("person", "team__sending_unit", "team__division")
        .order_by("division_code", "person__code")
    )


def score_rows(
    exam: Exam, *, by: User, at: datetime, candidates: QuerySet[Candidate] | None = None, with_phones: bool = False
) -> Iterator[ScoreRow]:
    """Rows of ``candidates`` (all of them by default) in their order, streamed: memory does not grow with them."""
    chosen = scored_candidates(exam, by=by) if candidates is None else candidates
    townships = dict(Division.objects.townships().values_list("code", "name"))
    full_phones = with_phones and may_see_phones(by)
    chunk: list[Candidate] = []
    for candidate in chosen.iterator(chunk_size=CHUNK):
        chunk.append(candidate)
        if len(chunk) == CHUNK:
            yield from _rows(exam, chunk, townships, full_phones=full_phones)
            chunk = []
    yield from _rows(exam, chunk, townships, full_phones=full_phones)


def _rows(
    exam: Exam, candidates: list[Candidate], townships: dict[str, str], *, full_phones: bool
) -> Iterator[ScoreRow]:
    attempts = Attempt.objects.in_bulk([row.counted_id for row in candidates if row.counted_id])  # type: ignore[attr-defined]
    for candidate in candidates:
        attempt = attempts.get(candidate.counted_id)  # type: ignore[attr-defined]
        yield _row(exam, candidate, attempt, townships, full_phones=full_phones)


def _row(
    exam: Exam, candidate: Candidate, attempt: Attempt | None, townships: dict[str, str], *, full_phones: bool
) -> ScoreRow:
    person, team, score = candidate.person, candidate.team, candidate.score
    code = candidate.division_code[:TOWNSHIP_DIGITS].ljust(12, "0")
    used = attempt.time_used() if attempt else None
    phone = person.phone or ""
    return ScoreRow(
        name=person.name,
        code=person.code,
        phone=phone if full_phones else mask_phone(phone),
        sending_unit=team.sending_unit.name if team else "",
        township=townships.get(code, code),
        township_code=code,
        village=team.division.name if team else "",
        team=team.name if team else "",
        role=str(PostingRole(candidate.role).label) if candidate.role else "",
        staff_category=str(StaffCategory(candidate.staff_category).label) if candidate.staff_category else "",
        exam=exam.title,
        sitting=candidate.attempts_used,
        total=exam.total_points,
        score=score,
        objective=attempt.objective_score if attempt else None,
        subjective=attempt.subjective_score if attempt else None,
        passed=None if score is None else score >= exam.pass_points,
        band="" if score is None else str(Band(exam.band(score)).label),
        minutes_used=-(-int(used.total_seconds()) // 60) if used else None,
        started_at=attempt.opened_at if attempt else None,
        handed_in_at=attempt.submitted_at if attempt else None,
        hand_in=str(HandIn(attempt.hand_in).label) if attempt and attempt.hand_in else "",
        page_leaves=attempt.page_leaves if attempt else None,
        is_retake=exam.retake_of_id is not None,
        absent=attempt is None,
        remark=_remark(attempt, score),
    )


def _remark(attempt: Attempt | None, score: Decimal | None) -> str:
    if attempt is None:
        return _("absent")
    if attempt.is_open():
        return _("still sitting")
    return _("waiting for a marker") if score is None else ""


def township_table(exam: Exam, *, by: User, at: datetime) -> list[TownshipScores]:
    """Scores by township in the order of codes, never ranked. Three queries, however many people."""
    rows = (
        Candidate.objects.filter(exam=exam)
        .within_any(score_scope(by))
        .annotate(township=Substr("division_code", 1, TOWNSHIP_DIGITS))
        .values("township")
        .annotate(
            expected=Count("pk"),
            present=Count("pk", filter=Q(attempts_used__gt=0)),
            marked=Count("score"),
            passed=Count("pk", filter=Q(score__gte=exam.pass_points)),
            excellent=Count("pk", filter=Q(score__gte=exam.points_at(exam.excellent_percent))),
            mean=Avg("score"),
            highest=Max("score"),
            lowest=Min("score"),
        )
        .order_by("township")
    )
    table = [_township(row) for row in rows]
    names = dict(Division.objects.filter(code__in=[row.code for row in table]).values_list("code", "name"))
    return [row._replace(name=names.get(row.code, row.code)) for row in table]


def _township(row: dict) -> TownshipScores:
    code = row.pop("township").ljust(12, "0")
    mean = row.pop("mean")
    return TownshipScores(code=code, name="", mean=None if mean is None else _cents(Decimal(mean)), **row)


def total_of(table: Iterable[TownshipScores], name: str) -> TownshipScores:
    """The last row of such a table: everybody together."""
    rows = list(table)
    marked = sum(row.marked for row in rows)
    points = sum((row.mean * row.marked for row in rows if row.mean is not None), Decimal(0))
    return TownshipScores(
        code="",
        name=name,
        expected=sum(row.expected for row in rows),
        present=sum(row.present for row in rows),
        marked=marked,
        passed=sum(row.passed for row in rows),
        excellent=sum(row.excellent for row in rows),
        mean=_cents(points / marked) if marked else None,
        highest=max((row.highest for row in rows if row.highest is not None), default=None),
        lowest=min((row.lowest for row in rows if row.lowest is not None), default=None),
    )


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
