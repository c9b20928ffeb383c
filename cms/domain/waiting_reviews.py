"""What waits for a person's review, for the first page of the staff interface."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Task

from cms.domain.telling import Matter, matter_of_kind, matter_of_owner
from cms.models import BasePage
from cms.models.audience import OWNER_PATH
from members.models import User


class Waiting(NamedTuple):
    """How many versions of one matter somebody may approve or send back."""

    matter: Matter
    drafts: int


def waiting_reviews(person: User) -> list[Waiting]:
    """Pages in the order of the library, each book once, then other things kind by kind; some six queries in all."""
    found: dict[int, list[str]] = {}
    for task in Task.objects.filter(active=True).specific():
        states = task.get_task_states_user_can_moderate(person).filter(workflow_state__isnull=False)
        rows = states.order_by().values_list("workflow_state__base_content_type", "workflow_state__object_id")
        for kind, key in rows.distinct():
            found.setdefault(kind, []).append(key)
    pages = found.pop(ContentType.objects.get_for_model(BasePage).pk, [])
    kinds = ((ContentType.objects.get_for_id(kind).model_class(), keys) for kind, keys in found.items())
    others = [Waiting(matter_of_kind(model), len(keys)) for model, keys in kinds if model]
    return [*_by_owner(pages), *sorted(others, key=lambda waiting: waiting.matter.title)]


def _by_owner(pages: Iterable[str]) -> list[Waiting]:
    paths = BasePage.objects.filter(pk__in=list(pages)).order_by().values_list("path", flat=True)
    counts = Counter(path[:OWNER_PATH] for path in paths)
    owners = BasePage.objects.filter(path__in=counts).select_related("content_type").order_by("path")
    return [Waiting(matter_of_owner(owner), counts[owner.path]) for owner in owners]
