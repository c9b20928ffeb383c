"""Scores that others give: a township's opinion, villagers' satisfaction."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Division, User
from performance.models.quarter import Quarter


class RatingKind(models.Model):
    """Who gives such scores, and between which bounds."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("division"))
    code = models.CharField(_("number"), max_length=20)
    title = models.CharField(_("rating"), max_length=60)
    highest = models.DecimalField(_("highest score"), max_digits=5, decimal_places=2, default=Decimal(100))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("kind of rating")
        verbose_name_plural = _("kinds of ratings")
        constraints = [
            models.UniqueConstraint(fields=["division", "code"], name="performance_rating_kind_once"),
            models.CheckConstraint(condition=Q(highest__gt=0), name="performance_rating_kind_has_room"),
        ]

    def __str__(self) -> str:
        return self.title


class RatingSheet(models.Model):
    """A file of scores: what it says, and when it was carried out."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    quarter = models.ForeignKey(Quarter, models.PROTECT, related_name="rating_sheets", verbose_name=_("quarter"))
    kind = models.ForeignKey(RatingKind, models.PROTECT, related_name="+", verbose_name=_("rating"))
    file_name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(max_length=64)
    # Rows as read: [{"place": "Sheet1!5", "values": {"code": ..., "name": ..., "score": ...}}, ...].
    rows = models.JSONField()
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    committed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    committed_at = models.DateTimeField(_("carried out at"), null=True)

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("file of ratings")
        verbose_name_plural = _("files of ratings")

    def __str__(self) -> str:
        return self.file_name


class RatingQuerySet(models.QuerySet["Rating"]):
    def in_force(self) -> "RatingQuerySet":
        return self.filter(is_current=True)


class Rating(models.Model):
    """One score of one person in one quarter. A changed score is a new row that replaces the old one."""

    quarter = models.ForeignKey(Quarter, models.PROTECT, related_name="ratings", verbose_name=_("quarter"))
    kind = models.ForeignKey(RatingKind, models.PROTECT, related_name="ratings", verbose_name=_("rating"))
    person = models.ForeignKey(User, models.PROTECT, related_name="ratings", verbose_name=_("person"))
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2)
    sheet = models.ForeignKey(RatingSheet, models.PROTECT, null=True, blank=True, related_name="ratings")
    # Where it stands in the file: "Sheet1!5".
    place = models.CharField(max_length=60, blank=True)
    is_current = models.BooleanField(default=True, editable=False)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="replaced_by"
    )
    reason = models.CharField(_("why it was changed"), max_length=200, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "person__code"]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(
                fields=["quarter", "kind", "person"],
                condition=Q(is_current=True),
                name="performance_one_rating_in_force",
            ),
            models.CheckConstraint(condition=Q(score__gte=0), name="performance_rating_not_negative"),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(reason=""), name="performance_changed_rating_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.score}"
