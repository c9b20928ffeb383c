"""Kinds of courses, and who lectures."""

from typing import Self, TypeVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.enums import Rhythm
from members.enums import STAFF_ROLES
from members.models import Division, User
from members.models.division import ancestor_codes, inside

Row = TypeVar("Row", bound=models.Model)


class BoundedQuerySet(models.QuerySet[Row]):
    """Of what belongs to a division."""

    def visible_to(self, person: User) -> Self:
        """For the office: what belongs to a division inside this person's, or to one that contains it."""
        prefixes = person.scope(*STAFF_ROLES)
        above = Q(division__code__in=[code for prefix in prefixes for code in ancestor_codes(prefix)])
        return self.filter(inside(prefixes, field="division__code") | above)


class CourseKind(models.Model):
    """What a county holds again and again: a weekly meeting, a monthly symposium, a training class."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("division"))
    code = models.CharField(_("number"), max_length=20)
    title = models.CharField(_("kind"), max_length=60)
    rhythm = models.CharField(_("rhythm"), max_length=10, choices=Rhythm, default=Rhythm.AS_NEEDED)
    times = models.PositiveSmallIntegerField(
        _("how many times in it"), default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    hosted_in_turn = models.BooleanField(_("teams take turns as host"), default=False)
    minutes = models.PositiveSmallIntegerField(
        _("usual length in minutes"), default=120, validators=[MinValueValidator(5), MaxValueValidator(1440)]
    )
    opens_before_minutes = models.PositiveSmallIntegerField(
        _("sign-in opens so many minutes before"), default=30, validators=[MaxValueValidator(1440)]
    )
    late_after_minutes = models.PositiveSmallIntegerField(
        _("late after so many minutes"), default=10, validators=[MaxValueValidator(1440)]
    )
    is_active = models.BooleanField(_("may be chosen"), default=True)

    objects = BoundedQuerySet.as_manager()

    class Meta:
        ordering = ["division", "code"]
        verbose_name = _("kind of course")
        verbose_name_plural = _("kinds of courses")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "code"],
                name="courses_kind_once",
                violation_error_message=_("There is a kind with this number already."),
            ),
            models.CheckConstraint(condition=Q(times__gte=1, minutes__gte=5), name="courses_kind_takes_place"),
        ]

    def __str__(self) -> str:
        return self.title


class Lecturer(models.Model):
    """Somebody who speaks: of the county's own people, or a guest."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("division"))
    name = models.CharField(_("name"), max_length=60)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    person = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
        help_text=_("Whoever has one may show the code of their own sessions."),
    )
    is_active = models.BooleanField(_("may be chosen"), default=True)

    objects = BoundedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "organisation"]
        verbose_name = _("lecturer")
        verbose_name_plural = _("lecturers")
        constraints = [
            models.UniqueConstraint(
                fields=["division", "name", "organisation"],
                name="courses_lecturer_once",
                violation_error_message=_("This lecturer is in the list already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.organisation}" if self.organisation else self.name
