"""Notices: numbered issues of what to mind now."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelsearch import index
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField

from cms.models.blocks import BodyBlock, plain_text
from cms.models.page import AUDIENCE_PANELS, BasePage
from cms.models.text_form import TextForm


class NoticeIndexPage(BasePage):
    """All notices, the newest first."""

    max_count = 1
    subpage_types = ["cms.NoticePage"]
    template = "cms/series.html"

    class Meta:
        verbose_name = _("notices")


class NoticePage(BasePage):
    """One issue, addressed to the whole county, to divisions or to roles."""

    issue = models.CharField(_("issue"), max_length=40, help_text=_("As it is quoted: 2026年第1期."))
    issued_on = models.DateField(_("issued on"))
    body = StreamField(BodyBlock(), verbose_name=pgettext_lazy("page", "text"))
    basis = models.CharField(_("basis"), max_length=300, blank=True)

    base_form_class = TextForm
    parent_page_types = ["cms.NoticeIndexPage"]
    subpage_types: list[str] = []
    template = "cms/notice.html"
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("issue"), FieldPanel("issued_on")]),
        FieldPanel("body"),
        FieldPanel("basis"),
        *AUDIENCE_PANELS,
    ]
    search_fields = [*BasePage.search_fields, index.FilterField("issued_on")]

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")

    def searched_text(self) -> str:
        return "\n".join([self.issue, plain_text(self.body), self.basis])
