"""Why a document with questions is not read at all. What is wrong with one question is a ``RefusedRow`` instead."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal


class UnreadableDocument(Refusal):
    """No question can be taken from the document. ``code`` is stable."""

    code = "unreadable_document"
    status = 422
    message: ClassVar[Promise | str] = _("This file cannot be read.")

    def __init__(self) -> None:
        super().__init__(self.message)


class EmptyDocument(UnreadableDocument):
    code = "empty_document"
    message = _("This file is empty.")


class NotADocument(UnreadableDocument):
    code = "not_a_document"
    message = _("This is not a Word document. Please bring a file saved as .docx.")


class NotAText(UnreadableDocument):
    code = "not_a_text"
    message = _("This is not a text. Please bring a file saved as plain text in UTF-8 or GB18030.")


class OldWordDocument(UnreadableDocument):
    code = "old_word_document"
    message = _("This document is in the old .doc format. Open it in Word or WPS and save it as .docx.")


class HoldsMacros(UnreadableDocument):
    code = "holds_macros"
    message = _("This file holds macros, so it was not opened. Save it as .docx or .xlsx and bring it again.")


class DeclaresDocumentType(UnreadableDocument):
    code = "declares_document_type"
    message = _("This document brings a type definition of its own, which can be misused, so it was not opened.")


class DocumentTooLarge(UnreadableDocument):
    code = "document_too_large"
    message = _("This document is too large. Split it.")
