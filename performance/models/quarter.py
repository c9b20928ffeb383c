"""The quarter: what is appraised together."""

import uuid
from datetime import date, datetime, timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.enums import STAFF_ROLES
from members.models import Division, TwoPersonRequest, User
from members.models.division import ancestor_codes, inside
from performance.enums import EVIDENCE_STATES, QuarterState


class QuarterQuerySet(models.QuerySet["Quarter"]):
    def visible_to(self, person: User) -> Self:
        """For the office: quarters of a division that lies in this person's, or contains it."""
        prefixes = person.scope(*STAFF_ROLES)
        above = Q(division__code__in=[code for prefix in prefixes for code in ancestor_codes(prefix)])
        return self.filter(inside(prefixes, field="division__code") | above)

    def covering(self, day: date) -> Self:
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Quarter(models.Model):
    """Three months of one division's appraisal."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=gettext_lazy("division"))
    year = models.PositiveSmallIntegerField(
        gettext_lazy("year"), validators=[MinValueValidator(2000), MaxValueValidator(2200)]
    )
    number = models.PositiveSmallIntegerField(
        gettext_lazy("quarter"), validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    starts_on = models.DateField(gettext_lazy("first day"))
    ends_on = models.DateField(gettext_lazy("last day"))
    state = models.CharField(
        gettext_lazy("state"), max_length=10, choices=QuarterState, default=QuarterState.OPEN, editable=False
    )
    # How often it has been opened: 1 at first, one more after every reopening.
    edition = models.PositiveSmallIntegerField(gettext_lazy("edition"), default=1, editable=False)
    # The computation that is looked at now; earlier editions keep theirs.
    computation = models.ForeignKey(
        "Computation", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    objections_until = models.DateTimeField(gettext_lazy("objections until"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)

    objects = QuarterQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-number", "division__code"]
        verbose_name = gettext_lazy("appraisal quarter")
        verbose_name_plural = gettext_lazy("appraisal quarters")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "year", "number"],
                name="performance_quarter_once",
                violation_error_message=gettext_lazy("This quarter exists already."),
            ),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=4), name="performance_quarter_of_four"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="performance_quarter_has_days"),
            models.CheckConstraint(
                condition=Q(state=QuarterState.OPEN) | Q(computation__isnull=False),
                name="performance_quarter_rests_on_figures",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[QuarterState.PUBLISHED, QuarterState.CLOSED])
                | Q(objections_until__isnull=False),
                name="performance_shown_quarter_takes_objections",
            ),
        ]

    def __str__(self) -> str:
        return _("%(year)s, quarter %(number)s") % {"year": self.year, "number": self.number}

    @property
    def name(self) -> str:
        """As addresses and the interface for other systems write it: ``2026Q3``."""
        return f"{self.year}Q{self.number}"

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def takes_evidence(self) -> bool:
        return self.state in EVIDENCE_STATES

    def takes_objections(self, *, at: datetime) -> bool:
        return self.state == QuarterState.PUBLISHED and self.objections_until is not None and at < self.objections_until


def bounds(year: int, number: int) -> tuple[date, date]:
    """First and last day of a calendar quarter."""
    first = date(year, 3 * number - 2, 1)
    after = date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1)
    return first, after - timedelta(days=1)


class Reopening(TwoPersonRequest):
    """A closed quarter that somebody wants open again."""

    quarter = models.ForeignKey(Quarter, models.PROTECT, related_name="reopenings")
    edition = models.PositiveSmallIntegerField(gettext_lazy("edition"))

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = gettext_lazy("reopening")
        verbose_name_plural = gettext_lazy("reopenings")
        constraints = [
            *TwoPersonRequest.Meta.constraints,
            models.UniqueConstraint(
                fields=["quarter"], condition=Q(state="waiting"), name="performance_one_reopening_waits"
            ),
        ]


class Exemption(TwoPersonRequest):
    """Somebody who is not appraised this quarter."""

    quarter = models.ForeignKey(Quarter, models.PROTECT, related_name="exemptions")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=gettext_lazy("person"))

    class Meta:
        ordering = ["quarter", "person__code"]
        verbose_name = gettext_lazy("exemption")
        verbose_name_plural = gettext_lazy("exemptions")
        constraints = [
            *TwoPersonRequest.Meta.constraints,
            models.UniqueConstraint(
                fields=["quarter", "person"], condition=~Q(state="declined"), name="performance_exempt_once"
            ),
        ]
