"""Reading a question without changing it: its content, and its frozen versions with what changed between them."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views.snippets import InspectView

from cms.models.desk import is_closed
from members.models import User
from question_bank.domain.further_pages import further_pages
from question_bank.models import Question, QuestionVersion
from question_bank.staff.figures import address_of
from question_bank.staff.version_buttons import buttons_for


class Difference(NamedTuple):
    label: str | Promise
    before: str
    after: str


class FrozenVersion(NamedTuple):
    """One version as it is read; ``differences`` are those to the version before it, all fields for the first."""

    version: QuestionVersion
    is_current: bool
    differences: list[Difference]


def frozen_versions(question: Question) -> list[FrozenVersion]:
    """Newest first."""
    versions = list(question.versions.select_related("topic").order_by("number"))
    pairs = zip([None, *versions], versions, strict=False)
    read = [
        FrozenVersion(version, version.pk == question.current_version_id, _differences(before, version))
        for before, version in pairs
    ]
    return read[::-1]


def _differences(before: QuestionVersion | None, after: QuestionVersion) -> list[Difference]:
    old = dict(_read(before)) if before else {}
    return [Difference(label, old.get(label, ""), text) for label, text in _read(after) if text != old.get(label, "")]


def _read(version: QuestionVersion) -> Iterator[tuple[str, str]]:
    """Every field of a version as a label and a text."""
    yield _("Topic"), str(version.topic)
    yield _("Kind"), version.get_kind_display()
    yield _("Difficulty"), version.get_difficulty_display()
    yield _("Stem"), version.shown["stem"]
    yield _("Pictures"), "\n".join(_picture_lines(version))
    yield _("Options"), "\n".join(_option_lines(version))
    yield _("Order of the options"), pgettext("order of the options", "kept") if version.shown["in_order"] else ""
    yield _("Accepted answers"), "\n".join(" / ".join(accepted) for accepted in version.key.get("blanks", []))
    yield _("Order of the blanks"), pgettext("order of the blanks", "any") if version.key.get("any_order") else ""
    yield _("Marking guide"), version.key.get("guide", "")
    yield _("Explanation"), version.explanation
    yield _("Basis"), version.basis
    yield _("Document number"), version.document_number
    yield _("Region"), version.region
    yield _("Valid from"), str(version.valid_from or "")
    yield _("Valid to"), str(version.valid_to or "")


def _picture_lines(version: QuestionVersion) -> Iterator[str]:
    """The beginning of the digest tells two pictures apart that are described alike."""
    for figure in version.shown.get("figures", []):
        yield f"{figure['description']} ({figure['width']} × {figure['height']}, {figure['digest'][:8]})"


def _option_lines(version: QuestionVersion) -> Iterator[str]:
    right = version.key.get("options", [])
    for option in version.shown["options"]:
        yield f"{'✓' if option['id'] in right else '·'} {option['text']}"


class VersionsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The frozen versions of a question."""

    any_permission_required = ["add", "change", "delete", "view"]
    template_name = "question_bank/staff/versions.html"
    page_title = gettext_lazy("Frozen versions")
    header_icon = "history"
    model = Question
    index_url_name = ""
    inspect_url_name = ""
    breadcrumbs_items: list[dict[str, Any]] = []

    @cached_property
    def question(self) -> Question:
        return get_object_or_404(Question.objects.select_related("topic"), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.question)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(Question._meta.verbose_name_plural)},
            {"url": reverse(self.inspect_url_name, args=[self.question.pk]), "label": str(self.question)},
            {"url": "", "label": self.page_title, "sublabel": str(self.question)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = frozen_versions(self.question)
        buttons = buttons_for([frozen.version for frozen in versions], cast(User, self.request.user))
        sections = [(frozen, buttons[frozen.version.pk]) for frozen in versions]
        return super().get_context_data(question=self.question, versions=versions, sections=sections, **kwargs)


def further_buttons(request: HttpRequest, question: Question) -> list[Button]:
    """Buttons to what the storeys above know about a question."""
    return [
        Button(page.label, url=reverse(page.url_name, args=[question.pk]), icon_name=page.icon_name, priority=26)
        for page in further_pages(cast(User, request.user))
    ]


class QuestionInspectView(InspectView):
    """What a question says now, for those who may not change it; fields that its kind leaves empty are left out."""

    page_title = gettext_lazy("View")
    versions_url_name = ""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        url = reverse(self.versions_url_name, args=[self.object.pk])
        versions = Button(_("Frozen versions"), url=url, icon_name="history", priority=15)
        asked = [self.object.current_version] if self.object.current_version else []
        more = chain.from_iterable(buttons_for(asked, self.request.user).values())
        return [*super().header_more_buttons, versions, *further_buttons(self.request, self.object), *more]

    def get_fields_context(self) -> list[dict[str, Any]]:
        return [row for row in super().get_fields_context() if row["value"] not in {None, "", False}]

    def get_field_label(self, field_name: str, field: Any) -> str:
        labels = {"figures": _("Pictures"), "options": _("Options"), "blanks": _("Accepted answers")}
        return labels.get(field_name) or super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        if field_name == "entry" and self.object.entry and is_closed(self.object.entry, self.request.user):
            return None
        if field_name == "statement_is_true" and value is not None:
            return _("Yes") if value else _("No")
        return _("Yes") if value is True else value

    def get_figures_display_value(self) -> str:
        """The pictures themselves; their words are the alternative."""
        rows = [(address_of(row.figure), row.description) for row in self.object.figures.select_related("figure")]
        return format_html_join(" ", '<img src="{}" alt="{}" width="240" loading="lazy">', rows)

    def get_options_display_value(self) -> str:
        options = self.object.options.all()
        return _("; ").join(f"{option.text}（✓）" if option.is_right else option.text for option in options)

    def get_blanks_display_value(self) -> str:
        return _("; ").join(" / ".join(blank.accepted_answers()) for blank in self.object.blanks.all())
