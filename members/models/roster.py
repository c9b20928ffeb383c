"""Roster files that were brought in."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models.division import Division
from members.models.user import User


class RosterImport(models.Model):
    """One roster file: what it says, what it would change, and when it was carried out."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("division"))
    file_name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(max_length=64)
    # Rows as read, a list of {"place": "Sheet1!5", "values": {...}}: the dry run and the commit read the same thing.
    rows = models.JSONField()
    complete = models.BooleanField(
        _("this is the whole roster of the division"),
        default=False,
        help_text=_("Postings that are not in the file end the day before the date of the roster."),
    )
    effective_on = models.DateField(_("date of the roster"))
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    committed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("carried out by")
    )
    committed_at = models.DateTimeField(_("carried out at"), null=True, blank=True)
    # How many were added, changed, ended, left alone; filled when carried out.
    outcome = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("roster import")
        verbose_name_plural = _("roster imports")

    def __str__(self) -> str:
        return self.file_name
