"""What a paper is made of."""

import uuid
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from exams.enums import MultipleRule
from members.enums import STAFF_ROLES
from members.models import Division, User
from members.models.division import ancestor_codes, inside
from question_bank.enums import Difficulty, Kind
from question_bank.models import Topic


class BlueprintQuerySet(models.QuerySet["Blueprint"]):
    def visible_to(self, person: User) -> Self:
        """For the office: blueprints of divisions in this person's, and of those above it to copy from."""
        prefixes = person.scope(*STAFF_ROLES)
        above = Q(division__code__in=[code for prefix in prefixes for code in ancestor_codes(prefix)])
        return self.filter(inside(prefixes, field="division__code") | above)


class Blueprint(ClusterableModel):
    """A plan for papers: how many questions of which topic, kind and difficulty, and what they earn."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(pgettext_lazy("blueprint", "title"), max_length=120)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("division"))
    multiple_rule = models.CharField(
        _("incomplete multiple choice earns"), max_length=16, choices=MultipleRule, default=MultipleRule.FIXED_SHARE
    )
    multiple_share_percent = models.PositiveSmallIntegerField(
        _("fixed share (%)"), default=40, validators=[MaxValueValidator(100)]
    )

    objects = BlueprintQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("blueprint")
        verbose_name_plural = _("blueprints")
        constraints = [
            models.CheckConstraint(
                condition=Q(multiple_share_percent__lte=100), name="exams_blueprint_share_is_a_percentage"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def question_count(self) -> int:
        return sum(row.count for row in self.rows.all())

    @property
    def total_points(self) -> Decimal:
        return sum((row.count * row.points_each for row in self.rows.all()), Decimal(0))


class BlueprintRow(Orderable):
    """So many questions of one topic (with everything below it), kind and difficulty, at so many points each."""

    blueprint = ParentalKey(Blueprint, on_delete=models.CASCADE, related_name="rows")
    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("topic"),
        help_text=_("Empty: any topic."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    difficulty = models.CharField(
        _("difficulty"), max_length=8, choices=Difficulty, blank=True, help_text=_("Empty: any difficulty.")
    )
    count = models.PositiveSmallIntegerField(_("how many"), validators=[MinValueValidator(1), MaxValueValidator(200)])
    points_each = models.DecimalField(
        _("points each"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(100)],
    )

    class Meta(Orderable.Meta):
        verbose_name = _("row")
        verbose_name_plural = _("rows")
        constraints = [
            models.CheckConstraint(
                condition=Q(count__gte=1, points_each__gt=0), name="exams_blueprint_row_asks_something"
            )
        ]

    def __str__(self) -> str:
        parts = [str(self.topic.title if self.topic else _("any topic")), self.get_kind_display()]
        if self.difficulty:
            parts.append(self.get_difficulty_display())
        return " · ".join(parts)
