"""What a computing of the quarter found: a scorecard for each person, line by line."""

import uuid
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.enums import SCORE_ROLES, PostingRole, StaffCategory
from members.models import Team, User
from members.models.division import inside
from performance.enums import SHOWN_STATES, CardState, Measure
from performance.models.quarter import Quarter
from performance.models.scheme import Indicator, Scheme


class Computation(models.Model):
    """One computing of one quarter: by which scheme, up to which moment, and what it lacked."""

    quarter = models.ForeignKey(Quarter, models.PROTECT, related_name="computations")
    edition = models.PositiveSmallIntegerField(_("edition"))
    number = models.PositiveSmallIntegerField(_("number"))
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="computations")
    # Evidence that came later does not count; printed on every sheet.
    cutoff = models.DateTimeField(_("counts what was known at"))
    people = models.PositiveIntegerField(_("people"))
    # What is missing before it may be published: [{"code": ..., "text": ..., "people": [staff numbers]}].
    missing = models.JSONField(default=list)
    # SHA-256 over every line: the same evidence gives the same digest.
    digest = models.CharField(max_length=64)
    computed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    computed_at = models.DateTimeField(pgettext_lazy("quarter", "computed at"))
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(pgettext_lazy("quarter", "published at"), null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(pgettext_lazy("quarter", "closed at"), null=True)

    class Meta:
        ordering = ["quarter", "-number"]
        verbose_name = _("computing of a quarter")
        verbose_name_plural = _("computings of quarters")
        constraints = [
            models.UniqueConstraint(fields=["quarter", "number"], name="performance_computation_once"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(published_at__isnull=False),
                name="performance_closed_after_it_was_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} #{self.number}"


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    def visible_to(self, person: User) -> Self:
        """For the office: people of the divisions whose scores this person may see."""
        return self.within_any(person.scope(*SCORE_ROLES))

    def within_any(self, prefixes: Iterable[str]) -> Self:
        return self.filter(inside(prefixes, field="division_code"))

    def of(self, person: User) -> Self:
        return self.filter(person=person)

    def current(self) -> Self:
        """Those of the computation their quarter rests on now."""
        return self.filter(computation=models.F("computation__quarter__computation"))

    def shown(self) -> Self:
        """Those their people may read: the quarter is published or closed, or an edition of it once was."""
        return self.filter(
            Q(computation__quarter__state__in=SHOWN_STATES, computation__published_at__isnull=False)
            | Q(computation__closed_at__isnull=False)
        )


class Scorecard(models.Model):
    """One person in one computing of a quarter. ``total`` is the sum of its lines; None for who is exempt."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    computation = models.ForeignKey(Computation, models.CASCADE, related_name="scorecards")
    person = models.ForeignKey(User, models.PROTECT, related_name="scorecards", verbose_name=_("person"))
    # The last post of the quarter: by it the sheets are sorted, and who may read them.
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("team"))
    division_code = models.CharField(max_length=12)
    role = models.CharField(_("role in the team"), max_length=20, choices=PostingRole)
    staff_category = models.CharField(_("staff category"), max_length=20, choices=StaffCategory)
    days_served = models.PositiveSmallIntegerField(_("days served"))
    # Every post of the quarter in order: [{"team": ..., "role": ..., "category": ..., "from": ..., "to": ...}].
    posts = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=8, choices=CardState, default=CardState.COUNTED)
    # Why somebody is exempt.
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    total = models.DecimalField(_("total"), max_digits=6, decimal_places=2, null=True)
    # The label, and which of its category's grades it is (1 is the best); empty for who is exempt.
    grade = models.CharField(_("grade"), max_length=20, blank=True)
    grade_place = models.PositiveSmallIntegerField(null=True)
    # What kept the grade from being better: [{"kind": "veto" or "quota", "text": ...}].
    limits = models.JSONField(default=list)
    measure = models.CharField(_("suggested measure"), max_length=10, choices=Measure, blank=True)
    # Within the category, best first, equal totals sharing a place; only where the scheme asks for it.
    rank = models.PositiveIntegerField(_("rank"), null=True)

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        ordering = ["division_code", "team__code", "role", "person__code"]
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        constraints = [
            models.UniqueConstraint(fields=["computation", "person"], name="performance_one_scorecard_a_person"),
            models.CheckConstraint(
                condition=Q(state="exempt", total=None) | Q(state="counted", total__isnull=False),
                name="performance_exempt_without_total",
            ),
        ]
        indexes = [models.Index(fields=["computation", "division_code"], name="performance_card_place")]

    def __str__(self) -> str:
        return f"{self.person} · {self.total}"


class ScoreLine(models.Model):
    """What one indicator gave one person; or a correction that followed an appeal.

    ``points = percent / 100 × weight`` to the cent; ``weight`` is the indicator's, for the part of the time it applied
    and with the share of indicators left out. ``evidence`` are rows to follow:
    ``[{"label", "on", "value", "of", "ref", "note"}]``.
    """

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="lines")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    weight = models.DecimalField(_("weight"), max_digits=7, decimal_places=4)
    percent = models.DecimalField(_("reached (%)"), max_digits=7, decimal_places=4, null=True)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2)
    explanation = models.CharField(_("how it came about"), max_length=500, blank=True)
    evidence = models.JSONField(default=list)
    sort_order = models.PositiveSmallIntegerField(default=0)
    correction = models.ForeignKey("Correction", models.PROTECT, null=True, blank=True, related_name="lines")

    class Meta:
        ordering = ["scorecard", "sort_order", "pk"]
        verbose_name = _("line of a scorecard")
        verbose_name_plural = _("lines of scorecards")
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "indicator"],
                condition=Q(correction=None),
                name="performance_one_line_an_indicator",
            ),
            models.UniqueConstraint(fields=["scorecard", "correction"], name="performance_corrected_once"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.points}"
