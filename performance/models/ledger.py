"""The ledger of positive and negative items (正负清单). It only grows."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.enums import SCORE_ROLES
from members.models import Division, Team, User
from members.models.division import inside
from performance.enums import LedgerSign, LedgerState, LedgerTarget


class LedgerKind(models.Model):
    """Something that may be entered, and what one occurrence is worth."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("division"))
    code = models.CharField(_("number"), max_length=20)
    title = models.CharField(pgettext_lazy("ledger", "item"), max_length=120)
    sign = models.CharField(_("list"), max_length=10, choices=LedgerSign)
    target = models.CharField(_("whom it concerns"), max_length=10, choices=LedgerTarget, default=LedgerTarget.PERSON)
    points = models.DecimalField(
        _("points each time"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Without a sign: the list says whether they are added or taken off."),
    )
    quarter_cap = models.DecimalField(
        _("at most so many points a quarter"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    needs_evidence = models.BooleanField(_("a document is needed"), default=True)
    is_active = models.BooleanField(_("may be entered"), default=True)

    class Meta:
        ordering = ["sign", "code"]
        verbose_name = _("kind of ledger entry")
        verbose_name_plural = _("kinds of ledger entries")
        constraints = [
            models.UniqueConstraint(fields=["division", "code"], name="performance_ledger_kind_once"),
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=100), name="performance_ledger_kind_points"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(inside(person.scope(*SCORE_ROLES), field="division_code"))

    def counting(self) -> Self:
        """Confirmed, and neither reversed nor itself a reversal."""
        return self.filter(state=LedgerState.CONFIRMED, reverses=None).exclude(reversals__state=LedgerState.CONFIRMED)

    def between(self, first: date, last: date) -> Self:
        return self.filter(occurred_on__gte=first, occurred_on__lte=last)

    def within_any(self, prefixes: Iterable[str]) -> Self:
        return self.filter(inside(prefixes, field="division_code"))


class LedgerEntry(models.Model):
    """One occurrence of one kind, about a person or a team. A wrong one is reversed by another; none is changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.ForeignKey(
        LedgerKind, models.PROTECT, related_name="entries", verbose_name=pgettext_lazy("ledger", "item")
    )
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="ledger_entries", verbose_name=_("person")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="ledger_entries", verbose_name=_("team")
    )
    # Where they served on that day: who may read it does not change when they move on.
    division_code = models.CharField(max_length=12, editable=False)
    occurred_on = models.DateField(_("day"))
    # With its sign, as the kind said when it was entered.
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, editable=False)
    description = models.CharField(_("what happened"), max_length=500)
    state = models.CharField(
        _("state"), max_length=10, choices=LedgerState, default=LedgerState.WAITING, editable=False
    )
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="reversals"
    )
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    entered_at = models.DateTimeField(editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_on", "-pk"]
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, team=None) | Q(person=None, team__isnull=False),
                name="performance_entry_about_one",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                name="performance_entry_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="performance_entry_decided_whole",
            ),
            models.CheckConstraint(condition=~Q(description=""), name="performance_entry_says_what"),
            models.UniqueConstraint(
                fields=["reverses"], condition=~Q(state="declined"), name="performance_entry_reversed_once"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "occurred_on"], name="performance_entry_of_person"),
            models.Index(fields=["team", "occurred_on"], name="performance_entry_of_team"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.person or self.team}"

    def reversal(self) -> "LedgerEntry | None":
        """The last entry that would undo this one, whatever was decided about it."""
        return self.reversals.order_by("-pk").first()


class LedgerFile(models.Model):
    """A document that proves an entry; given out only to who may see the entry."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="ledger/%Y/%m/")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("document of a ledger entry")
        verbose_name_plural = _("documents of ledger entries")

    def __str__(self) -> str:
        return self.name
