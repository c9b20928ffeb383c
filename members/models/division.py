"""Administrative divisions."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.validators import validate_division_code

# Where a level ends inside the twelve digits: province, city, county, township, village.
LEVEL_ENDS = (2, 4, 6, 9, 12)


def prefix_of(code: str) -> str:
    """The digits that every division inside ``code`` begins with: ``"530100000000"`` -> ``"5301"``."""
    for end in LEVEL_ENDS:
        if not code[end:].strip("0"):
            return code[:end]
    return code


def ancestor_codes(prefix: str) -> list[str]:
    """Codes of every level above a prefix and of its own: ``"530999101"`` -> county, prefecture, province too."""
    return [prefix[:end].ljust(12, "0") for end in LEVEL_ENDS if 0 < end <= len(prefix)]


def inside(prefixes: Iterable[str], *, field: str) -> Q:
    """A condition: the twelve-digit ``field`` lies inside one of ``prefixes``; none of them: nothing."""
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= Q(**{f"{field}__startswith": prefix})
    return condition


class DivisionQuerySet(models.QuerySet["Division"]):
    def within(self, division: "Division") -> Self:
        return self.filter(code__startswith=division.prefix)

    def within_any(self, prefixes: Iterable[str]) -> Self:
        return self.filter(inside(prefixes, field="code"))

    def townships(self) -> Self:
        return self.filter(code__endswith="000").exclude(code__endswith="000000")

    def valid(self, *, on: date) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), Q(valid_from=None) | Q(valid_from__lte=on))


class Division(models.Model):
    """A place with a government: county, township or village, known by its statistical code (GB/T 2260, 10114)."""

    code = models.CharField(_("division code"), max_length=12, unique=True, validators=[validate_division_code])
    name = models.CharField(_("name"), max_length=60)
    valid_from = models.DateField(pgettext_lazy("division", "valid from"), null=True, blank=True)
    valid_to = models.DateField(pgettext_lazy("division", "valid to"), null=True, blank=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="members_division_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        return prefix_of(self.code)

    @property
    def township_code(self) -> str:
        """The code of the township this lies in; a county's own code for a county."""
        return self.code[:9].ljust(12, "0")

    def contains(self, code: str) -> bool:
        return code.startswith(self.prefix)
