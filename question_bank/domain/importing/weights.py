"""Which options are right, when a file gives each of them a share of the points."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from question_bank.domain.importing.drafts import DraftOption
from question_bank.domain.importing.findings import ONE_TICKED, PARTIAL, UNEVEN, Findings, NotTaken
from question_bank.enums import Kind

FULL = 100.0
# Thirds and sixths are written as 33.33333 and 16.67.
_ROUNDING = 1.0
MOST_ANSWERS = 200

NO_RIGHT_OPTION = _("No option is marked as right.")
SEVERAL_RIGHT = _("Several options are marked as right, but only one may be chosen.")
UNCERTAIN = _("The weights of the options do not add up to 100 percent, so it is not certain which are right.")
TOO_MANY_ANSWERS = _("There are far too many options or answers.")


def choice(
    texts: Sequence[str], weights: Sequence[float], *, several: bool, findings: Findings
) -> tuple[Kind, tuple[DraftOption, ...]]:
    """The kind and the options of a choice question. ``weights`` are percents of the points.

    Where one option may be chosen, the one with all points is right. Where several may, those with a positive weight
    are, provided that together they give all points. Anything else is not certain, and ``NotTaken``.
    """
    if not all(texts):
        raise NotTaken(_("An option is empty."))
    right = _several_right(weights, findings) if several else _one_right(weights, findings)
    options = tuple(DraftOption(text, place in right) for place, text in enumerate(texts))
    return (Kind.MULTIPLE if len(right) > 1 else Kind.SINGLE), options


def full_answers(answers: Sequence[tuple[float, str]], findings: Findings) -> tuple[str, ...]:
    """The accepted answers out of ``(weight, text)``: those that give all points."""
    if any(0 < weight < FULL - _ROUNDING for weight, _text in answers):
        findings.lose(PARTIAL)
    accepted = tuple(text for weight, text in answers if weight >= FULL - _ROUNDING)
    if not accepted:
        raise NotTaken(_("No answer gives all points."))
    if not all(accepted):
        raise NotTaken(_("An accepted answer is empty."))
    return accepted


def _one_right(weights: Sequence[float], findings: Findings) -> frozenset[int]:
    right = frozenset(place for place, weight in enumerate(weights) if weight >= FULL - _ROUNDING)
    if len(right) != 1:
        raise NotTaken(SEVERAL_RIGHT if right else NO_RIGHT_OPTION)
    if any(0 < weight < FULL - _ROUNDING for weight in weights):
        findings.lose(PARTIAL)
    return right


def _several_right(weights: Sequence[float], findings: Findings) -> frozenset[int]:
    right = frozenset(place for place, weight in enumerate(weights) if weight > 0)
    if not right:
        raise NotTaken(NO_RIGHT_OPTION)
    shares = [weights[place] for place in right]
    if abs(sum(shares) - FULL) > _ROUNDING:
        raise NotTaken(UNCERTAIN)
    if len(right) == 1:
        findings.lose(ONE_TICKED)
    elif max(shares) - min(shares) > _ROUNDING:
        findings.lose(UNEVEN)
    return right
