"""The closed lists of this app, and named groups of states beside them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExamState(models.TextChoices):
    """Draft → being published → published → closed. Results are released by a time, not by a state."""

    DRAFT = "draft", _("Draft")
    PUBLISHING = "publishing", _("Being published")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")


# Candidates and their papers exist and are final.
SETTLED_EXAM_STATES = frozenset({ExamState.PUBLISHED, ExamState.CLOSED})


class Audience(models.TextChoices):
    """Who is examined."""

    EVERYBODY = "everybody", _("Everybody in the division")
    ROLE = "role", _("One role in the division")
    TEAMS = "teams", _("Chosen teams")
    DRAW = "draw", _("A random draw")
    CHOSEN = "chosen", _("Chosen people")


class CountingAttempt(models.TextChoices):
    """Which of several attempts counts."""

    BEST = "best", _("The best attempt")
    LAST = "last", _("The last attempt")
    FIRST = "first", _("The first attempt")
    MEAN = "mean", _("The mean of all attempts")


class ReleaseRule(models.TextChoices):
    """When a member sees score and review."""

    AT_ONCE = "at_once", _("As soon as it is marked")
    AFTER_CLOSE = "after_close", _("When the exam has closed")
    BY_HAND = "by_hand", _("When the office releases it")


class MultipleRule(models.TextChoices):
    """What an incomplete but faultless multiple choice earns; a wrong pick always earns nothing."""

    ALL_OR_NOTHING = "all_or_nothing", _("Nothing")
    FIXED_SHARE = "fixed_share", _("A fixed share of the points")
    PROPORTIONAL = "proportional", _("A share for every right option picked")


class AttemptState(models.TextChoices):
    OPEN = "open", _("Open")
    SUBMITTED = "submitted", _("Waiting for marks")
    MARKED = "marked", _("Marked")


CLOSED_ATTEMPT_STATES = frozenset({AttemptState.SUBMITTED, AttemptState.MARKED})


class HandIn(models.TextChoices):
    """How an attempt ended."""

    MEMBER = "member", _("Handed in")
    TIME = "time", _("Time was up")
    OFFICE = "office", _("Closed by the office")
    PAPER = "paper", _("On paper")


class MarkSource(models.TextChoices):
    AUTOMATIC = "automatic", _("By rule")
    MARKER = "marker", _("By a marker")
    OVERRULED = "overruled", _("Overruled")
    REPAIRED = "repaired", _("Key repaired")


class RepairKind(models.TextChoices):
    """What is done about a question that was asked with a wrong key."""

    CORRECT_KEY = "correct_key", _("Correct the key")
    CREDIT_EVERYBODY = "credit_everybody", _("Credit everybody")
    DROP_QUESTION = "drop_question", _("Drop the question")


class RepairState(models.TextChoices):
    """Proposed → approved (being carried out) → carried out; or declined, or withdrawn."""

    PROPOSED = "proposed", _("Waits for a second person")
    APPROVED = "approved", _("Approved, being carried out")
    DONE = "done", _("Carried out")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# One at a time for a question version.
OPEN_REPAIR_STATES = frozenset({RepairState.PROPOSED, RepairState.APPROVED})
# Answers handed in from now on are marked by these.
RULING_REPAIR_STATES = frozenset({RepairState.APPROVED, RepairState.DONE})
DECIDED_REPAIR_STATES = RULING_REPAIR_STATES | {RepairState.DECLINED}


class QuestionFate(models.TextChoices):
    """What became of the question itself when a repair of one of its versions was approved."""

    CORRECTED = "corrected", _("The question was corrected and published as a new version.")
    RETIRED = "retired", _("The question was retired; somebody has to mend it before it is asked again.")
    RECHECK = "recheck", _("The question was left as it is; it waits to be checked again.")


class Band(models.TextChoices):
    """How a result is named; the limits are settings of the exam."""

    EXCELLENT = "excellent", _("Excellent")
    GOOD = "good", _("Good")
    PASS = "pass", _("Pass")
    FAIL = "fail", _("Fail")


class PublicationState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ExportFormat(models.TextChoices):
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"
    CSV_GB18030 = "csv-gb18030", "CSV (GB18030)"
    PDF = "pdf", "PDF"
