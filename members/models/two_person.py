"""What one person asks and another decides."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from members.enums import RequestState
from members.models.user import User


class TwoPersonRequest(models.Model):
    """What one person asks, for a reason, and another decides."""

    reason = models.CharField(gettext_lazy("reason"), max_length=500)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.WAITING)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="%(app_label)s_%(class)s_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="%(app_label)s_%(class)s_decided_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_%(class)s_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reason[:40]
