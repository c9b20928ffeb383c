"""Review by a second person."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask

from cms.models.desk import is_closed, on_desk
from cms.models.page import BasePage

APPROVE = "approve"


class SecondPersonTask(AbstractGroupApprovalTask):
    """Approved by somebody of the chosen groups who neither wrote the version nor asked for the review."""

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        # Asked once more: Wagtail's forms store what a reviewer has changed between asking and approving.
        if action_name == APPROVE and _has_a_hand_in(task_state.workflow_state.content_object, user):
            raise PermissionDenied
        super().on_action(task_state, user, action_name, **kwargs)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        return [] if _has_a_hand_in(obj, user) or _is_closed(obj, user) else super().get_actions(obj, user)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[Any]:
        states: QuerySet[Any] = super().get_task_states_user_can_moderate(user, **kwargs)
        states = states.exclude(workflow_state__requested_by=user).exclude(revision__user=user)
        closed = BasePage.objects.exclude(pk__in=on_desk(BasePage.objects.all(), user).order_by().values("pk"))
        keys = closed.annotate(key=Cast("pk", models.CharField())).order_by().values("key")
        pages = ContentType.objects.get_for_model(BasePage)
        return states.exclude(revision__base_content_type=pages, revision__object_id__in=keys)

    @classmethod
    def get_description(cls) -> Any:
        return _("Approved by another person of the chosen groups than the one who wrote it")

    class Meta:
        verbose_name = _("review by a second person")
        verbose_name_plural = _("reviews by a second person")


def _is_closed(obj: Any, user: Any) -> bool:
    return isinstance(obj, BasePage) and is_closed(obj, user)


def hands_in(obj: Any) -> set[int]:
    """Keys of those who wrote the newest version of ``obj`` or asked for its review."""
    state, revision = obj.current_workflow_state, obj.latest_revision
    return {key for key in (state and state.requested_by_id, revision and revision.user_id) if key}


def _has_a_hand_in(obj: Any, user: Any) -> bool:
    return user.pk in hands_in(obj)
