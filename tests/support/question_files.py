"""Files of questions as people have them, built where they are needed, and what is read out of them, in short."""

from collections.abc import Callable, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import openpyxl
from django.utils import translation
from hypothesis import strategies as st

from common.spreadsheets.pictures import Workbook
from common.spreadsheets.reading import Sheet
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft, QuestionFile
from question_bank.domain.importing.layouts import Layout
from question_bank.domain.importing.tables import read_sheets, read_table, understand_columns
from question_bank.enums import Difficulty, Kind

HEADINGS = ["题型", "题干", "A", "B", "C", "D", "答案"]
SINGLE = ["单选题", "每期几年？", "一年", "两年", "三年", "四年", "B"]


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """An XLSX file with those sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def document(*paragraphs: str, change: Callable[[docx.document.Document], None] | None = None) -> bytes:
    """A DOCX file with those paragraphs; ``change`` may add whatever else a document holds."""
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if change:
        change(made)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def package(**members: bytes | str) -> bytes:
    """A ZIP file; ``__`` in a name stands for ``/``."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def repacked(content: bytes, **changes: bytes) -> bytes:
    """A package with some of its members replaced or added."""
    replaced = {name.replace("__", "/"): each for name, each in changes.items()}
    target = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for member in source.namelist():
            if member not in replaced:
                archive.writestr(member, source.read(member))
        for name, each in replaced.items():
            archive.writestr(name, each)
    return target.getvalue()


def understood(content: bytes, change: Callable[[Layout], Layout] = lambda layout: layout) -> QuestionFile:
    """What is read from the bytes of a table, with places and reasons in English."""
    with translation.override("en"):
        book = read_sheets(content)
        return read_table(book, change(understand_columns(book.sheets)))


def rows_understood(*rows: Sequence[str], name: str = "Sheet1") -> QuestionFile:
    """The same for the rows of one sheet, without a file."""
    with translation.override("en"):
        sheets = [Sheet(name, [list(row) for row in rows])]
        return read_table(Workbook(sheets), understand_columns(sheets))


def short(draft: QuestionDraft) -> tuple[object, ...]:
    """Kind, stem, and what is right: letters with all options, true or false, accepted answers, or the guide."""
    letters = "".join("ABCDEFGHIJK"[place] for place, option in enumerate(draft.options) if option.is_right)
    match draft.kind:
        case Kind.TRUE_FALSE:
            return draft.kind, draft.stem, draft.statement_is_true
        case Kind.FILL:
            return draft.kind, draft.stem, draft.blanks
        case Kind.SHORT:
            return draft.kind, draft.stem, draft.marking_guide
        case _:
            return draft.kind, draft.stem, letters, tuple(option.text for option in draft.options)


def all_short(file: QuestionFile) -> list[tuple[object, ...]]:
    return [short(draft) for draft in file.drafts]


def refusals(file: QuestionFile) -> list[tuple[str, str]]:
    return [(row.place, str(row.reason)) for row in file.refused]


# Texts as they are stored: without controls, without white space at their ends, in one line.
WORDS = st.text(st.sampled_from("驻村几年ABD12.、（）()_|;；\\=+-@'\"<>&对错√×𬭎喆 x"), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
).filter(bool)  # fmt: skip


@st.composite
def drafts(draw: st.DrawFn) -> QuestionDraft:
    """Any complete question, without pictures."""
    kind = draw(st.sampled_from(Kind))
    optional = st.just("") | WORDS
    days = sorted(draw(st.lists(st.dates(), min_size=2, max_size=2)))
    fields = {
        "stem": draw(WORDS),
        "marking_guide": draw(WORDS if kind == Kind.SHORT else optional),
        "explanation": draw(optional),
        "basis": draw(optional),
        "document_number": draw(optional),
        "region": draw(optional),
        "topic": draw(optional),
        "entry": draw(optional),
        "key": draw(st.just("") | st.uuids().map(str)),
        "difficulty": draw(st.none() | st.sampled_from(Difficulty)),
        "valid_from": draw(st.none() | st.just(days[0])),
        "valid_to": draw(st.none() | st.just(days[1])),
    }
    if kind in {Kind.SINGLE, Kind.MULTIPLE}:
        fields |= {"options": draw(_options(kind)), "options_in_order": draw(st.booleans())}
    elif kind == Kind.TRUE_FALSE:
        fields["statement_is_true"] = draw(st.booleans())
    elif kind == Kind.FILL:
        blanks = draw(st.lists(st.lists(WORDS, min_size=1, max_size=3, unique=True), min_size=1, max_size=3))
        texts = [
            text.replace("_", "") or "空" for text in draw(st.lists(WORDS, min_size=len(blanks), max_size=len(blanks)))
        ]
        fields |= {
            "stem": "、".join(f"{text}____" for text in map(str.strip, texts)),
            "blanks": tuple(map(tuple, blanks)),
            "blanks_in_any_order": draw(st.booleans()),
        }
    return QuestionDraft(place="", kind=kind, **fields)


@st.composite
def _options(draw: st.DrawFn, kind: Kind) -> tuple[DraftOption, ...]:
    texts = draw(st.lists(WORDS, min_size=2, max_size=11, unique=True))
    fewest, most = (1, 1) if kind == Kind.SINGLE else (2, len(texts))
    right = draw(st.sets(st.integers(0, len(texts) - 1), min_size=fewest, max_size=most))
    anchored = draw(st.sets(st.integers(0, len(texts) - 1)))
    return tuple(
        DraftOption(text, is_right=place in right, is_anchored=place in anchored) for place, text in enumerate(texts)
    )
