"""Topics and questions in the staff interface."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from members.models import User
from question_bank.domain.searching import found_questions
from question_bank.models import Question, Topic
from question_bank.staff.batches import QuestionFilesViewSet
from question_bank.staff.coverage import CoverageViewSet
from question_bank.staff.editing import QuestionCreateView, QuestionEditView
from question_bank.staff.exporting import MAY_EXPORT, QuestionExportViewSet
from question_bank.staff.listing import (
    QuestionFilterSet,
    list_columns,
    listed_questions,
    rows_of_a_page,
    shown_on_a_page,
)
from question_bank.staff.member_reports import MemberReportViewSet
from question_bank.staff.panels import question_edit_handler
from question_bank.staff.rechecks import RecheckViewSet
from question_bank.staff.retiring import RetireView
from question_bank.staff.reviewing import QuestionWorkflowActionView, ReviewView
from question_bank.staff.saved_filters import SavedFilterViewSet
from question_bank.staff.versions import QuestionInspectView, VersionsView, further_buttons

REVIEW_URL = "wagtailsnippets_question_bank_question:review"


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "folder-open-inverse"
    menu_label = _("Topics")
    list_display = ["code", "title"]
    search_fields = ["code", "title"]
    search_backend_name = None
    ordering = ["code"]
    copy_view_enabled = False
    inspect_view_enabled = True
    edit_handler = ObjectList([FieldPanel("code"), FieldPanel("title")])


class QuestionIndexView(IndexView):
    versions_url_name = ""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Filters are saved, and taken along by the export."""
        query = self.request.GET.urlencode()
        address = reverse("question_filters:index")
        buttons = [Button(_("Saved filters"), url=address, icon_name="doc-full-inverse", priority=85)]
        if query:
            url = f"{address}?{urlencode({'query': query})}"
            buttons.append(Button(_("Save this filter"), url=url, icon_name="plus", priority=80))
        if self.request.user.has_perm(MAY_EXPORT):
            url = f"{reverse('question_export:index')}?{query}"
            buttons.append(Button(_("Export"), url=url, icon_name="download", priority=30))
        return [*super().header_more_buttons, *buttons]

    def search_queryset(self, queryset: QuerySet[Question]) -> QuerySet[Question]:
        """Narrowed by words after everything else; Wagtail would search only what its index can filter."""
        return found_questions(self.search_query, queryset) if self.search_query else queryset

    def paginate_queryset(self, queryset: QuerySet[Question], page_size: int) -> Any:
        paginator, page, rows, has_others = super().paginate_queryset(queryset, page_size)
        page.object_list = rows_of_a_page(rows)
        return paginator, page, page.object_list, has_others

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        shown_on_a_page(context["object_list"], to=cast(User, self.request.user))
        return context

    def get_list_more_buttons(self, instance: Question) -> list[Any]:
        url = reverse(self.versions_url_name, args=[instance.pk])
        versions = Button(_("Frozen versions"), url=url, icon_name="history", priority=25)
        review = Button(_("Review page"), url=reverse(REVIEW_URL, args=[instance.pk]), icon_name="view", priority=24)
        further = further_buttons(self.request, instance)
        return [*super().get_list_more_buttons(instance), review, versions, *further]


class QuestionViewSet(SnippetViewSet):
    model = Question
    icon = "help"
    menu_label = _("Questions")
    index_view_class = QuestionIndexView
    add_view_class = QuestionCreateView
    edit_view_class = QuestionEditView
    inspect_view_class = QuestionInspectView
    unpublish_view_class = RetireView
    workflow_action_view_class = QuestionWorkflowActionView
    edit_handler = question_edit_handler
    list_display = list_columns()
    list_per_page = 50
    filterset_class = QuestionFilterSet
    inspect_view_enabled = True
    inspect_view_fields = [
        "topic", "kind", "difficulty", "stem", "figures", "options", "options_in_order", "statement_is_true", "blanks",
        "blanks_in_any_order", "marking_guide", "explanation", "entry", "basis", "document_number", "region",
        "valid_from", "valid_to",
    ]  # fmt: skip
    # A copy is a new question; Wagtail's copy would carry the unique marks of the old one.
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return listed_questions()

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(versions_url_name=self.get_url_name("versions"), **kwargs)

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_inspect_view_kwargs(versions_url_name=self.get_url_name("versions"), **kwargs)

    @property
    def versions_view(self) -> Any:
        return self.construct_view(VersionsView, inspect_url_name=self.get_url_name("inspect"))

    @property
    def review_view(self) -> Any:
        return self.construct_view(ReviewView, inspect_url_name=self.get_url_name("inspect"))

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("versions/<int:pk>/", self.versions_view, name="versions"),
            path("review/<int:pk>/", self.review_view, name="review"),
        ]


class QuestionBankGroup(SnippetViewSetGroup):
    items = (
        QuestionViewSet,
        TopicViewSet,
        QuestionFilesViewSet,
        RecheckViewSet,
        MemberReportViewSet,
        SavedFilterViewSet,
        CoverageViewSet,
        QuestionExportViewSet,
    )
    menu_label = _("Question bank")
    menu_name = "question-bank"
    menu_icon = "help"
    menu_order = 200
