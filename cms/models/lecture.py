"""The lecture hall."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelsearch import index
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField

from cms.models.blocks import BodyBlock, plain_text
from cms.models.page import AUDIENCE_PANELS, BasePage
from cms.models.text_form import TextForm

# What a browser plays there; that a file is what its name says was seen to when it was uploaded.
RECORDINGS = {"audio": ("mp3", "m4a"), "video": ("mp4", "webm"), "captions": ("vtt",)}


class LectureForm(TextForm):
    """Says of what was chosen that it would not play there."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("captions") and not cleaned.get("video"):
            self.add_error("captions", _("Captions stand beside a video: choose that too."))
        for field, extensions in RECORDINGS.items():
            file = cleaned.get(field)
            if file and file.file_extension.lower() not in extensions:
                said = _("Choose a file of one of these kinds: %(kinds)s.")
                self.add_error(field, said % {"kinds": ", ".join(extensions)})
        return cleaned


class LectureIndexPage(BasePage):
    """All lectures, the newest first."""

    max_count = 1
    subpage_types = ["cms.LecturePage"]
    template = "cms/series.html"

    class Meta:
        verbose_name = _("lecture hall")


class LecturePage(BasePage):
    """A lecture to read again, with what was shown and recorded."""

    speaker = models.CharField(_("speaker"), max_length=120)
    held_on = models.DateField(_("held on"))
    minutes = models.PositiveSmallIntegerField(pgettext_lazy("lecture", "minutes"), null=True, blank=True)
    summary = models.TextField(_("summary"), max_length=400)
    body = StreamField(BodyBlock(), verbose_name=pgettext_lazy("page", "text"), blank=True)
    basis = models.CharField(_("basis"), max_length=300, blank=True)
    audio = models.ForeignKey(
        "wagtaildocs.Document", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("audio")
    )
    video = models.ForeignKey(
        "wagtaildocs.Document", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("video")
    )
    captions = models.ForeignKey(
        "wagtaildocs.Document",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("captions"),
        help_text=_("WebVTT, beside a video."),
    )

    base_form_class = LectureForm
    parent_page_types = ["cms.LectureIndexPage"]
    subpage_types: list[str] = []
    template = "cms/lecture.html"
    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("speaker"), FieldPanel("held_on"), FieldPanel("minutes")]),
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("basis"),
        FieldRowPanel([FieldPanel("audio"), FieldPanel("video"), FieldPanel("captions")]),
        *AUDIENCE_PANELS,
    ]
    search_fields = [*BasePage.search_fields, index.FilterField("held_on")]

    class Meta:
        verbose_name = _("lecture")
        verbose_name_plural = _("lectures")

    def searched_text(self) -> str:
        return "\n".join([self.summary, self.speaker, plain_text(self.body), self.basis])
