"""What is conspicuous about a question, and the sentence that says so to whoever looks at it again."""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from exams.domain.statistics.exposure import Exposure
from exams.domain.statistics.formulas import (
    UPPER,
    DistractorTable,
    Estimate,
    difference,
    z_below_zero,
    z_of_difference,
)
from exams.domain.statistics.tallies import Face, Figures
from exams.domain.statistics.thresholds import Thresholds

WRONG_KEY = "wrong_key"
NEGATIVE = "negative_discrimination"
IDLE = "idle_distractor"
TOO_EASY = "too_easy"
OVER_EXPOSED = "over_exposed"
DRIFT = "drift"

# As stored: ``code`` and what the sentence needs.
Flag = dict[str, Any]


class InQuarter(NamedTuple):
    """The facility of one quarter."""

    quarter: str
    facility: Estimate


def flags_of(
    version: int,
    face: Face,
    figures: Figures,
    *,
    recent: Sequence[InQuarter],
    exposure: Exposure,
    limits: Thresholds,
) -> list[Flag]:
    """Everything conspicuous about a version; ``recent`` are its last quarters with enough answers, in order."""
    found = [*_of_answers(face, figures, limits), *_of_drift(recent, limits)]
    if _is_over_exposed(version, exposure, limits):
        met = exposure.people[version]
        found.append({"code": OVER_EXPOSED, "people": met, "of": exposure.examined, "days": exposure.days})
    return found


def _is_over_exposed(version: int, exposure: Exposure, limits: Thresholds) -> bool:
    met = exposure.people[version]
    stands_out = met >= limits.exposed_above_mean * exposure.mean()
    return met >= limits.exposed_people and exposure.share(version) > limits.exposed_share and stands_out


def _of_answers(face: Face, figures: Figures, limits: Thresholds) -> Iterator[Flag]:
    share = figures.facility
    if isinstance(figures.table, DistractorTable):
        yield from _wrong_keys(face, figures.table, limits)
    if isinstance(share, Estimate) and not face.options and share.high < limits.hardly_anybody:
        yield {"code": WRONG_KEY, "facility": round(share.value, 4)}
    r = figures.discrimination
    if isinstance(r, Estimate) and z_below_zero(r) > limits.z_conspicuous:
        yield {"code": NEGATIVE, "r": round(r.value, 2)}
    if isinstance(figures.table, DistractorTable):
        yield from _idle(face, figures.table, limits)
    if isinstance(share, Estimate) and share.low >= limits.too_easy:
        yield {"code": TOO_EASY, "facility": round(share.value, 4)}


def _wrong_keys(face: Face, table: DistractorTable, limits: Thresholds) -> Iterator[Flag]:
    """A wrong option that the upper third picked more than a right one, by more than chance would bring.

    The counts of two options are compared as McNemar (1947) does it: their difference against the root of their sum.
    """
    picked = {row.option: row.picked[UPPER] for row in table.rows}
    least_right = min(picked[option] for option in face.right)
    for option in _distractors(face):
        ahead = picked[option] - least_right
        if ahead > limits.z_conspicuous * sqrt(picked[option] + least_right):
            yield {"code": WRONG_KEY, "option": option, "picked": picked[option], "key": least_right}


def _idle(face: Face, table: DistractorTable, limits: Thresholds) -> Iterator[Flag]:
    """Of two options one is the key: when nobody takes the other the question is too easy, which is said already."""
    if sum(table.people) < limits.idle_from or len(face.options) <= 2:
        return
    picked = {row.option: sum(row.picked) for row in table.rows}
    distractors = _distractors(face)
    misled = sum(picked[option] for option in distractors)
    # That an option which misleads as often as the others is left out by all of them.
    chance = (1 - 1 / len(distractors)) ** misled if distractors else 1.0
    if chance > limits.idle_chance:
        return
    for option in distractors:
        if not picked[option]:
            yield {"code": IDLE, "option": option, "n": sum(table.people)}


def _distractors(face: Face) -> list[str]:
    return [option for option in face.options if option not in face.right]


def _of_drift(recent: Sequence[InQuarter], limits: Thresholds) -> Iterator[Flag]:
    if len(recent) < 2:
        return
    earlier, later = recent[-2:]
    apart = difference(later.facility, earlier.facility)
    if z_of_difference(apart) >= limits.z_drift and abs(apart.value) >= limits.drift:
        yield {
            "code": DRIFT,
            "from": [earlier.quarter, round(earlier.facility.value, 4)],
            "to": [later.quarter, round(later.facility.value, 4)],
        }


# -- in words -----------------------------------------------------------------------------------


def in_words(flag: Flag, options: Mapping[str, str]) -> str:
    """The flag as a sentence; ``options`` are the texts of the version's options by their ids."""
    return _SENTENCES[flag["code"]](flag, options)


def _wrong_key_words(flag: Flag, options: Mapping[str, str]) -> str:
    if "option" not in flag:
        share = {"facility": _percent(flag["facility"])}
        return (
            _("What is accepted may be wrong or too narrow: hardly anybody earns anything, facility %(facility)s.")
            % share
        )
    return _(
        "The key may be wrong: of the best third %(picked)s picked “%(option)s”, only %(key)s the answer that counts."
    ) % {"picked": flag["picked"], "key": flag["key"], "option": _short(options, flag)}


def _negative_words(flag: Flag, options: Mapping[str, str]) -> str:
    return _("Those who do well otherwise fail here more often: discrimination %(r)s.") % {"r": f"{flag['r']:.2f}"}


def _idle_words(flag: Flag, options: Mapping[str, str]) -> str:
    return _("None of %(n)s people took “%(option)s”: it misleads nobody.") % {
        "n": flag["n"],
        "option": _short(options, flag),
    }


def _too_easy_words(flag: Flag, options: Mapping[str, str]) -> str:
    return _("Nearly everybody gets it right: facility %(facility)s.") % {"facility": _percent(flag["facility"])}


def _over_exposed_words(flag: Flag, options: Mapping[str, str]) -> str:
    return _("%(people)s of the %(of)s people examined in the last %(days)s days have met it.") % flag


def _drift_words(flag: Flag, options: Mapping[str, str]) -> str:
    (before, old), (after, new) = flag["from"], flag["to"]
    words = {"before": before, "old": _percent(old), "after": after, "new": _percent(new)}
    return _("Its facility went from %(old)s (%(before)s) to %(new)s (%(after)s).") % words


def _short(options: Mapping[str, str], flag: Flag) -> str:
    return options.get(flag["option"], flag["option"])[:40]


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


_SENTENCES = {
    WRONG_KEY: _wrong_key_words,
    NEGATIVE: _negative_words,
    IDLE: _idle_words,
    TOO_EASY: _too_easy_words,
    OVER_EXPOSED: _over_exposed_words,
    DRIFT: _drift_words,
}
