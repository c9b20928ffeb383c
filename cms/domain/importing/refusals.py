"""Why a file is not read as a handbook at all."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal


class UnreadableBook(Refusal):
    """No handbook can be taken from the file. ``code`` is stable; the message is translated when it is shown."""

    code = "not_a_book"
    status = 422
    message: ClassVar[Promise | str] = _("This is not a handbook. Please bring a Word file (.docx) or Markdown.")

    def __init__(self) -> None:
        super().__init__(self.message)


class EmptyBook(UnreadableBook):
    code = "empty_file"
    message = _("This file is empty.")


class BookTooLarge(UnreadableBook):
    code = "too_large"
    message = _("This file is too large.")


class BookIsBomb(UnreadableBook):
    code = "archive_bomb"
    message = _("This file unpacks to far more than a handbook needs, so it was not opened.")


class EncryptedBook(UnreadableBook):
    code = "encrypted"
    message = _("This file is protected by a password. Remove the password and bring it again.")


class OldWordFile(UnreadableBook):
    code = "old_word"
    message = _("This file is in the old Word format (.doc). Open it and save it as .docx.")


class BookWithMacros(UnreadableBook):
    code = "macros"
    message = _("This file contains macros, so it was not opened. Save it as .docx without macros.")
