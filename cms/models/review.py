"""Review by a second person."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask


class SecondPersonTask(AbstractGroupApprovalTask):
    """Approved by somebody of the chosen groups who neither wrote the version nor asked for the review."""

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        return [] if _has_a_hand_in(obj, user) else super().get_actions(obj, user)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[Any]:
        states: QuerySet[Any] = super().get_task_states_user_can_moderate(user, **kwargs)
        return states.exclude(workflow_state__requested_by=user).exclude(revision__user=user)

    @classmethod
    def get_description(cls) -> Any:
        return _("Approved by another person of the chosen groups than the one who wrote it")

    class Meta:
        verbose_name = _("review by a second person")
        verbose_name_plural = _("reviews by a second person")


def _has_a_hand_in(obj: Any, user: Any) -> bool:
    state, revision = obj.current_workflow_state, obj.latest_revision
    return bool((state and state.requested_by_id == user.pk) or (revision and revision.user_id == user.pk))
