"""Teams and who serves in them from when to when."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.enums import PostingRole, StaffCategory
from members.models.division import Division, inside
from members.models.user import User

_ENDS = Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))


class SendingUnit(models.Model):
    """An office, institution or company that sends people to villages."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("sending unit")
        verbose_name_plural = _("sending units")

    def __str__(self) -> str:
        return self.name


class TeamQuerySet(models.QuerySet["Team"]):
    def within_any(self, prefixes: Iterable[str]) -> Self:
        return self.filter(inside(prefixes, field="division__code"))

    def serving(self, *, on: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


class Team(models.Model):
    """A work team sent to one village."""

    code = models.CharField(_("team number"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=120)
    division = models.ForeignKey(Division, models.PROTECT, related_name="teams", verbose_name=_("village"))
    sending_unit = models.ForeignKey(SendingUnit, models.PROTECT, related_name="teams", verbose_name=_("sending unit"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [
            models.CheckConstraint(
                condition=_ENDS,
                name="members_team_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PostingQuerySet(models.QuerySet["Posting"]):
    def serving(self, *, on: date) -> Self:
        """Postings in force on that day: the roster of the day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, person__is_active=True)

    def within_any(self, prefixes: Iterable[str]) -> Self:
        return self.filter(inside(prefixes, field="team__division__code"))


class Posting(models.Model):
    """One person in one team from a day to a day."""

    person = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name=_("person"))
    team = models.ForeignKey(Team, models.PROTECT, related_name="postings", verbose_name=_("team"))
    role = models.CharField(_("role in the team"), max_length=20, choices=PostingRole)
    staff_category = models.CharField(_("staff category"), max_length=20, choices=StaffCategory)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["team__code", "role", "person__code"]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(
                condition=_ENDS,
                name="members_posting_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ends_on=None),
                name="members_one_open_posting_per_person",
                violation_error_message=_("This person already serves in another team."),
            ),
            models.UniqueConstraint(fields=["person", "team", "starts_on"], name="members_posting_begins_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.team}"
