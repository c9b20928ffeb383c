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
