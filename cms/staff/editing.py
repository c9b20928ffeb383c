"""The form in which pages are written and reviewed, where Wagtail's own would let one person do both."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.viewsets.pages import PageViewSet

from cms.domain.telling import taking_part, tell_remarked
from cms.models import BasePage
from cms.models.blocks import TEXT_FEATURES
from cms.models.review import APPROVE
from common.clock import now

_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
COMMENTS = "comments"


class EditPage(EditView):
    def form_valid(self, form: Any) -> HttpResponse:
        """What a reviewer changed and approves in one step is stored as a draft, which then somebody else approves."""
        if self.action_name != "perform_workflow_action" or self.workflow_action != APPROVE:
            answer: HttpResponse = super().form_valid(form)
            return answer
        # Stored only when it says something else: whoever stores a version is one of its writers.
        self.has_content_changes = _says_something_else(form)
        if self.has_content_changes:
            messages.warning(self.request, _("You changed the draft, so it is stored and another person approves it."))
        done: HttpResponse = self.save_action() if self.has_content_changes else self.perform_workflow_action()
        return done

    def send_commenting_notifications(self, changes: dict[str, Any]) -> None:
        """In the product, in place of Wagtail's letters. Who hears of it is who would have had one."""
        touched = [*changes["resolved_comments"], *(comment for comment, _replies in changes["new_replies"])]
        if touched or changes["new_comments"] or changes["deleted_comments"]:
            tell_remarked(self.page, taking_part(self.page, touched), by=self.request.user, at=now())


class PagesViewSet(PageViewSet):
    """In place of Wagtail's own for every kind of page."""

    model = BasePage
    edit_view_class = EditPage


def _says_something_else(form: Any) -> bool:
    """Whether the page in a valid form is another than its newest version.

    The editor writes anew what was brought in from a file, so that a form in which nobody touched anything has changed.
    """
    if not form.has_changed():
        return False
    formsets = set(form.formsets)
    if COMMENTS in formsets and form.formsets[COMMENTS].has_changed():
        return True
    named = [*form.fields, *formsets - {COMMENTS}]
    page = form.instance
    return _content(page, named) != _content(page.get_latest_revision().as_object(), named)


def _content(page: Any, named: Iterable[str]) -> dict[str, Any]:
    said = page.serializable_data()
    return {name: _plain(json.loads(said[name]) if name == "body" else said[name]) for name in named if name in said}


def _plain(value: Any) -> Any:
    """Without what tells versions of the same words apart: keys of blocks and the spelling of their markup."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items() if name not in ("id", "pk")}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return _as_the_editor_writes(value) if isinstance(value, str) and value.startswith("<") else value


def _as_the_editor_writes(html: str) -> str:
    converter = ContentstateConverter(features=TEXT_FEATURES)
    return _BLOCK_KEY.sub("", converter.to_database_format(converter.from_database_format(html)))
