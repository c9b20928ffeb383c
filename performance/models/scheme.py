"""The scheme: how evidence becomes points. Declared rows, checked when saved; never code."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from members.enums import PostingRole, StaffCategory
from members.models import User
from performance.enums import Measure, SchemeState, WhenEmpty
from performance.models.quarter import Quarter

FULL = Decimal(100)
_SOME_OF_HUNDRED = [MinValueValidator(Decimal("0.01")), MaxValueValidator(FULL)]
_OF_HUNDRED = [MinValueValidator(Decimal(0)), MaxValueValidator(FULL)]


class Scheme(ClusterableModel):
    """One version of the rules of one quarter. Adopted ones never change: a change is the next version."""

    quarter = models.ForeignKey(Quarter, models.PROTECT, related_name="schemes", verbose_name=_("quarter"))
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    title = models.CharField(pgettext_lazy("scheme", "title"), max_length=120)
    note = models.CharField(_("note"), max_length=500, blank=True, help_text=_("Stands on every sheet."))
    state = models.CharField(_("state"), max_length=10, choices=SchemeState, default=SchemeState.DRAFT, editable=False)
    appeal_days = models.PositiveSmallIntegerField(
        _("days for objections"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    shows_ranks = models.BooleanField(
        _("ranks within a group stand on the office's sheets"),
        default=False,
        help_text=_("Members never see the names or ranks of others."),
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)
    adopted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    adopted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["quarter", "-version"]
        verbose_name = _("appraisal scheme")
        verbose_name_plural = _("appraisal schemes")
        constraints = [
            models.UniqueConstraint(fields=["quarter", "version"], name="performance_scheme_version_once"),
            models.UniqueConstraint(
                fields=["quarter"], condition=Q(state="adopted"), name="performance_one_scheme_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", adopted_by=None, adopted_at=None)
                | (~Q(state="draft") & Q(adopted_by__isnull=False, adopted_at__isnull=False)),
                name="performance_scheme_adopted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (v{self.version})"


class _OfScheme(models.Model):
    sort_order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ["sort_order", "pk"]


class Indicator(_OfScheme):
    """One thing that counts: where its figure comes from, and how many of a hundred points it is worth.

    ``settings`` are those its source declares. Role and category empty: for all.
    """

    scheme = ParentalKey(Scheme, on_delete=models.CASCADE, related_name="indicators")
    title = models.CharField(_("indicator"), max_length=60)
    source = models.CharField(pgettext_lazy("indicator", "source"), max_length=40)
    settings = models.JSONField(default=dict, blank=True)
    weight = models.DecimalField(
        _("weight (of 100)"),
        max_digits=5,
        decimal_places=2,
        validators=_SOME_OF_HUNDRED,
    )
    role = models.CharField(_("role in the team"), max_length=20, choices=PostingRole, blank=True)
    staff_category = models.CharField(_("staff category"), max_length=20, choices=StaffCategory, blank=True)
    when_empty = models.CharField(_("without evidence"), max_length=10, choices=WhenEmpty, default=WhenEmpty.LEAVE_OUT)

    class Meta(_OfScheme.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100), name="performance_indicator_weighs_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def applies_to(self, role: str, staff_category: str) -> bool:
        return self.role in ("", role) and self.staff_category in ("", staff_category)


class Veto(_OfScheme):
    """So many of something, and no better grade than this one can be reached, whatever the points."""

    scheme = ParentalKey(Scheme, on_delete=models.CASCADE, related_name="vetoes")
    title = models.CharField(_("condition"), max_length=60)
    source = models.CharField(pgettext_lazy("indicator", "source"), max_length=40)
    # One of the things the source counts, such as absences.
    counted = models.CharField(_("what is counted"), max_length=60)
    at_least = models.PositiveSmallIntegerField(_("at least so often"), default=1, validators=[MinValueValidator(1)])
    # 1 is the best grade of a category, 2 the next.
    best_grade = models.PositiveSmallIntegerField(
        _("best grade still possible"),
        default=2,
        validators=[MinValueValidator(2), MaxValueValidator(9)],
        help_text=_("2: the second of the grades, and so on; a figure beyond the last means the last."),
    )

    class Meta(_OfScheme.Meta):
        verbose_name = _("veto condition")
        verbose_name_plural = _("veto conditions")

    def __str__(self) -> str:
        return self.title


class Threshold(_OfScheme):
    """A total below it suggests a measure."""

    scheme = ParentalKey(Scheme, on_delete=models.CASCADE, related_name="thresholds")
    measure = models.CharField(_("measure"), max_length=10, choices=Measure)
    below = models.DecimalField(_("total below"), max_digits=5, decimal_places=2, validators=_OF_HUNDRED)

    class Meta(_OfScheme.Meta):
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "measure"], name="performance_one_threshold_a_measure"),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()} < {self.below}"


class Grade(_OfScheme):
    """A grade of one staff category: its label, from how many points, and how many per cent may have it."""

    scheme = ParentalKey(Scheme, on_delete=models.CASCADE, related_name="grades")
    staff_category = models.CharField(_("staff category"), max_length=20, choices=StaffCategory)
    label = models.CharField(_("grade"), max_length=20)
    from_points = models.DecimalField(_("from points"), max_digits=5, decimal_places=2, validators=_OF_HUNDRED)
    quota_percent = models.PositiveSmallIntegerField(
        _("at most so many per cent"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta(_OfScheme.Meta):
        ordering = ["staff_category", "-from_points"]
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "staff_category", "from_points"], name="performance_grade_begins_once"
            ),
            models.UniqueConstraint(fields=["scheme", "staff_category", "label"], name="performance_grade_named_once"),
        ]

    def __str__(self) -> str:
        return self.label
