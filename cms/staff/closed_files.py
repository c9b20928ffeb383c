"""Where Wagtail shows documents and pictures without asking whose they are (see ``cms.models.file_desk``)."""

from typing import Any

from django.http import HttpRequest
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.documents.views import bulk_actions as of_documents
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.images.views import bulk_actions as of_images
from wagtail.permissions import policy_registry

SEEN = ("choose", "change")


def _seen(model: Any, request: HttpRequest) -> Any:
    """Keys of the files that are shown to whoever asks."""
    files = policy_registry.get_by_type(model).instances_user_has_any_permission_for(request.user, SEEN)
    return files.order_by().values("pk")


class _Seen:
    """An action on many files: says nothing of those among them that are closed to whoever asks."""

    request: HttpRequest
    model: Any

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, list[Any]]]:
        files, others = super().get_actionable_objects()  # type: ignore[misc]
        seen = set(_seen(self.model, self.request).values_list("pk", flat=True))
        return files, {name: [file for file in rest if file.pk in seen] for name, rest in others.items()}


BULK_ACTIONS = [
    type(name, (_Seen, getattr(module, name)), {}) for module in (of_documents, of_images) for name in module.__all__
]


class DocumentsForPrograms(DocumentsAdminAPIViewSet):
    def get_queryset(self) -> Any:
        return super().get_queryset().filter(pk__in=_seen(self.model, self.request))


class ImagesForPrograms(ImagesAdminAPIViewSet):
    def get_queryset(self) -> Any:
        return super().get_queryset().filter(pk__in=_seen(self.model, self.request))


def register_for_programs(router: Any) -> None:
    """Hook ``construct_admin_api``: in place of Wagtail's of the same names."""
    router.register_endpoint("documents", DocumentsForPrograms)
    router.register_endpoint("images", ImagesForPrograms)
