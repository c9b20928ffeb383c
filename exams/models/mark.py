"""The ledger of marks."""

from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exams.enums import MarkSource
from exams.models.attempt import Attempt
from members.models import User


class MarkIsFinal(Exception):
    """Somebody tried to change or delete a mark; a correction is a new row."""


class MarkQuerySet(models.QuerySet["Mark"]):
    def standing(self) -> Self:
        """The newest mark of every question: the one that counts."""
        newest = Mark.objects.filter(attempt=OuterRef("attempt"), number=OuterRef("number")).order_by("-revision")
        return self.filter(revision=Subquery(newest.values("revision")[:1]))


class Mark(models.Model):
    """What one answer earned. The ledger only grows: revision 1 is the first mark, each correction one more."""

    pk = models.CompositePrimaryKey("attempt_id", "number", "revision")
    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="marks", db_index=False)
    number = models.PositiveSmallIntegerField(_("question"))
    revision = models.PositiveSmallIntegerField(pgettext_lazy("mark", "revision"), default=1)
    source = models.CharField(_("source"), max_length=10, choices=MarkSource)
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2)
    marked_at = models.DateTimeField(_("marked at"))
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("marked by")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = MarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=0), name="exams_mark_is_not_negative"),
            models.CheckConstraint(
                condition=~Q(source="overruled") | ~Q(reason=""), name="exams_overruled_mark_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(source="automatic") | Q(actor__isnull=False), name="exams_human_mark_has_an_actor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}.{self.number}: {self.points}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise MarkIsFinal
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise MarkIsFinal
