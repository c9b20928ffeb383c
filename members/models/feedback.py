"""What people write to the office about."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from members.enums import FeedbackKind
from members.models.division import Division
from members.models.user import User
from members.validators import validate_plain_text

LONGEST_TEXT = 2000
LONGEST_PAGE = 200
_SHOWN = 40
# The length of a long text is otherwise checked by forms alone.
_PLAIN: list[Callable[[str], None]] = [MaxLengthValidator(LONGEST_TEXT), validate_plain_text]


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def open(self) -> Self:
        return self.filter(answered_at=None)

    def answered(self) -> Self:
        return self.filter(answered_at__isnull=False)

    def answered_since(self, moment: datetime) -> Self:
        return self.filter(answered_at__gte=moment)


class Feedback(models.Model):
    """A complaint, a correction or a suggestion of one person, and what the office answered."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("what it is"), max_length=12, choices=FeedbackKind)
    text = models.TextField(_("what was written"), max_length=LONGEST_TEXT, validators=_PLAIN)
    # The address it was sent from, without host; empty where that is not known.
    page = models.CharField(_("page"), max_length=LONGEST_PAGE, blank=True)
    person = models.ForeignKey(User, models.PROTECT, related_name="feedback", verbose_name=_("person"))
    # Where the person served on that day: who may read it does not change when they move on.
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("division")
    )
    sent_at = models.DateTimeField(_("sent at"))
    answer = models.TextField(_("answer"), max_length=LONGEST_TEXT, blank=True, validators=_PLAIN)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at"]
        verbose_name = _("complaint or suggestion")
        verbose_name_plural = _("complaints and suggestions")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="members_feedback_answered_whole_or_not",
            ),
        ]
        indexes = [models.Index(fields=["person", "-sent_at"], name="members_feedback_of_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {Truncator(self.text).chars(_SHOWN)}"

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None
