"""Who lectures: the county's own people and guests."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn

from courses.domain.teaching import add_lecturer, change_lecturer
from courses.models import Lecturer
from courses.staff.choices import people_for
from courses.staff.kinds import OfOffice
from courses.staff.policies import LECTURERS
from exams.staff.gates import person_of
from members.models import User
from members.staff.naming import PersonField
from members.staff.scoped import ScopedIndexView, ScopedViewSet, VerbCreateView, VerbEditView


class LecturerForm(OfOffice):
    person = PersonField(
        label=gettext_lazy("Account"),
        required=False,
        help_text=gettext_lazy(
            "Staff number or name. Whoever has an account may show the code of their own sessions. Empty for a guest."
        ),
    )

    class Meta:
        model = Lecturer
        fields = ["name", "organisation", "person", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever is there already stays, also where somebody of another division looks.
        own = people_for(self.for_user) if self.for_user else User.objects.none()
        self.fields["person"].people = own | User.objects.filter(pk=self.instance.person_id)  # type: ignore[attr-defined]
        if self.instance.person_id:
            self.initial["person"] = self.instance.person.code


class NewLecturerForm(LecturerForm):
    class Meta(LecturerForm.Meta):
        fields = ["division", *LecturerForm.Meta.fields]


class LecturerIndexView(ScopedIndexView):
    def with_related(self, rows: QuerySet[Lecturer]) -> QuerySet[Lecturer]:
        return rows.select_related("division", "person")


class LecturerCreateView(VerbCreateView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> Lecturer:
        return add_lecturer(**form.cleaned_data, by=by, at=at)


class LecturerEditView(VerbEditView):
    def carry_out(self, form: Any, *, by: User, at: datetime) -> Lecturer:
        return change_lecturer(self.object, **form.cleaned_data, by=by, at=at)


class LecturerTitleColumn(TitleColumn):
    """Leads to the form where the person may change the row."""

    def get_link_url(self, instance: Lecturer, parent_context: Any) -> str | None:
        request: HttpRequest = parent_context["request"]
        may = LECTURERS.user_has_permission_for_instance(person_of(request), "change", instance)
        return reverse("lecturers:edit", args=[instance.pk]) if may else None


class LecturerViewSet(ScopedViewSet):
    model = Lecturer
    name = "lecturers"
    url_prefix = "courses/lecturers"
    policy = LECTURERS
    icon = "user"
    menu_label = gettext_lazy("Lecturers")
    add_form_class = NewLecturerForm
    edit_form_class = LecturerForm
    index_view_class = LecturerIndexView
    add_view_class = LecturerCreateView
    edit_view_class = LecturerEditView
    ordering = "name"
    search_fields = ["name", "organisation"]
    list_filter = ["is_active"]
    list_display = [
        LecturerTitleColumn("name", label=pgettext_lazy("person", "Name"), sort_key="name"),
        Column("organisation", label=gettext_lazy("Organisation"), sort_key="organisation"),
        Column("person", label=gettext_lazy("Account")),
        Column("division", label=gettext_lazy("Division")),
        BooleanColumn("is_active", label=pgettext_lazy("training", "May be chosen")),
    ]
