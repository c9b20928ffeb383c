"""The closed lists of this app, and named groups of states beside them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Rhythm(models.TextChoices):
    """How often the county holds something of a kind; ``CourseKind.times`` says how many in each."""

    WEEKLY = "weekly", pgettext_lazy("rhythm", "Every week")
    MONTHLY = "monthly", pgettext_lazy("rhythm", "Every month")
    QUARTERLY = "quarterly", pgettext_lazy("rhythm", "Every quarter")
    YEARLY = "yearly", pgettext_lazy("rhythm", "Every year")
    AS_NEEDED = "as_needed", pgettext_lazy("rhythm", "As needed")


class CourseState(models.TextChoices):
    """Draft → open → closed. What is draft or open can be called off."""

    DRAFT = "draft", pgettext_lazy("course", "In preparation")
    OPEN = "open", pgettext_lazy("course", "Open")
    CLOSED = "closed", pgettext_lazy("course", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("course", "Called off")


# Members see them.
SHOWN_COURSE_STATES = frozenset({CourseState.OPEN, CourseState.CLOSED})
EDITABLE_COURSE_STATES = frozenset({CourseState.DRAFT, CourseState.OPEN})


class SessionState(models.TextChoices):
    """Planned → held, once it is over and who was expected has a row; or called off."""

    PLANNED = "planned", pgettext_lazy("session", "Planned")
    HELD = "held", pgettext_lazy("session", "Held")
    CANCELLED = "cancelled", pgettext_lazy("session", "Called off")


class Origin(models.TextChoices):
    """How somebody came into a course."""

    RULE = "rule", _("By the rule of the course")
    HAND = "hand", _("Added by hand")


class Outcome(models.TextChoices):
    """What became of an enrolment when its course was closed."""

    COMPLETED = "completed", _("Completed")
    EXEMPT = "exempt", _("Exempt")
    EXPLAINED = "explained", _("Not completed, with a reason")
    LEFT = "left", _("Left the roster")


class AttendanceState(models.TextChoices):
    PRESENT = "present", pgettext_lazy("attendance", "Present")
    LATE = "late", pgettext_lazy("attendance", "Late")
    EXCUSED = "excused", pgettext_lazy("attendance", "Excused")
    ABSENT = "absent", pgettext_lazy("attendance", "Absent")


# Who was there.
ATTENDED_STATES = frozenset({AttendanceState.PRESENT, AttendanceState.LATE})
MISSED_STATES = frozenset({AttendanceState.EXCUSED, AttendanceState.ABSENT})


class ArrivalWay(models.TextChoices):
    """How an arrival became known."""

    SCREEN = "screen", _("Code on the screen")
    SPOKEN = "spoken", _("Spoken code")
    HAND = "hand", _("By hand")
    PAPER = "paper", _("Sign-in sheet")


class AbsenceReason(models.TextChoices):
    """Why somebody was not there. The last is a reason, too: the office looked and found none."""

    LEAVE = "leave", _("On leave")
    ROTATION = "rotation", _("Off duty by rotation")
    ILLNESS = "illness", _("Ill")
    DUTY = "duty", _("Other official duty")
    UNREACHABLE = "unreachable", _("Could not be reached")
    UNEXCUSED = "unexcused", _("Without an excuse")


# What an absence may be excused with.
EXCUSES = frozenset({AbsenceReason.LEAVE, AbsenceReason.ROTATION, AbsenceReason.ILLNESS, AbsenceReason.DUTY})


class AppointmentPart(models.TextChoices):
    """What somebody does at a session; a calendar says it."""

    ATTENDS = "attends", pgettext_lazy("at a session", "Take part")
    HOSTS = "hosts", pgettext_lazy("at a session", "Host")
    SPEAKS = "speaks", pgettext_lazy("at a session", "Lecture")


class SeriesRhythm(models.TextChoices):
    """How a series of sessions repeats."""

    WEEKLY = "weekly", pgettext_lazy("series", "Every week on the same weekday")
    MONTHLY = "monthly", pgettext_lazy("series", "Every month on the same weekday")
