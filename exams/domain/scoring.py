"""What an answer earns. Pure: it reads nothing but its arguments."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from common.chinese import fold
from exams.enums import MultipleRule
from question_bank.enums import Kind

NOTHING = Decimal(0)
CENT = Decimal("0.01")


class MarkingRule(NamedTuple):
    """The settings of a blueprint that decide marks."""

    multiple_rule: str
    multiple_share_percent: int


def points_earned(
    kind: str, key: Mapping[str, Any], answer: Mapping[str, Any], points: Decimal, rule: MarkingRule
) -> Decimal:
    """Points for an answer to a closed question, from nothing to ``points``, rounded to hundredths."""
    if not answer:
        return NOTHING
    if kind == Kind.FILL:
        return _share(points, _blanks_right(key, answer["blanks"]), len(key["blanks"]))
    picked, right = set(answer["options"]), set(key["options"])
    if picked == right:
        return points
    if kind == Kind.MULTIPLE and picked < right:
        return _incomplete(len(picked), len(right), points, rule)
    return NOTHING


def _incomplete(picked: int, right: int, points: Decimal, rule: MarkingRule) -> Decimal:
    """A multiple choice without a wrong pick in which something right is missing."""
    if rule.multiple_rule == MultipleRule.FIXED_SHARE:
        return _share(points, rule.multiple_share_percent, 100)
    if rule.multiple_rule == MultipleRule.PROPORTIONAL:
        return _share(points, picked, right)
    return NOTHING


def _blanks_right(key: Mapping[str, Any], filled: Sequence[str]) -> int:
    accepted = [{fold(text) for text in texts} for texts in key["blanks"]]
    given = [fold(text) for text in filled]
    if key["any_order"]:
        return _most_matches(accepted, given)
    return sum(text in texts for texts, text in zip(accepted, given, strict=True))


def _most_matches(accepted: Sequence[set[str]], given: Sequence[str]) -> int:
    """How many blanks can be met when the order is free: each given text serves one blank only."""
    owner: dict[int, int] = {}

    def place(text: int, tried: set[int]) -> bool:
        for blank, texts in enumerate(accepted):
            if given[text] in texts and blank not in tried:
                tried.add(blank)
                if blank not in owner or place(owner[blank], tried):
                    owner[blank] = text
                    return True
        return False

    # The same text twice is one answer, not two.
    distinct = {text: place_ for place_, text in reversed(list(enumerate(given))) if text}
    return sum(place(index, set()) for index in distinct.values())


def _share(points: Decimal, part: int, whole: int) -> Decimal:
    return (points * part / whole).quantize(CENT, ROUND_HALF_UP)
