"""Why a file is not read. Each refusal has a stable ``code`` and a message for the person who brought the file."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal


class UnreadableSpreadsheet(Refusal):
    """No table can be taken from the file. ``code`` is stable; ``message`` is translated when it is shown."""

    code = "unreadable"
    status = 422
    message: ClassVar[Promise | str] = _("This file cannot be read.")

    def __init__(self) -> None:
        super().__init__(self.message)


class EmptyFile(UnreadableSpreadsheet):
    code = "empty_file"
    message = _("This file is empty.")


class NotATable(UnreadableSpreadsheet):
    code = "not_a_table"
    message = _("This is not a table. Please bring a file saved as .xlsx, .xls, .ods or .csv.")


class WebPageNotTable(UnreadableSpreadsheet):
    code = "web_page"
    message = _("This is a web page named as a spreadsheet. Open it in a spreadsheet program and save it as .xlsx.")


class FileTooLarge(UnreadableSpreadsheet):
    code = "too_large"
    message = _("This file is too large.")


class TooManyCells(UnreadableSpreadsheet):
    code = "too_many_cells"
    message = _("This file has too many rows or columns. Delete what is not needed or split it.")


class ArchiveBomb(UnreadableSpreadsheet):
    code = "archive_bomb"
    message = _("This file unpacks to far more than a table needs, so it was not opened.")


class EncryptedFile(UnreadableSpreadsheet):
    code = "encrypted"
    message = _("This file is protected by a password. Remove the password and bring it again.")
