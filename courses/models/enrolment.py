"""Who takes part in a course, and who need not."""

from collections.abc import Iterable
from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.enums import AbsenceReason, Origin, Outcome
from courses.models.course import Course
from members.enums import STAFF_ROLES, PostingRole, StaffCategory
from members.models import Team, TwoPersonRequest, User
from members.models.division import inside

Row = TypeVar("Row", bound=models.Model)


class PostQuerySet(models.QuerySet[Row]):
    """Of rows that keep the post somebody held."""

    def within_any(self, prefixes: Iterable[str]) -> Self:
        return self.filter(inside(prefixes, field="division_code"))

    def visible_to(self, person: User) -> Self:
        """For the office: people of the divisions this person looks after."""
        return self.within_any(person.scope(*STAFF_ROLES))


class PostHeld(models.Model):
    """The post of a person when the row was written: figures are read by it after they moved on."""

    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", verbose_name=_("team"))
    division_code = models.CharField(max_length=12)
    role = models.CharField(_("role in the team"), max_length=20, choices=PostingRole, blank=True)
    staff_category = models.CharField(_("staff category"), max_length=20, choices=StaffCategory, blank=True)

    class Meta:
        abstract = True


class EnrolmentQuerySet(PostQuerySet["Enrolment"]):
    def active(self, *, on: date) -> Self:
        """Who belongs to the course on that day."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=on), joined_on__lte=on)


class Enrolment(PostHeld):
    """One person in one course, with the post they hold while it is open."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments", verbose_name=_("course"))
    person = models.ForeignKey(User, models.PROTECT, related_name="enrolments", verbose_name=_("person"))
    origin = models.CharField(_("how they came in"), max_length=10, choices=Origin, default=Origin.RULE)
    joined_on = models.DateField(_("joined on"))
    # The first day they no longer belong to it.
    left_on = models.DateField(_("left on"), null=True, blank=True)
    # Why somebody will not complete it, where no single session says so.
    reason = models.CharField(_("reason"), max_length=12, choices=AbsenceReason, blank=True)
    reason_note = models.CharField(_("remark"), max_length=300, blank=True)
    explained_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["course", "division_code", "team__code", "person__code"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(fields=["course", "person"], name="courses_enrolled_once"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="courses_left_after_joining"
            ),
            models.CheckConstraint(
                condition=Q(reason="", explained_by=None) | (~Q(reason="") & Q(explained_by__isnull=False)),
                name="courses_explained_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="completed") | Q(completed_at__isnull=False), name="courses_completed_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["course", "division_code"], name="courses_enrolment_place")]

    def __str__(self) -> str:
        return f"{self.person} · {self.course}"


class Exemption(TwoPersonRequest):
    """Somebody who need not complete a course."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="exemptions")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        ordering = ["course", "person__code"]
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        constraints = [
            *TwoPersonRequest.Meta.constraints,
            models.UniqueConstraint(
                fields=["course", "person"], condition=~Q(state="declined"), name="courses_exempt_once"
            ),
        ]
