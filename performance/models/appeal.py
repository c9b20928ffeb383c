"""Objections against lines of a scorecard, and the corrections that follow."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.enums import SCORE_ROLES
from members.models import User
from members.models.division import inside
from performance.enums import AppealState
from performance.models.quarter import Quarter
from performance.models.scorecard import ScoreLine


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(inside(person.scope(*SCORE_ROLES), field="line__scorecard__division_code"))

    def of(self, person: User) -> Self:
        return self.filter(line__scorecard__person=person)

    def open(self) -> Self:
        return self.filter(state=AppealState.OPEN)


class Appeal(models.Model):
    """What a member objects to in one line of their scorecard, and what was decided by whom."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(ScoreLine, models.PROTECT, related_name="appeals", verbose_name=_("line"))
    text = models.TextField(pgettext_lazy("appeal", "what is wrong"), max_length=2000)
    file = models.FileField(pgettext_lazy("appeal", "document"), upload_to="appeals/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    filed_at = models.DateTimeField(_("filed at"))
    state = models.CharField(_("state"), max_length=10, choices=AppealState, default=AppealState.OPEN)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=pgettext_lazy("appeal", "decided by")
    )
    decided_at = models.DateTimeField(pgettext_lazy("appeal", "decided at"), null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_at"]
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(state="open"), name="performance_one_open_appeal_a_line"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None, answer="")
                | (~Q(state="open") & ~Q(answer="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="performance_appeal_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} · {self.text[:40]}"


class Correction(models.Model):
    """Points added to or taken from somebody's indicator in a quarter; it holds when the quarter is computed again."""

    quarter = models.ForeignKey(Quarter, models.PROTECT, related_name="corrections")
    person = models.ForeignKey(User, models.PROTECT, related_name="corrections", verbose_name=_("person"))
    # By title: it outlives the version of the scheme in which the indicator stood.
    indicator_title = models.CharField(max_length=60)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=500)
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, blank=True, related_name="corrections")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["entered_at", "pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(condition=~Q(points=0), name="performance_correction_changes_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="performance_correction_has_a_reason"),
            models.UniqueConstraint(fields=["appeal", "person"], name="performance_appeal_corrects_a_person_once"),
            models.CheckConstraint(condition=~Q(person=F("entered_by")), name="performance_nobody_corrects_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.points:+}"
