from cms.domain.importing.book import Book, Chapter, Entry, Lack, Problem
from cms.domain.importing.comparing import plan_import
from cms.domain.importing.markdown import read_body, read_markdown
from cms.domain.importing.reading import read_book
from cms.domain.importing.refusals import UnreadableBook
from cms.domain.importing.shelving import carry_out_import, shelve
from cms.domain.importing.word import read_word

__all__ = [
    "Book",
    "Chapter",
    "Entry",
    "Lack",
    "Problem",
    "UnreadableBook",
    "carry_out_import",
    "plan_import",
    "read_body",
    "read_book",
    "read_markdown",
    "read_word",
    "shelve",
]
