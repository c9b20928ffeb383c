"""Whose files those are that are uploaded, and who may replace one: Wagtail's permissions know collections alone."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import ReferenceIndex
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from cms.models.desk import on_desk, works_for_county
from cms.models.drafts import pages_in_hand_with, versions_with
from cms.models.page import BasePage
from members.models import User

CHANGING = frozenset({"change", "delete"})


class FilePolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's permissions on documents or pictures, as far as their pages lie on the person's desk.

    A file is its uploader's until a page refers to it. Whoever may see the draft of a page sees the files in it, and is
    offered them for other pages once that draft is stored as the page. A file that members read, that is in review or
    that goes live at a set time is neither replaced nor deleted: nobody publishes alone. Another one is uploaded and
    put into a draft, which is reviewed.
    """

    def __init__(self, model: str) -> None:
        super().__init__(model, auth_model=model, owner_field_name="uploaded_by_user")

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        if not super().user_has_any_permission_for_instance(user, actions, instance):
            return False
        if user.is_superuser:
            return True
        if CHANGING.issuperset(actions) and _is_settled(instance):
            return False
        return instance.uploaded_by_user_id == user.pk or works_for_county(user) or _stands_on_desk(instance, user)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> Any:
        files = super().instances_user_has_any_permission_for(user, actions)
        if not isinstance(user, User) or works_for_county(user):
            return files
        # By key: the search backends read the conditions of a query and know no functions of columns.
        return files.filter(pk__in=_files_on_desk(self.model, user).order_by().values("pk"))


def pages_with(file: Any) -> Any:
    """Pages that refer to ``file`` in their stored state; for a live page that is what is published."""
    references = ReferenceIndex.get_references_to(file).filter(base_content_type=_kind_of(BasePage))
    return BasePage.objects.filter(pk__in=list(references.values_list("object_id", flat=True).distinct()))


def _is_settled(file: Any) -> bool:
    """Whether somebody else than its uploader has looked at ``file``, or is just looking."""
    return pages_with(file).live().exists() or pages_in_hand_with(file).exists()


def _stands_on_desk(file: Any, person: User) -> bool:
    """Whether it stands in a page on the person's desk, as that is stored or in its newest draft."""
    if on_desk(pages_with(file), person).exists():
        return True
    drafts = BasePage.objects.filter(pk__in=[version.object_id for version in versions_with(file)])
    return on_desk(drafts, person).exists()


def _files_on_desk(model: Any, person: User) -> QuerySet[Any]:
    """Files that ``person`` uploaded, or that stand in pages on the person's desk."""
    mine = on_desk(BasePage.objects.all(), person).annotate(key=Cast("pk", CharField())).order_by().values("key")
    references = ReferenceIndex.objects.filter(to_content_type=_kind_of(model), base_content_type=_kind_of(BasePage))
    in_mine = references.filter(object_id__in=mine).values("to_object_id")
    files = model._default_manager.annotate(key=Cast("pk", CharField()))
    return files.filter(Q(uploaded_by_user=person) | Q(key__in=in_mine))  # type: ignore[no-any-return]


def _kind_of(model: Any) -> ContentType:
    return ContentType.objects.get_for_model(model)
