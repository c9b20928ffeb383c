"""The closed lists of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """How a question is answered."""

    SINGLE = "single", _("Single choice")
    MULTIPLE = "multiple", _("Multiple choice")
    TRUE_FALSE = "true_false", _("True or false")
    FILL = "fill", _("Fill in")
    SHORT = "short", _("Short answer")


# Answered by picking options; the answer is a set of option ids.
CHOICE_KINDS = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE})
# Marked by rule, without a person.
CLOSED_KINDS = CHOICE_KINDS | {Kind.FILL}


class Difficulty(models.TextChoices):
    """As set by the author; what was measured stands beside it."""

    EASY = "easy", _("Easy")
    MEDIUM = "medium", _("Medium")
    HARD = "hard", _("Hard")


class RecheckReason(models.TextChoices):
    """Why a published question has to be looked at again."""

    ENTRY_CHANGED = "entry_changed", _("The entry it tests was changed")
    VALIDITY = "validity", _("Its validity has ended")
    REPORTED = "reported", _("A member reported it")
    STATISTICS = "statistics", _("Its figures are conspicuous")


class RecheckOutcome(models.TextChoices):
    """How a doubt was settled."""

    CONFIRMED = "confirmed", _("It still holds")
    EDITED = "edited", _("It was changed")
    RETIRED = "retired", _("It is not asked any more")
