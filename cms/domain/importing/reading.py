"""From bytes to a book. The content decides what a file is, not its name."""

from cms.domain.importing.book import Book
from cms.domain.importing.markdown import read_markdown
from cms.domain.importing.refusals import BookTooLarge, EmptyBook, EncryptedBook, OldWordFile, UnreadableBook
from cms.domain.importing.word import read_word
from common.archives import ENCRYPTED_PACKAGE, OLE_START, ZIP_START
from common.spreadsheets.reading import UnreadableSpreadsheet
from common.spreadsheets.text_tables import decode

MOST_BYTES = 20 * 1024 * 1024
# A book of a hundred entries has a tenth of it; what is longer is no book, and would take minutes to read.
_MOST_CHARACTERS = 3_000_000
_OTHER_FORMATS = (b"%PDF", b"{\\rtf")


def read_book(content: bytes) -> Book:
    """The book in a Word or Markdown file with everything that was not understood. Stores nothing.

    Text may be UTF-8, UTF-16 or GB18030. Raises one of the subclasses of :class:`UnreadableBook`, whatever the bytes
    are.
    """
    if len(content) > MOST_BYTES:
        raise BookTooLarge
    if not content.strip(b"\x00 \t\r\n"):
        raise EmptyBook
    if content.startswith(ZIP_START):
        return read_word(content)
    if content.startswith(OLE_START):
        raise EncryptedBook if ENCRYPTED_PACKAGE in content else OldWordFile
    return read_markdown(_text(content))


def _text(content: bytes) -> str:
    if content.startswith(_OTHER_FORMATS):
        raise UnreadableBook
    try:
        text = decode(content)
    except UnreadableSpreadsheet as error:
        raise UnreadableBook from error
    if len(text) > _MOST_CHARACTERS:
        raise BookTooLarge
    return text
