"""Who may read what."""

from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from cms.models.page import BasePage
from members.enums import Role
from members.models import Division, User
from members.models.division import ancestor_codes, inside

# A handbook, a lecture and a notice stand on the fourth level; what is below them is read by the same people.
OWNER_DEPTH = 4
OWNER_PATH = OWNER_DEPTH * BasePage.steplen
# A handbook, its chapters, their entries.
DEEPEST_PATH = OWNER_PATH + 2 * BasePage.steplen


class AudienceRule(models.Model):
    """One line of "only for": people of a division, holders of a role, or both together."""

    page = ParentalKey(BasePage, on_delete=models.CASCADE, related_name="audience_rules")
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("division")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, blank=True)

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audience")
        constraints = [
            models.CheckConstraint(
                condition=Q(division__isnull=False) | ~Q(role=""), name="cms_audience_names_somebody"
            )
        ]

    def __str__(self) -> str:
        return " · ".join(str(part) for part in (self.division, self.get_role_display()) if part)


def readable_pages(pages: QuerySet[Any], person: User | None, *, on: date) -> QuerySet[Any]:
    """Those of ``pages`` that ``person`` (None: nobody signed in) may read on that day: published, addressed to them.

    A page without a rule is for everybody who is signed in; one marked public for everybody. Chapters and entries are
    read by the readers of their handbook, and by nobody once it is withdrawn. Whoever holds a role in the county reads
    what is addressed to its townships.
    """
    owner = BasePage.objects.filter(path=Substr(OuterRef("path"), 1, OWNER_PATH))
    rules = AudienceRule.objects.filter(page__path=Substr(OuterRef("path"), 1, OWNER_PATH))
    levels = range(OWNER_PATH, DEEPEST_PATH + 1, BasePage.steplen)
    withdrawn = BasePage.objects.filter(
        reduce(or_, (Q(path=Substr(OuterRef("path"), 1, length)) for length in levels)), live=False
    )
    live = pages.filter(~Exists(withdrawn))
    if person is None:
        return live.filter(Exists(owner.filter(is_public=True)), ~Exists(rules))
    return live.filter(~Exists(rules) | Exists(rules.filter(_addressed_to(person, on=on))))


def _addressed_to(person: User, *, on: date) -> Q:
    """A condition on rules: one that means this person."""
    posting = person.posting(on=on)
    places = [posting.team.division.prefix] if posting else []
    prefixes = [held.division.prefix for held in person.roles_held]
    codes = {code for prefix in [*places, *prefixes] for code in ancestor_codes(prefix)}
    above = inside(person.scope(*(role for role in Role if role != Role.MEMBER)), field="division__code")
    here = Q(division__isnull=True) | Q(division__code__in=codes) | above
    return here & (Q(role="") | Q(role__in={held.role for held in person.roles_held}))
