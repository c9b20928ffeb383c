"""Views of the staff interface that keep to the bounds of a division and change rows through verbs only."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.viewsets.model import ModelViewSet

from common.clock import now
from common.refusals import Refusal
from members.models import User
from members.staff.policies import ScopedPolicy


class ScopedIndexView(generic.IndexView):
    """Lists what the person may look into; the title leads to the page where there is one."""

    permission_policy: ScopedPolicy = None  # type: ignore[assignment]

    def get_base_queryset(self) -> QuerySet[Any]:
        rows = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, self.any_permission_required
        )
        return self.with_related(rows)

    def with_related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows

    def get_edit_url(self, instance: Model) -> str | None:
        return self.get_inspect_url(instance) or super().get_edit_url(instance)

    def get_list_buttons(self, instance: Model) -> list[Any]:
        return []


class ScopedObjectMixin:
    """The same 404 for what is absent and what is not yours."""

    permission_policy: ScopedPolicy
    object_permission = "view"

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        row = super().get_object(*args, **kwargs)  # type: ignore[misc]
        user = self.request.user  # type: ignore[attr-defined]
        if not self.permission_policy.user_has_permission_for_instance(user, self.object_permission, row):
            raise Http404
        return row


class VerbMixin:
    """Saving is calling a verb; what it refuses is shown at the form."""

    form: WagtailAdminModelForm

    def carry_out(self, form: Any, *, by: User, at: datetime) -> Model:
        raise NotImplementedError

    def save_instance(self) -> Model:
        return self.carry_out(self.form, by=self.request.user, at=now())  # type: ignore[attr-defined]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error.messages)
        self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
        return self.form_invalid(form)  # type: ignore[attr-defined]


class VerbCreateView(VerbMixin, generic.CreateView):
    permission_policy: ScopedPolicy = None  # type: ignore[assignment]


class VerbEditView(ScopedObjectMixin, VerbMixin, generic.EditView):
    permission_policy: ScopedPolicy = None  # type: ignore[assignment]
    object_permission = "change"


class ScopedInspectView(ScopedObjectMixin, generic.InspectView):
    permission_policy: ScopedPolicy = None  # type: ignore[assignment]

    def may(self, action: str) -> bool:
        return self.permission_policy.user_has_permission_for_instance(self.request.user, action, self.object)

    def get_edit_url(self) -> str | None:
        return reverse(self.edit_url_name, args=[self.object.pk]) if self.edit_url_name and self.may("change") else None

    def get_delete_url(self) -> None:
        return None


class ScopedHistoryView(ScopedObjectMixin, HistoryView):
    permission_policy: ScopedPolicy = None  # type: ignore[assignment]
    any_permission_required = ["view"]

    def get_object(self) -> Any:
        return super().get_object()


class ScopedViewSet(ModelViewSet):
    """A viewset without deletion, copying and usage: what people and places once were stays on record."""

    policy: ScopedPolicy
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = ScopedIndexView
    inspect_view_class = ScopedInspectView
    history_view_class = ScopedHistoryView
    add_form_class: type[WagtailAdminModelForm]
    edit_form_class: type[WagtailAdminModelForm]
    list_per_page = 50
    kept_urls = frozenset({"index", "index_results", "add", "edit", "inspect", "history", "history_results"})

    def get_form_class(self, for_update: bool = False) -> type[WagtailAdminModelForm]:
        return self.edit_form_class if for_update else self.add_form_class

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common = super().get_common_view_kwargs(permission_policy=self.policy, **kwargs)
        return {**common, "delete_url_name": None, "usage_url_name": None}

    def get_urlpatterns(self) -> list[Any]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in self.kept_urls]
