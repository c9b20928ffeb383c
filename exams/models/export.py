"""Score files that left the house."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.enums import ExportFormat
from exams.models.exam import Exam
from members.models import User


class ScoreExport(models.Model):
    """One file of scores that somebody took out, with the reason they gave."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="exports", verbose_name=_("exam"))
    format = models.CharField(_("format"), max_length=12, choices=ExportFormat)
    reason = models.CharField(_("what it is for"), max_length=200)
    rows = models.PositiveIntegerField(_("people"))
    with_phones = models.BooleanField(_("with full phone numbers"), default=False)
    exported_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("exported by"))
    exported_at = models.DateTimeField(_("exported at"))

    class Meta:
        ordering = ["-exported_at"]
        verbose_name = _("score export")
        verbose_name_plural = _("score exports")

    def __str__(self) -> str:
        return f"{self.exam} · {self.format}"
