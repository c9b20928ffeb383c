"""What follows a review."""

from __future__ import annotations

from typing import TYPE_CHECKING

# Wagtail's models load this module while they are made themselves.
if TYPE_CHECKING:
    from wagtail.models import WorkflowState

    from members.models import User

APPROVED = "approved"


def publish_approved(workflow_state: WorkflowState, user: User | None = None) -> None:
    """Publish what a review has approved (``WAGTAIL_FINISH_WORKFLOW_ACTION``).

    Nobody here may publish by themselves, so Wagtail's own check of the last reviewer would refuse everybody. The
    approval is the permission; a review that ends without one publishes only what ``user`` may publish anyway.
    """
    approved = workflow_state.task_states.filter(status=APPROVED).exists()
    workflow_state.content_object.get_latest_revision().publish(user=user, skip_permission_checks=approved)
