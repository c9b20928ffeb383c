"""The form in which texts are written."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

from cms.models.desk import is_closed
from cms.models.drafts import Reference, references_in
from cms.models.page import BasePage
from members.models import User


class TextForm(WagtailAdminPageForm):
    """Takes from whoever writes a page only files and links that this person may choose.

    Wagtail's choosers offer no others, but what is sent need not come from a chooser; and who works on a page sees what
    stands in it, so that a number guessed would open any file.
    """

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors or not isinstance(self.for_user, User):
            return
        foreign = self._foreign()
        if foreign and foreign - self._were_there():
            said = _("You may not choose a file or a page that this text names.")
            self.add_error(None, ValidationError(said, code="foreign"))

    def _foreign(self) -> set[Reference]:
        """What this version brings into the page and the person may not choose."""
        brought = references_in(self.instance) - self._stands_there()
        return {found for found, thing in _things(brought) if self._is_foreign(thing)}

    def _stands_there(self) -> set[Reference]:
        # Loaded anew: a page without versions gives itself as its newest one, and this one has been filled in.
        page = type(self.instance).objects.filter(pk=self.instance.pk).first()
        return references_in(page.get_latest_revision_as_object()) if page else set()

    def _is_foreign(self, thing: Any) -> bool:
        if isinstance(thing, BasePage):
            return is_closed(thing, self.for_user)
        policy = policy_registry.get_by_type(type(thing))
        return not policy.user_has_any_permission_for_instance(self.for_user, ["choose", "change"], thing)

    def _were_there(self) -> set[Reference]:
        """What older versions of the page name: whoever goes back to one need not be able to choose it."""
        versions = self.instance.revisions.order_by("-pk") if self.instance.pk else ()
        return {found for version in versions for found in references_in(version.as_object())}


def _things(references: Iterable[Reference]) -> Iterator[tuple[Reference, Any]]:
    """The documents, pictures and pages among what is referred to."""
    models = {ContentType.objects.get_for_model(m).pk: m for m in (get_document_model(), get_image_model(), BasePage)}
    for kind, key in references:
        thing = models[kind].objects.filter(pk=key).first() if kind in models else None
        if thing is not None:
            yield (kind, key), thing
