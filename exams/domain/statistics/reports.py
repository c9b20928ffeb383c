"""Figures as pages and files show them. Every function asks the database a constant number of times."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from statistics import median
from typing import Any, NamedTuple

from django.db.models import Count, F, Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from exams.domain.rulings import corrections_of, key_by
from exams.domain.statistics.flags import in_words
from exams.domain.statistics.thresholds import thresholds
from exams.models import Candidate, Exam, ExamQuestion, ExamStatistics, ItemStatistics, KeyRepair
from members.models import User
from question_bank.enums import CHOICE_KINDS
from question_bank.models import Question, QuestionVersion

BANDS = 10


# -- words --------------------------------------------------------------------------------------


def too_few(n: int) -> str:
    return _("not enough answers (%(n)s)") % {"n": n}


def facility_words(row: ItemStatistics) -> str:
    """``75.0% (59.8%–85.8%)``."""
    if row.facility is None:
        return too_few(row.n)
    return f"{row.facility:.1%} ({row.facility_low:.1%}–{row.facility_high:.1%})"


def discrimination_words(row: ItemStatistics) -> str:
    """``0.42 (0.12 to 0.65), good``: the words are those of Ebel and Frisbie (1991)."""
    if row.discrimination is None:
        few = row.discrimination_n < thresholds().discrimination
        return too_few(row.discrimination_n) if few else _("cannot be told: everybody earned the same")
    words = {
        "r": f"{row.discrimination:.2f}",
        "low": f"{row.discrimination_low:.2f}",
        "high": f"{row.discrimination_high:.2f}",
        "judged": discrimination_judged(row.discrimination),
    }
    return _("%(r)s (%(low)s to %(high)s), %(judged)s") % words


def discrimination_judged(r: float) -> str:
    if r >= 0.4:
        return pgettext("discrimination", "very good")
    if r >= 0.3:
        return pgettext("discrimination", "good")
    if r >= 0.2:
        return pgettext("discrimination", "just enough")
    return pgettext("discrimination", "poor") if r >= 0 else pgettext("discrimination", "the wrong way round")


def seconds_words(row: ItemStatistics) -> str:
    if row.seconds_median is None:
        return too_few(row.seconds_n)
    words = {"median": row.seconds_median, "lower": row.seconds_lower, "upper": row.seconds_upper}
    return _("%(median)s s (half of them %(lower)s to %(upper)s s)") % words


def options_missing_words(figures: "VersionFigures") -> str:
    """Why nobody says who picked what; empty where it is said, and for questions without options."""
    row = figures.all_time
    if row is None or figures.options or figures.version.kind not in CHOICE_KINDS:
        return ""
    return too_few(row.discrimination_n)


def exposure_words(row: ItemStatistics) -> str:
    if row.exposed_people is None:
        return ""
    return _("%(people)s people in %(days)s days") % {"people": row.exposed_people, "days": row.exposure_days}


def flag_words(row: ItemStatistics, version: QuestionVersion) -> list[str]:
    texts = option_texts(version)
    return [in_words(flag, texts) for flag in row.flags]


def option_texts(version: QuestionVersion) -> dict[str, str]:
    return {option["id"]: option["text"] for option in version.shown["options"]}


# -- a question ---------------------------------------------------------------------------------


class OptionRow(NamedTuple):
    """An option of the distractor table: shares of the lower, middle and upper third that picked it.

    ``is_right`` is by the key in force, ``was_right`` by that of the version as it was asked.
    """

    text: str
    is_right: bool
    was_right: bool
    picked: tuple[int, int, int]
    shares: tuple[float, float, float]


class VersionFigures(NamedTuple):
    """One version with its row over all time (None before anything was computed) and those of the quarters."""

    version: QuestionVersion
    is_current: bool
    all_time: ItemStatistics | None
    quarters: list[ItemStatistics]
    people: tuple[int, int, int]
    options: list[OptionRow]
    correction: KeyRepair | None


def version_figures_of(question: Question) -> list[VersionFigures]:
    """Newest version first, its quarters in order. Three queries."""
    rows = Prefetch("statistics", ItemStatistics.objects.order_by("quarter"), to_attr="figures")
    versions = list(question.versions.order_by("-number").prefetch_related(rows))
    corrected = corrections_of([version.pk for version in versions])
    return [_version_figures(version, question, corrected.get(version.pk)) for version in versions]


def _version_figures(version: QuestionVersion, question: Question, correction: KeyRepair | None) -> VersionFigures:
    rows: list[ItemStatistics] = version.figures  # type: ignore[attr-defined]
    all_time = next((row for row in rows if not row.quarter), None)
    table = all_time.distractors if all_time else None
    return VersionFigures(
        version=version,
        is_current=version.pk == question.current_version_id,
        all_time=all_time,
        quarters=[row for row in rows if row.quarter],
        people=_three(table["people"]) if table else (0, 0, 0),
        options=_options(version, table, key_by(correction, version.key)) if table else [],
        correction=correction,
    )


def _options(
    version: QuestionVersion, table: Mapping[str, list[Mapping[str, list[int]]]], key: Mapping[str, Any]
) -> list[OptionRow]:
    texts, right, was_right = option_texts(version), key.get("options", []), version.key.get("options", [])
    people = table["people"]
    found = []
    for row in table["rows"]:
        option = str(row["option"]) if row["option"] is not None else None
        text = _("no answer") if option is None else texts[option]
        picked = _three(row["picked"])
        shares = tuple(count / of if of else 0.0 for count, of in zip(picked, people, strict=True))  # type: ignore[operator]
        found.append(OptionRow(text, option in right, option in was_right, picked, shares))  # type: ignore[arg-type]
    return found


def _three(counts: Iterable[int]) -> tuple[int, int, int]:
    lower, middle, upper = counts
    return lower, middle, upper


# -- an exam --------------------------------------------------------------------------------------


class ItemRow(NamedTuple):
    """One question of an exam: on how many of its papers, and its figures over all tests and all time."""

    version: QuestionVersion
    papers: int
    figures: ItemStatistics | None


class ScoreBand(NamedTuple):
    """Scores from ``low`` per cent of the points up to, but not with, ``high``; the last one with it."""

    low: int
    high: int
    people: int


class Distribution(NamedTuple):
    """The scores that counted of the people a reader may see."""

    people: int
    mean: Decimal
    median: Decimal
    bands: list[ScoreBand]


def item_rows(exam: Exam) -> list[ItemRow]:
    """Every question on the papers of ``exam``, the hardest first and those without a facility last. Two queries."""
    asked = (
        ExamQuestion.objects.filter(exam=exam)
        .select_related("version__topic", "version__question")
        .order_by("version__topic__code", "version__question_id")
    )
    versions = ExamQuestion.objects.filter(exam=exam).values("version")
    figures = {row.version_id: row for row in ItemStatistics.objects.all_time().filter(version__in=versions)}
    rows = [ItemRow(row.version, row.papers, figures.get(row.version_id)) for row in asked]
    return sorted(rows, key=_hardest_first)


def _hardest_first(row: ItemRow) -> float:
    known = row.figures is not None and row.figures.facility is not None
    return row.figures.facility if known else 2.0  # type: ignore[union-attr, return-value]


def exam_figures(exam: Exam) -> ExamStatistics | None:
    return ExamStatistics.objects.filter(exam=exam).first()


def score_distribution(exam: Exam, *, by: User) -> Distribution | None:
    """None where nobody whose scores ``by`` may see has one. One query, however many people."""
    people = Candidate.objects.filter(exam=exam, score__isnull=False).visible_to(by).order_by()
    counts = Counter(dict(people.values_list(F("score")).annotate(n=Count("pk"))))
    if not counts:
        return None
    n = counts.total()
    bands = Counter(_band_of(score, exam.total_points) for score in counts.elements())
    return Distribution(
        people=n,
        mean=(sum((score * count for score, count in counts.items()), Decimal(0)) / n).quantize(Decimal("0.01")),
        median=median(counts.elements()).quantize(Decimal("0.01")),
        bands=[ScoreBand(10 * place, 10 * place + 10, bands[place]) for place in range(BANDS)],
    )


def _band_of(score: Decimal, total: Decimal) -> int:
    return min(int(score * BANDS / total), BANDS - 1) if total else 0
