"""The form behind every upload of a document: one, several at once, and while a page is written."""

from django.conf import settings
from wagtail.documents.forms import BaseDocumentForm

from cms.domain.files import FileRefused, check_upload


class CheckedDocumentForm(BaseDocumentForm):
    """``WAGTAILDOCS_DOCUMENT_FORM_BASE``: what is in a file decides, not only what it is called."""

    def _post_clean(self) -> None:
        super()._post_clean()
        # After Wagtail has refused names that may not be at all: one complaint at a time.
        file = self.cleaned_data.get("file")
        if file is None or "file" in self.errors or "file" not in self.changed_data:
            return
        try:
            check_upload(
                file, document_bytes=settings.DOCUMENT_MAX_BYTES, recording_bytes=settings.WAGTAILDOCS_MAX_UPLOAD_SIZE
            )
        except FileRefused as refusal:
            self.add_error("file", str(refusal))
