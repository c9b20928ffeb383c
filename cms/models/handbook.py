"""Handbooks: what must be known, one entry a thing."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from cms.models.blocks import BodyBlock, plain_text
from cms.models.page import AUDIENCE_PANELS, BasePage
from cms.models.text_form import TextForm


class HandbookIndexPage(BasePage):
    """The shelf of all handbooks."""

    max_count = 1
    subpage_types = ["cms.HandbookPage"]
    template = "cms/handbook_index.html"

    class Meta:
        verbose_name = _("shelf of handbooks")


class HandbookPage(BasePage):
    """A book: chapters in their order, read by one audience."""

    introduction = models.TextField(_("introduction"), max_length=1000, blank=True)

    parent_page_types = ["cms.HandbookIndexPage"]
    subpage_types = ["cms.ChapterPage"]
    template = "cms/handbook.html"
    content_panels = [*BasePage.content_panels, FieldPanel("introduction"), *AUDIENCE_PANELS]

    class Meta:
        verbose_name = _("handbook")
        verbose_name_plural = _("handbooks")

    def searched_text(self) -> str:
        return self.introduction


class ChapterPage(BasePage):
    """A chapter: its entries follow each other."""

    introduction = models.TextField(_("introduction"), max_length=1000, blank=True)

    parent_page_types = ["cms.HandbookPage"]
    subpage_types = ["cms.EntryPage"]
    template = "cms/chapter.html"
    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")

    def searched_text(self) -> str:
        return self.introduction


class EntryQuerySet(PageQuerySet):
    """Words for sets of entries."""

    def current(self, *, on: date) -> Self:
        """Not expired on that day; what is still to come counts as current, with its date beside it."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))

    def expired(self, *, on: date) -> Self:
        return self.filter(valid_to__lt=on)

    def of_handbook(self, handbook: HandbookPage) -> Self:
        return self.filter(path__startswith=handbook.path).order_by("path")


EntryManager = PageManager.from_queryset(EntryQuerySet)


class EntryPage(BasePage):
    """One thing to know, with what it rests on and how long it holds."""

    number = models.PositiveIntegerField(
        _("number"), help_text=_("Stays with the entry when others come or go."), null=True, blank=True
    )
    short_answer = models.TextField(_("in short"), max_length=400)
    body = StreamField(BodyBlock(), verbose_name=_("in detail"), blank=True)
    basis = models.CharField(_("basis"), max_length=300, help_text=_("Law, rule or document, with its article."))
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=60, default="全国")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(
        _("valid to"), null=True, blank=True, help_text=_("The last day. Empty: until further notice.")
    )
    checked_on = models.DateField(_("last checked on"), null=True, blank=True)

    objects = EntryManager()

    base_form_class = TextForm
    parent_page_types = ["cms.ChapterPage"]
    subpage_types: list[str] = []
    template = "cms/entry.html"
    content_panels = [
        *BasePage.content_panels,
        FieldPanel("number", read_only=True),
        FieldPanel("short_answer"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("basis"),
                FieldRowPanel([FieldPanel("document_number"), FieldPanel("region")]),
                FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to"), FieldPanel("checked_on")]),
            ],
            heading=_("What it rests on"),
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.FilterField("valid_to"),
        index.FilterField("number"),
    ]

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="cms_entry_ends_after_it_begins",
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("It ends before it begins.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and self.path:
            self.number = self._free_number()
        super().save(*args, **kwargs)

    def _free_number(self) -> int:
        """Its own, unless it has none or, being a copy, that of another entry of the handbook; then the next one."""
        others = EntryPage.objects.filter(path__startswith=self.path[: -2 * self.steplen]).exclude(path=self.path)
        if self.number is not None and not others.filter(number=self.number).exists():
            return self.number
        highest: int = others.aggregate(highest=Max("number", default=0))["highest"]
        return highest + 1

    def searched_text(self) -> str:
        return "\n".join([self.short_answer, plain_text(self.body), self.basis, self.document_number])

    def is_expired(self, *, on: date) -> bool:
        return self.valid_to is not None and self.valid_to < on

    def neighbours(self, readable: QuerySet[Any]) -> tuple["EntryPage | None", "EntryPage | None"]:
        """The entries before and after this one in its handbook, among ``readable``, across chapters."""
        handbook = self.path[: -2 * self.steplen]
        inside = readable.filter(path__startswith=handbook)
        before = inside.filter(path__lt=self.path).order_by("-path").first()
        return before, inside.filter(path__gt=self.path).order_by("path").first()
