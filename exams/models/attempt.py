"""One go at a paper, and what was answered."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.enums import CLOSED_ATTEMPT_STATES, AttemptState, HandIn
from exams.models.candidate import Candidate
from exams.models.exam import Exam
from exams.models.paper import Paper
from members.models import User


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> Self:
        return self.filter(state=AttemptState.OPEN)

    def closed(self) -> Self:
        return self.filter(state__in=CLOSED_ATTEMPT_STATES)

    def overdue(self, *, at: datetime) -> Self:
        return self.filter(closes_at__lte=at)

    def of(self, person: User) -> Self:
        return self.filter(candidate__person=person)


class Attempt(models.Model):
    """One go of one candidate at one paper, from a moment to a moment on the server's clock."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="attempts", verbose_name=_("candidate"))
    paper = models.OneToOneField(Paper, models.PROTECT, related_name="attempt", verbose_name=_("paper"))
    state = models.CharField(_("state"), max_length=10, choices=AttemptState, default=AttemptState.OPEN)
    opened_at = models.DateTimeField(_("started at"))
    closes_at = models.DateTimeField(_("closes at"))
    submitted_at = models.DateTimeField(_("handed in at"), null=True)
    hand_in = models.CharField(_("how it ended"), max_length=8, choices=HandIn, blank=True)
    receipt = models.CharField(_("receipt"), max_length=24, unique=True, null=True)  # noqa: DJ001 - unique where there is one
    # The capability an open page carries names this number; sign-out raises it and so ends the page's right to write.
    grant_number = models.PositiveIntegerField(default=1)
    page_leaves = models.PositiveIntegerField(_("page leaves"), default=0)
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True)
    objective_score = models.DecimalField(_("objective part"), max_digits=7, decimal_places=2, null=True)
    subjective_score = models.DecimalField(_("subjective part"), max_digits=7, decimal_places=2, null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"], condition=Q(state="open"), name="exams_one_open_attempt_per_candidate"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opened_at")), name="exams_attempt_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(state="open", submitted_at=None, receipt=None)
                | (~Q(state="open") & Q(submitted_at__isnull=False, receipt__isnull=False)),
                name="exams_closed_attempt_has_a_receipt",
            ),
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(state="open"), name="exams_open_attempt_by_end")]

    def __str__(self) -> str:
        return f"{self.candidate} · {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def exam(self) -> Exam:
        return self.candidate.exam

    def is_open(self) -> bool:
        return self.state == AttemptState.OPEN

    def is_overdue(self, *, at: datetime) -> bool:
        return self.is_open() and self.closes_at <= at

    def time_used(self) -> timedelta | None:
        return self.submitted_at - self.opened_at if self.submitted_at else None


class Response(models.Model):
    """What a candidate answered to one question; only the newest counts.

    ``answer`` is ``{"options": [id, ...]}``, ``{"blanks": [str, ...]}``, ``{"text": str}`` or
    ``{}`` for an answer taken back. ``sequence`` orders the writings of all devices.
    """

    pk = models.CompositePrimaryKey("attempt_id", "number")
    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="responses", db_index=False)
    number = models.PositiveSmallIntegerField(_("question"))
    sequence = models.BigIntegerField()
    saved_at = models.DateTimeField(_("saved at"))
    flagged = models.BooleanField(_("flagged"), default=False)
    answer = models.JSONField()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")

    def __str__(self) -> str:
        return f"{self.attempt_id}.{self.number}"


class PendingAnswerQuerySet(models.QuerySet["PendingAnswer"]):
    def free_for(self, marker: User, *, at: datetime) -> Self:
        """Held by nobody else at ``at``."""
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lte=at) | Q(claimed_by=marker))


class PendingAnswer(models.Model):
    """A short answer that waits for a mark and goes when it has one; one marker at a time holds it."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="pending_answers")
    number = models.PositiveSmallIntegerField(_("question"))
    claimed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("with"))
    claimed_until = models.DateTimeField(null=True)

    objects = PendingAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["attempt", "number"]
        verbose_name = _("answer to mark")
        verbose_name_plural = _("answers to mark")
        constraints = [models.UniqueConstraint(fields=["attempt", "number"], name="exams_answer_waits_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id}.{self.number}"
