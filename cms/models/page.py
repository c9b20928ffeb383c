"""What every page of the house is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractPage, DefaultBasePageMixin
from wagtail.models.pages import AbstractPageMeta


class BasePage(AbstractPage, DefaultBasePageMixin):
    """The base of all pages, ours from the first migration on.

    Wagtail lets a project swap its base page only before anything is migrated. What all pages
    share later (audience, validity) can then be a column here instead of a join per listing:
    see docs/decisions/0002-own-base-page.md.
    """

    search_fields = AbstractPage.search_fields + DefaultBasePageMixin.search_fields
    promote_panels = DefaultBasePageMixin.promote_panels

    class Meta(AbstractPageMeta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
