"""Putting right a key that was wrong when people were marked by it."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exams.enums import (
    DECIDED_REPAIR_STATES,
    OPEN_REPAIR_STATES,
    RULING_REPAIR_STATES,
    QuestionFate,
    RepairKind,
    RepairState,
)
from exams.models.attempt import Attempt
from exams.models.exam import Exam
from members.enums import Role
from members.models import User
from members.models.division import inside
from question_bank.models import QuestionVersion


class KeyRepairQuerySet(models.QuerySet["KeyRepair"]):
    """Words for sets of repairs."""

    def open(self) -> Self:
        return self.filter(state__in=OPEN_REPAIR_STATES)

    def ruling(self, exams: Iterable[Exam]) -> Self:
        """Those that marks of ``exams`` follow, the oldest first: of two of one version the later one rules."""
        return self.filter(state__in=RULING_REPAIR_STATES, exams__in=list(exams)).order_by("decided_at", "pk")

    def visible_to(self, person: User) -> Self:
        """Repairs that concern an exam this administrator runs."""
        own = Exam.objects.filter(inside(person.scope(Role.ADMINISTRATOR), field="division__code"))
        return self.filter(Exists(own.filter(key_repairs=OuterRef("pk"))))

    def lost(self, *, before: datetime) -> Self:
        """Approved before that moment and still not carried out: the queue or its worker died."""
        return self.filter(state=RepairState.APPROVED, decided_at__lt=before)


class KeyRepair(models.Model):
    """What is done about a question version that was asked with a wrong key: proposed by one, decided by another.

    ``new_key`` has the shape of ``QuestionVersion.key`` and names the options of that version; only a corrected key
    has one.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(
        QuestionVersion, models.PROTECT, related_name="key_repairs", verbose_name=_("question version")
    )
    kind = models.CharField(_("what is done"), max_length=16, choices=RepairKind)
    new_key = models.JSONField(_("corrected key"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    exams = models.ManyToManyField(Exam, related_name="key_repairs", verbose_name=_("exams"))
    state = models.CharField(_("state"), max_length=10, choices=RepairState, default=RepairState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    done_at = models.DateTimeField(pgettext_lazy("repair", "carried out at"), null=True)
    question_fate = models.CharField(_("the question"), max_length=10, choices=QuestionFate, blank=True)

    objects = KeyRepairQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("key repair")
        verbose_name_plural = _("key repairs")
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(state__in=OPEN_REPAIR_STATES), name="exams_one_open_repair"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="exams_repair_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED_REPAIR_STATES, decided_by__isnull=False, decided_at__isnull=False)
                | (~Q(state__in=DECIDED_REPAIR_STATES) & Q(decided_by=None, decided_at=None)),
                name="exams_repair_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at=None)),
                name="exams_repair_done_at_a_time",
            ),
            models.CheckConstraint(
                # On a JSON field "= None" would ask for the JSON value null.
                condition=Q(kind="correct_key", new_key__isnull=False)
                | (~Q(kind="correct_key") & Q(new_key__isnull=True)),
                name="exams_corrected_key_is_given",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exams_repair_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.version.shown['stem'][:40]}"

    def is_open(self) -> bool:
        return self.state in OPEN_REPAIR_STATES


class RepairOutcomeQuerySet(models.QuerySet["RepairOutcome"]):
    """Words for sets of outcomes."""

    def of(self, person: User) -> Self:
        return self.filter(attempt__candidate__person=person)

    def unseen(self) -> Self:
        return self.filter(seen_at=None)


class RepairOutcome(models.Model):
    """What a repair changed for one attempt; its candidate is told until they have seen it.

    ``score`` is that of the attempt, ``counted`` what counts of all the candidate's attempts; None while answers wait
    for a marker.
    """

    repair = models.ForeignKey(KeyRepair, models.CASCADE, related_name="outcomes")
    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="repair_outcomes")
    number = models.PositiveSmallIntegerField(_("question"))
    old_points = models.DecimalField(_("points before"), max_digits=5, decimal_places=2, null=True)
    new_points = models.DecimalField(_("points now"), max_digits=5, decimal_places=2)
    old_score = models.DecimalField(_("score before"), max_digits=7, decimal_places=2, null=True)
    new_score = models.DecimalField(_("score now"), max_digits=7, decimal_places=2, null=True)
    old_counted = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    new_counted = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    seen_at = models.DateTimeField(_("seen"), null=True)

    objects = RepairOutcomeQuerySet.as_manager()

    class Meta:
        ordering = ["repair", "attempt"]
        verbose_name = _("outcome of a repair")
        verbose_name_plural = _("outcomes of a repair")
        constraints = [
            models.UniqueConstraint(fields=["attempt", "repair"], name="exams_repair_changes_an_attempt_once")
        ]

    def __str__(self) -> str:
        return f"{self.repair_id}: {self.old_score} → {self.new_score}"
