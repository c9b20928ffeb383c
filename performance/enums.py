"""The closed lists of this app, and named groups of states beside them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuarterState(models.TextChoices):
    """Open → computed → published for objection → closed. A reopened quarter is open again, in its next edition."""

    OPEN = "open", pgettext_lazy("quarter", "Open")
    COMPUTED = "computed", pgettext_lazy("quarter", "Computed")
    PUBLISHED = "published", pgettext_lazy("quarter", "Published for objection")
    CLOSED = "closed", pgettext_lazy("quarter", "Closed")


# Evidence may still be entered: nobody has been shown a result.
EVIDENCE_STATES = frozenset({QuarterState.OPEN, QuarterState.COMPUTED})
# Each member sees their own scorecard.
SHOWN_STATES = frozenset({QuarterState.PUBLISHED, QuarterState.CLOSED})


class SchemeState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("scheme", "Draft")
    ADOPTED = "adopted", pgettext_lazy("scheme", "In force")
    SUPERSEDED = "superseded", pgettext_lazy("scheme", "Superseded")


class WhenEmpty(models.TextChoices):
    """What an indicator is worth for somebody of whom there is no evidence."""

    LEAVE_OUT = "leave_out", _("Leave it out; the others weigh more")
    ZERO = "zero", _("No points")
    MISSING = "missing", _("Not allowed: the quarter cannot be published")


class Measure(models.TextChoices):
    """What a low total suggests, the mildest first. People decide; nothing follows by itself."""

    REMIND = "remind", _("Reminder")
    TALK = "talk", _("Talk")
    ADMONISH = "admonish", _("Admonition")
    RECALL = "recall", _("Recall")


class LedgerSign(models.TextChoices):
    POSITIVE = "positive", _("Positive list")
    NEGATIVE = "negative", _("Negative list")


class LedgerTarget(models.TextChoices):
    PERSON = "person", _("A person")
    TEAM = "team", _("A whole team")


class LedgerState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("ledger", "Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", pgettext_lazy("ledger", "Declined")


class CardState(models.TextChoices):
    COUNTED = "counted", _("Appraised")
    EXEMPT = "exempt", _("Exempt")


class AppealState(models.TextChoices):
    OPEN = "open", pgettext_lazy("appeal", "Waits for a decision")
    ACCEPTED = "accepted", pgettext_lazy("appeal", "Accepted")
    DECLINED = "declined", pgettext_lazy("appeal", "Declined")


class ReportKind(models.TextChoices):
    WORKBOOK = "workbook", _("Workbook, a sheet for every group (XLSX)")
    CSV = "csv", _("Table (CSV, UTF-8)")
    CSV_GB18030 = "csv-gb18030", _("Table (CSV, GB18030)")
    SHEETS = "sheets", _("Quarterly sheets by township (PDF)")
    SCORECARDS = "scorecards", _("Scorecards of all in one file (PDF)")
    SCORECARDS_ZIP = "scorecards-zip", _("Scorecards, a file for each person (ZIP)")
    BULLETIN = "bulletin", _("Bulletin (PDF)")


class ReportState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("report", "Waiting")
    RUNNING = "running", pgettext_lazy("report", "Being written")
    DONE = "done", pgettext_lazy("report", "Ready")
    FAILED = "failed", pgettext_lazy("report", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("report", "Cancelled")


UNFINISHED_REPORTS = frozenset({ReportState.WAITING, ReportState.RUNNING})
