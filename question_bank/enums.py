"""The closed lists of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


# Until these are settled no new paper draws the question; the others are a task, or one person could empty the bank.
BLOCKING_REASONS = frozenset({RecheckReason.ENTRY_CHANGED, RecheckReason.VALIDITY})


class BatchState(models.TextChoices):
    """Being read → read (a dry run to look at) → being taken over → taken over → being undone → undone; or refused."""

    READING = "reading", _("Being read")
    REFUSED = "refused", pgettext_lazy("file", "Refused")
    READ = "read", _("Dry run")
    COMMITTING = "committing", _("Being taken over")
    COMMITTED = "committed", _("Taken over")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class RowOutcome(models.TextChoices):
    """What a row of a file would do to the bank."""

    NEW = "new", pgettext_lazy("row", "New")
    CHANGED = "changed", pgettext_lazy("row", "Changed")
    IDENTICAL = "identical", pgettext_lazy("row", "Already there")
    NEAR = "near", pgettext_lazy("row", "Much like another one")
    REFUSED = "refused", pgettext_lazy("row", "Not understood")


class ReportReason(models.TextChoices):
    """What a member finds wrong with a question."""

    WRONG_KEY = "wrong_key", _("The right answer is wrong")
    UNCLEAR = "unclear", _("It is not clear")
    OUT_OF_DATE = "out_of_date", _("It is out of date")
    OTHER = "other", pgettext_lazy("report", "Something else")


class ReportVerdict(models.TextChoices):
    """What came of a report."""

    UPHELD = "upheld", _("You are right: it is corrected")
    DECLINED = "declined", _("The question stands")
