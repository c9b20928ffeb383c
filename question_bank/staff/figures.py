"""Pictures in the editor of a question: uploaded, looked at and written anew, or chosen from those that are there."""

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser

from common.clock import now
from question_bank.domain.figures import MOST_BYTES, FigureUnreadable, keep_figure, write_anew
from question_bank.domain.showing import keepers_address
from question_bank.models import Figure, QuestionFigure

MAY_CHOOSE = "question_bank.change_question"


def address_of(figure: Figure) -> str:
    return keepers_address(figure.digest)


class FigureUploadForm(forms.Form):
    """One picture; what is none is refused at the field."""

    picture = forms.FileField(
        label=pgettext_lazy("question", "Picture"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp,image/bmp"}),
        help_text=gettext_lazy(
            "PNG, JPEG, GIF, WebP or BMP. It is kept no larger than a phone shows, without the place and the name of "
            "the camera."
        ),
    )

    def clean_picture(self) -> bytes:
        uploaded: UploadedFile = self.cleaned_data["picture"]
        try:
            # A byte more than allowed is enough to refuse it.
            content = uploaded.read(MOST_BYTES + 1)
            write_anew(content)
        except FigureUnreadable as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return cast(bytes, content)


class _ForWriters(chooser.CreationFormMixin):
    """Pictures of questions are shown to those who write questions; others see them where a question shows them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(MAY_CHOOSE):
            raise PermissionDenied
        return cast(HttpResponseBase, super().dispatch(request, *args, **kwargs))

    def can_create(self) -> bool:
        return bool(self.request.user.has_perm(MAY_CHOOSE))


class _Listed(_ForWriters):
    ordering = "-added_at"

    def get_object_list(self) -> QuerySet[Figure]:
        described = QuestionFigure.objects.filter(figure=OuterRef("pk")).order_by("pk").values("description")[:1]
        return Figure.objects.defer("content").annotate(described=Subquery(described))

    @property
    def columns(self) -> list[Column]:
        return [_PictureColumn("picture", label=pgettext_lazy("question", "Picture"), accessor=address_of),
                self.title_column,
                Column("described", label=gettext_lazy("What it shows"), accessor="described")]  # fmt: skip

    @property
    def title_column(self) -> Column:
        column = super().title_column  # type: ignore[misc]
        column.label = gettext_lazy("Size")
        return column


class _PictureColumn(Column):
    cell_template_name = "question_bank/staff/_figure_cell.html"


class _Chosen(chooser.ChosenResponseMixin):
    def get_chosen_response_data(self, item: Figure) -> dict[str, Any]:
        return {**super().get_chosen_response_data(item), "picture": address_of(item)}


class FigureChooseView(_Listed, chooser.ChooseView):
    pass


class FigureChooseResultsView(_Listed, chooser.ChooseResultsView):
    pass


class FigureChosenView(_ForWriters, _Chosen, chooser.ChosenView):
    def get_object(self, pk: str) -> Figure:
        """Whatever stands in the address; what is no number names no picture."""
        return Figure.objects.defer("content").get(pk=int(pk) if pk.isdecimal() else 0)


class FigureChosenMultipleView(_ForWriters, _Chosen, chooser.ChosenMultipleView):
    pass


class FigureCreateView(_ForWriters, _Chosen, chooser.CreateView):
    def save_form(self, form: FigureUploadForm) -> Figure:
        return keep_figure(form.cleaned_data["picture"], at=now())


class FigureChooser(BaseChooser):
    """The chosen picture is seen; without script what was chosen stays chosen."""

    model = Figure
    template_name = "question_bank/staff/figure_chooser.html"
    chooser_modal_url_name = "question_figures:choose"
    choose_one_text = gettext_lazy("Choose a picture")
    choose_another_text = gettext_lazy("Choose another picture")
    icon = "image"
    js_constructor = "FigureChooser"
    show_edit_link = False

    def get_value_data_from_instance(self, instance: Figure) -> dict[str, Any]:
        return {**super().get_value_data_from_instance(instance), "picture": address_of(instance)}

    def get_context(self, name: str, value_data: dict[str, Any], attrs: dict[str, Any]) -> dict[str, Any]:
        return {**super().get_context(name, value_data, attrs), "picture": value_data.get("picture", "")}

    @cached_property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=[versioned_static("question_bank/figure-chooser.js")])


class FigureChooserViewSet(ChooserViewSet):
    name = "question_figures"
    url_prefix = "question-figures"
    model = Figure
    icon = "image"
    choose_one_text = gettext_lazy("Choose a picture")
    choose_another_text = gettext_lazy("Choose another picture")
    search_tab_label = gettext_lazy("Pictures of questions")
    creation_tab_label = gettext_lazy("Upload a picture")
    create_action_label = gettext_lazy("Upload")
    creation_form_class = FigureUploadForm
    choose_view_class = FigureChooseView
    choose_results_view_class = FigureChooseResultsView
    chosen_view_class = FigureChosenView
    chosen_multiple_view_class = FigureChosenMultipleView
    create_view_class = FigureCreateView
    # Named where it stands: the editor is put together before the viewsets are registered.
    register_widget = False
