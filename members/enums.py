"""The closed lists of this app, and named groups of them beside them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do in the product, always within a division."""

    MEMBER = "member", _("Member")
    TRAINER = "trainer", _("Trainer")
    ADMINISTRATOR = "administrator", _("Administrator")
    INSPECTOR = "inspector", _("Inspector")
    AUDITOR = "auditor", _("Auditor")


# Who may look at scores of people within their division.
SCORE_ROLES = (Role.ADMINISTRATOR, Role.INSPECTOR, Role.AUDITOR)
STAFF_ROLES = frozenset({Role.TRAINER, Role.ADMINISTRATOR, Role.INSPECTOR, Role.AUDITOR})


class FeedbackKind(models.TextChoices):
    """What somebody writes to the office about."""

    COMPLAINT = "complaint", _("Complaint")
    CORRECTION = "correction", _("Something is wrong")
    SUGGESTION = "suggestion", _("Suggestion")


class PostingRole(models.TextChoices):
    FIRST_SECRETARY = "first_secretary", _("First secretary")
    MEMBER = "member", _("Team member")


class StaffCategory(models.TextChoices):
    """Decides the labels of appraisal grades."""

    CIVIL_SERVANT = "civil_servant", _("Civil servant")
    INSTITUTION = "institution", _("Institution staff")
    ENTERPRISE = "enterprise", _("Enterprise staff")
    OTHER = "other", _("Other")


class RequestState(models.TextChoices):
    """What one person asks and another decides: an exemption, leave, reopening a quarter."""

    WAITING = "waiting", _("Waits for a second person")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
