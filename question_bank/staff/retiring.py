"""Taking a question out of use: Wagtail asks for the right to publish, which no role holds; here it is a role's."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import pgettext_lazy
from wagtail.snippets.action_menu import ActionMenuItem, UnpublishMenuItem
from wagtail.snippets.views.snippets import UnpublishView

from members.models import User
from question_bank.models import Question
from question_bank.rules import may_retire


class RetireView(UnpublishView):
    def user_has_permission(self, permission: str) -> bool:
        return may_retire(cast(User, self.request.user))


class RetireMenuItem(UnpublishMenuItem):
    label = pgettext_lazy("question", "Retire")

    def is_shown(self, context: Any) -> bool:
        shown = not context.get("locked_for_user") and context["view"] == "edit" and context["instance"].live
        return bool(shown and may_retire(cast(User, context["request"].user)))


def offer_retiring(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """Hook ``construct_snippet_action_menu``."""
    if context["model"] is Question and not any(isinstance(item, UnpublishMenuItem) for item in items):
        item = RetireMenuItem(order=20)
        if item.is_shown(context):
            items.append(item)
