"""What members say about questions they were asked."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import User
from question_bank.enums import ReportReason, ReportVerdict
from question_bank.models.version import QuestionVersion


class QuestionReportQuerySet(models.QuerySet["QuestionReport"]):
    """Words for sets of reports."""

    def open(self) -> Self:
        return self.filter(settled_at=None)


class QuestionReport(models.Model):
    """Somebody who was asked a question says that something is wrong with it, and is told what came of that."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="reports", verbose_name=_("question"))
    person = models.ForeignKey(User, models.PROTECT, related_name="question_reports", verbose_name=_("person"))
    reason = models.CharField(_("reason"), max_length=12, choices=ReportReason)
    text = models.CharField(_("what is wrong"), max_length=500, blank=True)
    reported_at = models.DateTimeField(_("reported at"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=ReportVerdict, blank=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = QuestionReportQuerySet.as_manager()

    class Meta:
        ordering = ["-reported_at"]
        verbose_name = _("report on a question")
        verbose_name_plural = _("reports on questions")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "person"], condition=Q(settled_at=None), name="question_bank_one_open_report"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, verdict="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(verdict="")),
                name="question_bank_report_settled_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.version}"
