from cms.domain.importing.book import Book, Chapter, Entry, Problem
from cms.domain.importing.markdown import read_body, read_markdown
from cms.domain.importing.shelving import shelve

__all__ = ["Book", "Chapter", "Entry", "Problem", "read_body", "read_markdown", "shelve"]
