"""What every page of the house is made of."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelsearch import index
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import AbstractPage, DefaultBasePageMixin
from wagtail.models.pages import AbstractPageMeta

from common.search_terms import index_terms


class BasePage(AbstractPage, DefaultBasePageMixin):
    """The base of all pages, ours from the first migration on.

    Wagtail lets a project swap its base page only before anything is migrated. What all pages
    share (audience, the text that is searched) is a column here instead of a join per listing:
    see docs/decisions/0001-own-user-and-base-page.md.
    """

    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("May be read without signing in, as long as nobody is named below.")
    )
    plain_text = models.TextField(
        pgettext_lazy("page", "text"), editable=False, default="", help_text="What is searched, without markup."
    )

    search_fields = [
        *AbstractPage.search_fields,
        *DefaultBasePageMixin.search_fields,
        index.SearchField("search_terms"),
        index.AutocompleteField("title_terms"),
    ]
    promote_panels = DefaultBasePageMixin.promote_panels

    class Meta(AbstractPageMeta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    @property
    def search_terms(self) -> str:
        """What the index holds, beside the title as it stands."""
        return index_terms(f"{self.title}\n{self.plain_text}")

    @property
    def title_terms(self) -> str:
        return index_terms(self.title)

    def searched_text(self) -> str:
        """The words of this page besides its title."""
        return ""

    def permissions_for_user(self, user: Any) -> Any:
        # Audiences are tied to this model, so this module cannot load theirs before it is made.
        from cms.models.desk import ClosedPage, is_closed

        return ClosedPage(user, self) if is_closed(self, user) else super().permissions_for_user(user)

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Wagtail also saves pages it holds as plain BasePage: those do not know their words.
        if type(self) is self.specific_class:
            self.plain_text = self.searched_text()
        super().save(*args, **kwargs)


AUDIENCE_PANELS = [
    MultiFieldPanel(
        [
            FieldPanel("is_public"),
            InlinePanel(
                "audience_rules",
                panels=[FieldPanel("division"), FieldPanel("role")],
                label=_("Only for"),
                help_text=_("Nobody named: everybody who is signed in."),
            ),
        ],
        heading=_("Who may read this"),
    )
]
