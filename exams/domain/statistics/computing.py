"""Computing the figures of questions and exams from the answers, again and again with the same result."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext as _

from exams.domain.rulings import corrections_of, key_by
from exams.domain.statistics.exposure import Exposure, recent_exposure
from exams.domain.statistics.flags import Flag, InQuarter, flags_of, in_words
from exams.domain.statistics.formulas import DistractorTable, Estimate, PaperSums, Reliability, Spread, reliability
from exams.domain.statistics.quarters import quarters_between, span_of
from exams.domain.statistics.reading import MarkedPaper, countable, marked_papers
from exams.domain.statistics.tallies import Face, Figures, ItemTally, face_of, table_as_json
from exams.domain.statistics.thresholds import Thresholds, thresholds
from exams.models import Attempt, Exam, ExamQuestion, ExamStatistics, ItemStatistics
from question_bank.domain.raising import raise_doubt, restate_doubts
from question_bank.enums import RecheckReason
from question_bank.models import QuestionVersion

CHUNK = 500
NOTE_CHARACTERS = 500


class Computed(NamedTuple):
    """What one computation did."""

    papers: int
    versions: int
    doubts: int


def compute_statistics(*, at: datetime, exam: Exam | None = None) -> Computed:
    """Compute the figures of every question and exam, or of the questions of ``exam``, from all answers that count.

    The same answers give the same rows. Memory grows with the questions asked, not with the answers. A question that
    has become conspicuous since the last time gets a row of the re-check list; what was settled comes back only when
    it ceased and began anew.
    """
    work = _Computation(at=at, exam=exam, limits=thresholds())
    attempts = _attempts(at=at, exam=exam)
    for quarter in _quarters(attempts):
        first, end = span_of(quarter)
        work.take_quarter(quarter, marked_papers(attempts.filter(opened_at__gte=first, opened_at__lt=end)))
    return work.finish()


def _attempts(*, at: datetime, exam: Exam | None) -> QuerySet[Attempt]:
    """All that count; for the questions of one exam, those of every exam that asked one of them."""
    attempts = countable(at=at)
    if exam is None:
        return attempts
    asked = ExamQuestion.objects.filter(exam=exam).values("version")
    return attempts.filter(candidate__exam__in=ExamQuestion.objects.filter(version__in=asked).values("exam"))


def _quarters(attempts: QuerySet[Attempt]) -> Iterator[str]:
    ends = attempts.aggregate(first=Min("opened_at"), last=Max("opened_at"))
    return quarters_between(ends["first"], ends["last"]) if ends["first"] else iter(())


@dataclass
class _Computation:
    """One run: what has been counted so far."""

    at: datetime
    exam: Exam | None
    limits: Thresholds
    papers: int = 0
    faces: dict[int, Face] = field(default_factory=dict)
    all_time: dict[int, ItemTally] = field(default_factory=dict)
    # The last two quarters of each version that had enough answers.
    recent: dict[int, list[InQuarter]] = field(default_factory=dict)
    exams: dict[int, PaperSums] = field(default_factory=dict)
    scope: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if self.exam is not None:
            asked = ExamQuestion.objects.filter(exam=self.exam)
            self.scope = frozenset(asked.values_list("version_id", flat=True))

    # -- counting ---------------------------------------------------------------------------

    def take_quarter(self, quarter: str, papers: Iterable[MarkedPaper]) -> None:
        tallies: dict[int, ItemTally] = {}
        for paper in papers:
            self.take_paper(paper, tallies)
        rows = []
        for version, tally in sorted(tallies.items()):
            figures = tally.figures(self.limits)
            rows.append(_row(version, quarter, figures, at=self.at))
            if isinstance(figures.facility, Estimate):
                self.recent[version] = [*self.recent.get(version, [])[-1:], InQuarter(quarter, figures.facility)]
            self._tally(version, self.all_time).merge(tally)
        _write(rows)

    def take_paper(self, paper: MarkedPaper, tallies: dict[int, ItemTally]) -> None:
        if not paper.answers:
            return
        self.papers += 1
        self._learn(answer.version for answer in paper.answers)
        earned = sum(answer.earned for answer in paper.answers)
        worth = sum(answer.worth for answer in paper.answers)
        if self.exam is None or paper.exam == self.exam.pk:
            # Without what is left out papers would end at different totals: like scores they are raised to the exam's.
            raised = paper.worth / worth / 100
            sums = self.exams.setdefault(paper.exam, PaperSums())
            sums.add((answer.earned * raised, answer.worth * raised) for answer in paper.answers)
        for answer in paper.answers:
            if self.scope is not None and answer.version not in self.scope:
                continue
            rest_worth = worth - answer.worth
            rest = (earned - answer.earned) / rest_worth if rest_worth else None
            tally = self._tally(answer.version, tallies)
            tally.add(answer.earned / answer.worth, rest, answer.picked, answer.seconds)

    def _tally(self, version: int, tallies: dict[int, ItemTally]) -> ItemTally:
        if version not in tallies:
            tallies[version] = ItemTally(self.faces[version])
        return tallies[version]

    def _learn(self, versions: Iterable[int]) -> None:
        """Look up the options of versions not met before."""
        if unknown := set(versions) - self.faces.keys():
            rows = QuestionVersion.objects.only("kind", "shown", "key").in_bulk(unknown)
            corrected = corrections_of(unknown)
            self.faces |= {pk: face_of(row, key_by(corrected.get(pk), row.key)) for pk, row in rows.items()}

    # -- writing ----------------------------------------------------------------------------

    def finish(self) -> Computed:
        exposure = recent_exposure(at=self.at, days=self.limits.exposure_days)
        met = set(exposure.people) if self.scope is None else self.scope & set(exposure.people)
        versions = sorted(self.all_time.keys() | met)
        doubts = sum(self._finish(chunk, exposure) for chunk in _chunks(versions))
        self._finish_exams()
        self._forget_stale()
        return Computed(self.papers, len(versions), doubts)

    def _forget_stale(self) -> None:
        """What was counted once and is not any more: a question dropped from its only exam, an exam of nothing else."""
        questions = ItemStatistics.objects.filter(computed_at__lt=self.at)
        exams = ExamStatistics.objects.filter(computed_at__lt=self.at)
        if self.exam is not None:
            questions, exams = questions.filter(version__in=self.scope or ()), exams.filter(exam=self.exam)
        questions.delete()
        exams.delete()

    @transaction.atomic
    def _finish(self, versions: Collection[int], exposure: Exposure) -> int:
        """The rows over all time of some versions, and doubts about those that have become conspicuous."""
        self._learn(versions)
        rows = [self._all_time_row(version, exposure) for version in versions]
        before = ItemStatistics.objects.all_time().filter(version__in=versions)
        known = {row["version"]: _codes(row["flags"]) for row in before.values("version", "flags")}
        _write(rows)
        fresh = {row.version_id: row.flags for row in rows if _codes(row.flags) - known.get(row.version_id, set())}
        _restate_doubts(rows)
        return _raise_doubts(fresh, at=self.at)

    def _all_time_row(self, version: int, exposure: Exposure) -> ItemStatistics:
        tally = self._tally(version, self.all_time)
        figures = tally.figures(self.limits)
        row = _row(version, "", figures, at=self.at)
        row.exposed_people, row.exposure_days = exposure.people[version], exposure.days
        recent = self.recent.get(version, [])
        row.flags = flags_of(version, tally.face, figures, recent=recent, exposure=exposure, limits=self.limits)
        row.is_flagged = bool(row.flags)
        return row

    def _finish_exams(self) -> None:
        rows = [_exam_row(exam, sums, self.limits, at=self.at) for exam, sums in sorted(self.exams.items())]
        fields = ["persons", "mean", "deviation", "reliability", "standard_error", "computed_at"]
        ExamStatistics.objects.bulk_create(
            rows, batch_size=CHUNK, update_conflicts=True, unique_fields=["exam"], update_fields=fields
        )


def _row(version: int, quarter: str, figures: Figures, *, at: datetime) -> ItemStatistics:
    row = ItemStatistics(version_id=version, quarter=quarter, n=figures.n, computed_at=at)
    if isinstance(figures.facility, Estimate):
        row.facility, row.facility_low, row.facility_high, _n = map(_rounded, figures.facility)
    if isinstance(figures.discrimination, Estimate):
        row.discrimination, row.discrimination_low, row.discrimination_high, _n = map(_rounded, figures.discrimination)
    if isinstance(figures.table, DistractorTable):
        row.distractors = table_as_json(figures.table)
    if isinstance(figures.seconds, Spread):
        row.seconds_median, row.seconds_lower, row.seconds_upper, _n = map(int, figures.seconds)
    row.seconds_n = figures.seconds.n
    row.discrimination_n = figures.rest_n
    return row


def _exam_row(exam: int, sums: PaperSums, limits: Thresholds, *, at: datetime) -> ExamStatistics:
    row = ExamStatistics(exam_id=exam, persons=sums.persons, computed_at=at)
    if sums.persons >= limits.facility:
        row.mean, row.deviation = _rounded(sums.mean()), _rounded(sums.variance() ** 0.5)
    found = reliability(sums, least=limits.reliability)
    if isinstance(found, Reliability):
        row.reliability, row.standard_error = _rounded(found.value), _rounded(found.standard_error)
    return row


def _rounded(value: float) -> float:
    """Six places: what the order of a sum may change lies beyond them, so the same answers give the same rows."""
    return round(value, 6)


_WRITTEN = [
    field.name for field in ItemStatistics._meta.concrete_fields if field.name not in {"id", "version", "quarter"}
]


def _write(rows: Iterable[ItemStatistics]) -> None:
    """Put rows in the place of those of the same version and quarter, always in one order."""
    ItemStatistics.objects.bulk_create(
        rows, batch_size=CHUNK, update_conflicts=True, unique_fields=["version", "quarter"], update_fields=_WRITTEN
    )


# -- doubts -------------------------------------------------------------------------------------


def _raise_doubts(fresh: Mapping[int, list[Flag]], *, at: datetime) -> int:
    """A task for whoever keeps the bank, for versions that papers may still draw; how many are new."""
    asked = QuestionVersion.objects.filter(pk__in=fresh, current_for__live=True).select_related("question")
    return sum(
        raise_doubt(version.question, reason=RecheckReason.STATISTICS, note=_note(version, fresh[version.pk]), at=at)
        for version in asked.order_by("pk")
    )


def _restate_doubts(rows: Iterable[ItemStatistics]) -> None:
    """A task that still waits says what is conspicuous now, also when nothing is any more; a person closes it."""
    flags = {row.version_id: row.flags for row in rows}
    waiting = QuestionVersion.objects.filter(
        pk__in=flags,
        current_for__rechecks__reason=RecheckReason.STATISTICS,
        current_for__rechecks__settled_at=None,
    )
    notes = {version.question_id: _note(version, flags[version.pk]) for version in waiting}
    if notes:
        restate_doubts(notes, reason=RecheckReason.STATISTICS)


def _note(version: QuestionVersion, flags: list[Flag]) -> str:
    if not flags:
        return _("By the newest answers nothing is conspicuous any more.")
    options = {option["id"]: option["text"] for option in version.shown["options"]}
    return " ".join(in_words(flag, options) for flag in flags)[:NOTE_CHARACTERS]


def _codes(flags: Iterable[Flag]) -> set[str]:
    return {flag["code"] for flag in flags}


def _chunks(versions: list[int]) -> Iterator[list[int]]:
    rest = iter(versions)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
