"""Questions that somebody has to look at again before they are asked."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from members.models import User
from question_bank.enums import RecheckOutcome, RecheckReason
from question_bank.models.question import Question


class RecheckQuerySet(models.QuerySet["Recheck"]):
    """Words for sets of re-checks."""

    def open(self) -> Self:
        return self.filter(settled_at=None)


class Recheck(models.Model):
    """A doubt about a published question: why it arose, and how it was settled. Until then no new paper draws it."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="rechecks", verbose_name=_("question"))
    reason = models.CharField(_("reason"), max_length=20, choices=RecheckReason)
    note = models.CharField(_("note"), max_length=500, blank=True)
    # What the cited entry said when the doubt arose; for the difference that is shown beside the question.
    entry_revision = models.ForeignKey(Revision, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=12, choices=RecheckOutcome, blank=True)

    objects = RecheckQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("re-check")
        verbose_name_plural = _("re-checks")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "reason"], condition=Q(settled_at=None), name="question_bank_one_open_recheck"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="") | (Q(settled_at__isnull=False) & ~Q(outcome="")),
                name="question_bank_recheck_settled_whole",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(settled_at__gte=F("asked_at")),
                name="question_bank_recheck_settled_after_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.question}"
