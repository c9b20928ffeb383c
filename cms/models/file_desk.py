"""Whose files those are that are uploaded, and who may replace one: Wagtail's permissions know collections alone."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import ReferenceIndex
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from cms.models.desk import on_desk
from cms.models.page import BasePage
from members.models import User

CHANGING = frozenset({"change", "delete"})


class FilePolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's permissions on documents or pictures, as far as their pages lie on the person's desk.

    A file that members read is neither replaced nor deleted: nobody publishes alone. Another one is uploaded and put
    into a draft, which is reviewed.
    """

    def __init__(self, model: str) -> None:
        super().__init__(model, auth_model=model, owner_field_name="uploaded_by_user")

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        if not super().user_has_any_permission_for_instance(user, actions, instance):
            return False
        if user.is_superuser:
            return True
        pages = pages_with(instance)
        if CHANGING.issuperset(actions) and pages.live().exists():
            return False
        return instance.uploaded_by_user_id == user.pk or not _stand_behind(pages, user)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> Any:
        files = super().instances_user_has_any_permission_for(user, actions)
        if not isinstance(user, User) or user.is_superuser:
            return files
        # By key: the search backends read the conditions of a query and know no functions of columns.
        return files.exclude(pk__in=_closed_files(self.model, user).order_by().values("pk"))


def pages_with(file: Any) -> Any:
    """Pages that refer to ``file`` in their stored state; for a live page that is what is published."""
    references = ReferenceIndex.get_references_to(file).filter(base_content_type=_kind_of(BasePage))
    return BasePage.objects.filter(pk__in=list(references.values_list("object_id", flat=True).distinct()))


def _stand_behind(pages: Any, person: User) -> bool:
    """Whether there are such pages and none of them lies on the person's desk."""
    return pages.exists() and not on_desk(pages, person).exists()


def _closed_files(model: Any, person: User) -> QuerySet[Any]:
    """Files that others uploaded and that stand in closed pages alone."""
    to_files = ReferenceIndex.objects.filter(to_content_type=_kind_of(model), base_content_type=_kind_of(BasePage))
    mine = on_desk(BasePage.objects.all(), person).annotate(key=Cast("pk", CharField())).order_by().values("key")
    in_mine = to_files.filter(object_id__in=mine)
    files = model._default_manager.annotate(key=Cast("pk", CharField()))
    in_pages = files.filter(Q(key__in=to_files.values("to_object_id")), ~Q(key__in=in_mine.values("to_object_id")))
    return in_pages.exclude(uploaded_by_user=person)  # type: ignore[no-any-return]


def _kind_of(model: Any) -> ContentType:
    return ContentType.objects.get_for_model(model)
