"""Wagtail's questions about permission, answered by the rules of this app: which ones, not only whether any."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

from exams.enums import ExamState
from exams.models import Blueprint, Exam
from exams.rules import may_edit_blueprint, may_manage_blueprint, may_manage_exam
from members.models import User


class BoundedPolicy(ModelPermissionPolicy):
    """Django's permissions say whether at all; ``may`` says which instances."""

    def may(self, user: User, action: str, instance: Any) -> bool:
        raise NotImplementedError

    def user_has_permission_for_instance(self, user: User, action: str, instance: Model) -> bool:
        return bool(self.user_has_permission(user, action)) and self.may(user, action, instance)

    def user_has_any_permission_for_instance(self, user: User, actions: Iterable[str], instance: Model) -> bool:
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)

    def instances_user_has_any_permission_for(self, user: User, actions: Iterable[str]) -> QuerySet[Any]:
        if not self.user_has_any_permission(user, actions):
            return self.model._default_manager.none()
        return self.model.objects.visible_to(user)


class ExamPolicy(BoundedPolicy):
    """An exam is edited, and deleted, only in preparation."""

    def may(self, user: User, action: str, instance: Exam) -> bool:
        if action == "delete" and instance.draws.exists():
            return False
        return may_manage_exam(user, instance) and (action == "view" or instance.state == ExamState.DRAFT)


class BlueprintPolicy(BoundedPolicy):
    """Once an exam rests on it a blueprint stays as it is; what is above one's division can be looked at and copied."""

    def may(self, user: User, action: str, instance: Blueprint) -> bool:
        if action == "view":
            return Blueprint.objects.visible_to(user).filter(pk=instance.pk).exists()
        if action == "delete":
            return may_manage_blueprint(user, instance) and not instance.exams.exists()
        return may_edit_blueprint(user, instance)
