"""Random choices of people that anyone can repeat."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.models.exam import Exam
from members.models import User


class Draw(models.Model):
    """One random choice of candidates with all that is needed to repeat it; a new draw supersedes it.

    ``record`` is what is published::

        {"algorithm": "yingzhi-draw-1", "seed": str, "size": int, "by_township": bool,
         "population": [[person code, township code], ...]   sorted,
         "left_out": [person code, ...],
         "drawn": [person code, ...]                        in the order drawn}
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="draws", verbose_name=_("exam"))
    number = models.PositiveSmallIntegerField(_("number"))
    record = models.JSONField()
    reason = models.CharField(_("reason"), max_length=200, blank=True, help_text=_("Why people were drawn again."))
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("drawn by"))
    drawn_at = models.DateTimeField(_("drawn at"))

    class Meta:
        ordering = ["exam", "-number"]
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        constraints = [models.UniqueConstraint(fields=["exam", "number"], name="exams_draw_numbered_once")]

    def __str__(self) -> str:
        return f"{self.exam} · {self.number}"
