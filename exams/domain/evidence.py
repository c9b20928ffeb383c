"""Results of exams as evidence for the appraisal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Count, DateTimeField, F, Q, QuerySet
from django.db.models.functions import Coalesce, Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.evidence import Finding, Inquiry, Piece, SettingsForm, Source
from exams.domain.closing import close_overdue
from exams.enums import RepairState
from exams.models import Attempt, Candidate, Exam, RepairOutcome
from members.models.division import prefix_of

FULL = Decimal(100)
_FOUR_PLACES = Decimal("0.0001")
CHUNK = 5000


class ExamSettings(SettingsForm):
    """Which exams count, how several become one figure, and what staying away means."""

    exams = forms.MultipleChoiceField(
        label=gettext_lazy("Which exams"),
        required=False,
        help_text=gettext_lazy("None chosen: every exam that ends in the quarter."),
    )
    several = forms.ChoiceField(
        label=gettext_lazy("Of several exams counts"),
        choices=[
            ("mean", gettext_lazy("the mean of their percentages")),
            ("best", gettext_lazy("the best one")),
            ("all", gettext_lazy("all points together")),
        ],
        initial="mean",
    )
    absence = forms.ChoiceField(
        label=gettext_lazy("Who stayed away"),
        choices=[
            ("zero", gettext_lazy("has no points in that exam")),
            ("leave_out", gettext_lazy("is appraised by the other exams")),
        ],
        initial="zero",
    )
    retakes = forms.ChoiceField(
        label=gettext_lazy("A retake"),
        choices=[
            ("better", gettext_lazy("counts where it is better")),
            ("ignore", gettext_lazy("does not count")),
        ],
        initial="better",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = ended_between(self.starts_on, self.ends_on, division=self.division)
        self.offer("exams", [(str(exam.uuid), exam.title) for exam in found])


def ended_between(first: date, last: date, *, division: str) -> QuerySet[Exam]:
    """Settled exams with people of ``division`` whose end lies in those days, the earliest first."""
    midnight, zone = time.min, timezone.get_current_timezone()
    start = datetime.combine(first, midnight, zone)
    end = datetime.combine(last + timedelta(days=1), midnight, zone)
    ended = Least(Coalesce(F("closed_at"), F("closes_at")), F("closes_at"), output_field=DateTimeField())
    of_division = Candidate.objects.filter(division_code__startswith=prefix_of(division)).values("exam_id")
    found = Exam.objects.settled().annotate(ended=ended).filter(ended__gte=start, ended__lt=end, pk__in=of_division)
    return found.order_by("ended", "pk")


@dataclass(frozen=True, slots=True)
class _Result:
    """One person in one exam; ``score`` is None for who stayed away, and while a marker has not been there."""

    exam: Exam
    candidate_id: int
    score: Decimal | None
    attempts: int
    attempt: str = ""

    @property
    def is_absent(self) -> bool:
        return not self.attempts

    @property
    def is_waiting(self) -> bool:
        return self.attempts > 0 and self.score is None

    @property
    def points(self) -> Decimal:
        return self.score or Decimal(0)

    @property
    def percent(self) -> Decimal:
        return FULL * self.points / self.exam.total_points

    def piece(self) -> Piece:
        exam = self.exam
        notes = [_("absent")] if self.is_absent else [_("retake")] if exam.retake_of_id else []
        return Piece(
            label=exam.title,
            ref=f"{ExamSource.key}:{self.attempt}" if self.attempt else "",
            on=timezone.localdate(exam.ended_at()),
            value=None if self.is_absent else self.score,
            of=exam.total_points,
            note="".join(notes),
        )


class ExamSource(Source):
    """What people earned in exams that ended in the quarter."""

    key: ClassVar[str] = "exams"
    name = gettext_lazy("Results of exams")
    description = gettext_lazy("Scores of exams that end in the quarter, in per cent of their points.")
    settings_form = ExamSettings

    def countable(self, division: str) -> Mapping[str, str]:
        return {"absent": _("Exams stayed away from"), "failed": _("Exams not passed")}

    def settle(self, inquiry: Inquiry) -> None:
        for exam in _exams(inquiry):
            close_overdue(at=inquiry.cutoff, exam=exam)

    def problems(self, inquiry: Inquiry) -> Iterator[str]:
        for exam in _exams(inquiry):
            if not exam.is_over(at=inquiry.cutoff):
                yield _("The exam “%(exam)s” is still going on.") % {"exam": exam.title}
            elif not exam.results_are_out(at=inquiry.cutoff):
                yield _("The results of the exam “%(exam)s” have not been released.") % {"exam": exam.title}

        repaired = Exam.objects.filter(
            pk__in=[exam.pk for exam in _exams(inquiry)], key_repairs__state=RepairState.APPROVED
        )
        for exam in repaired.distinct().order_by("pk"):
            yield _("In the exam “%(exam)s” the key of a question is being repaired.") % {"exam": exam.title}

    def changed_since(self, inquiry: Inquiry) -> Iterator[str]:
        """Scores that a repaired key has changed."""
        changed = RepairOutcome.objects.filter(
            attempt__candidate__exam__in=_exams(inquiry),
            attempt__candidate__division_code__startswith=prefix_of(inquiry.division),
            repair__done_at__gt=inquiry.cutoff,
        ).exclude(old_counted=F("new_counted"))
        people = changed.values("attempt__candidate__exam", "attempt__candidate__exam__title")
        counted = people.annotate(n=Count("attempt__candidate", distinct=True)).order_by("attempt__candidate__exam")
        for row in counted:
            said = ngettext(
                "The key of a question of “%(exam)s” was repaired since: the score of %(n)s person changed.",
                "The key of a question of “%(exam)s” was repaired since: the scores of %(n)s people changed.",
                row["n"],
            )
            yield said % {"exam": row["attempt__candidate__exam__title"], "n": row["n"]}

    def find(self, inquiry: Inquiry) -> Mapping[int, Finding]:
        exams = {exam.pk: exam for exam in _exams(inquiry) if exam.is_over(at=inquiry.cutoff)}
        by_person: dict[int, list[_Result]] = defaultdict(list)
        for person, result in _results(exams, inquiry):
            by_person[person].append(result)
        return {person: _finding(results, inquiry.settings) for person, results in by_person.items()}

    def link(self, ref: str) -> str:
        return reverse("attempt", args=[ref.partition(":")[2]])

    def office_link(self, ref: str) -> str:
        return reverse("exams_attempts:attempt", args=[ref.partition(":")[2]])


def _exams(inquiry: Inquiry) -> list[Exam]:
    found = ended_between(inquiry.starts_on, inquiry.ends_on, division=inquiry.division)
    if chosen := inquiry.settings.get("exams"):
        # A retake belongs to the exam it repeats.
        found = found.filter(Q(uuid__in=chosen) | Q(retake_of__uuid__in=chosen))
    return list(found)


def _results(exams: Mapping[int, Exam], inquiry: Inquiry) -> Iterator[tuple[int, _Result]]:
    """Tuples, since a city has hundreds of thousands of them."""
    attempts = _counted_attempts(exams)
    rows = Candidate.objects.filter(exam__in=exams, division_code__startswith=prefix_of(inquiry.division))
    columns = rows.order_by("exam_id", "pk").values_list("person_id", "exam_id", "pk", "score", "attempts_used")
    for person, exam, pk, score, used in columns.iterator(chunk_size=CHUNK):
        if person in inquiry.people:
            yield person, _Result(exams[exam], pk, score, used, attempts.get(pk, ""))


def _counted_attempts(exams: Iterable[int]) -> dict[int, str]:
    """The attempt to look at for each candidate: the best, the latest of equals."""
    rows = Attempt.objects.filter(candidate__exam__in=exams).order_by(F("score").asc(nulls_first=True), "opened_at")
    pairs = rows.values_list("candidate_id", "uuid").iterator(chunk_size=CHUNK)
    return {candidate: str(uuid) for candidate, uuid in pairs}


def _finding(results: list[_Result], settings: Mapping[str, Any]) -> Finding:
    results.sort(key=lambda result: (result.exam.ended_at(), result.exam.pk))
    counted = _counted(results, retakes=settings.get("retakes", "better"))
    if settings.get("absence") == "leave_out":
        present = [result for result in counted if not result.is_absent]
    else:
        present = counted
    return Finding(
        percent=_percent(present, settings.get("several", "mean")),
        explanation=_explanation(len(present), settings.get("several", "mean")),
        pieces=tuple(result.piece() for result in results),
        counts={
            "absent": sum(result.is_absent for result in counted),
            "failed": sum(result.points < result.exam.pass_points for result in counted if not result.is_waiting),
        },
        waiting=_("Answers in an exam wait for a marker.") if any(result.is_waiting for result in results) else "",
    )


def _counted(results: list[_Result], *, retakes: str) -> list[_Result]:
    """One result for each exam with its retakes."""
    best: dict[int, _Result] = {}
    for result in results:
        root = result.exam.retake_of_id or result.exam.pk
        if result.exam.retake_of_id and retakes == "ignore":
            continue
        known = best.get(root)
        if known is None or _is_better(result, known):
            best[root] = result
    return list(best.values())


def _is_better(result: _Result, known: _Result) -> bool:
    """An attempt beats an absence, even one without points."""
    return (not result.is_absent, result.percent) > (not known.is_absent, known.percent)


def _percent(results: list[_Result], several: str) -> Decimal | None:
    if not results:
        return None
    if several == "best":
        percent = max(result.percent for result in results)
    elif several == "all":
        percent = FULL * sum(result.points for result in results) / sum(result.exam.total_points for result in results)
    else:
        percent = sum((result.percent for result in results), Decimal(0)) / len(results)
    return percent.quantize(_FOUR_PLACES, ROUND_HALF_UP)


def _explanation(number: int, several: str) -> str:
    if not number:
        return _("No exam counts.")
    texts = {
        "best": _("The best of %(number)s exams."),
        "all": _("All points of %(number)s exams together."),
        "mean": _("The mean of %(number)s exams."),
    }
    return _("One exam.") if number == 1 else texts[several] % {"number": number}
