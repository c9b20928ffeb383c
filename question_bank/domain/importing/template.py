"""Our own table: the template people fill in, and the export they take away. Both have the same columns."""

from collections.abc import Sequence
from contextlib import closing
from io import BytesIO
from typing import Any

import xlsxwriter

from common.chinese import strip_controls
from common.spreadsheets.writing import Column, SheetSpec, write_workbook
from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.domain.importing.instructions import EXAMPLES, INSTRUCTIONS
from question_bank.domain.importing.options import LETTERS
from question_bank.domain.importing.values import DIFFICULTY_NAMES, KIND_NAMES
from question_bank.domain.importing.written_blanks import written_answers
from question_bank.enums import Kind

# The words in the files are Chinese whatever language the interface speaks: they are a format.
TEMPLATE_SHEET, EXPORT_SHEET = "试题", "试题导出"
INSTRUCTION_SHEET, TOPIC_SHEET = "填写说明", "知识点列表"
_BEFORE = ("题型", "知识点", "难度", "题干")
_OPTIONS = tuple(f"选项{letter}" for letter in LETTERS)
_AFTER = (
    "答案", "评分要点", "解析", "依据", "文号", "适用地区", "生效日期", "失效日期",
    "固定选项", "选项顺序", "填空顺序", "所考条目", "试题编号", "图片",
)  # fmt: skip
TITLES = (*_BEFORE, *_OPTIONS, *_AFTER)
_WIDTHS = {
    "题干": 50.0,
    "答案": 12.0,
    "解析": 40.0,
    "评分要点": 40.0,
    "知识点": 24.0,
    "依据": 24.0,
    "文号": 20.0,
    "所考条目": 24.0,
}
_LAST_ROW = 5_000
_LIST_TITLES = {
    "题型": list(KIND_NAMES.values()),
    "难度": list(DIFFICULTY_NAMES.values()),
    "选项顺序": ["固定"],
    "填空顺序": ["任意"],
}
_KEEPS_ORDER, _ANY_ORDER = "固定", "任意"


def write_template(topics: Sequence[str]) -> bytes:
    """An empty workbook to fill in: headings, drop-down cells, a sheet of instructions with examples.

    ``topics`` are offered in the column of topics as they are given here.
    """
    target = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with closing(xlsxwriter.Workbook(target, options)) as book:
        _write_form(book, len(topics))
        _write_instructions(book)
        if topics:
            _write_topics(book, topics)
    return target.getvalue()


def _write_form(book: Any, topic_count: int) -> None:
    sheet = book.add_worksheet(TEMPLATE_SHEET)
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    heading = book.add_format({"bold": True, "bg_color": "#EDEFEC", "border": 1, "num_format": "@", "align": "center"})
    for column, title in enumerate(TITLES):
        sheet.set_column(column, column, _WIDTHS.get(title, 14.0), text)
        sheet.write_string(0, column, title, heading)
    for title, values in _LIST_TITLES.items():
        _offer(sheet, title, values)
    if topic_count:
        _offer(sheet, "知识点", f"='{TOPIC_SHEET}'!$A$1:$A${topic_count}")
    sheet.freeze_panes(1, len(_BEFORE))
    sheet.activate()


def _offer(sheet: Any, title: str, source: list[str] | str) -> None:
    column = TITLES.index(title)
    # Other values stay possible: what is not known is refused on import, with a reason.
    rule = {"validate": "list", "source": source, "error_type": "warning", "ignore_blank": True}
    sheet.data_validation(1, column, _LAST_ROW, column, rule)


def _write_instructions(book: Any) -> None:
    sheet = book.add_worksheet(INSTRUCTION_SHEET)
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    bold = book.add_format({"bold": True, "num_format": "@"})
    sheet.set_column(0, 0, 16, text)
    sheet.set_column(1, 1, 90, text)
    for row, (item, words) in enumerate(INSTRUCTIONS):
        sheet.write_string(row, 0, item, bold)
        sheet.write_string(row, 1, words, text)
    for row, (item, words) in enumerate(EXAMPLES, start=len(INSTRUCTIONS) + 1):
        sheet.write_string(row, 0, item, bold)
        sheet.write_string(row, 1, words, text)


def _write_topics(book: Any, topics: Sequence[str]) -> None:
    sheet = book.add_worksheet(TOPIC_SHEET)
    for row, topic in enumerate(topics):
        sheet.write_string(row, 0, strip_controls(topic))
    sheet.hide()


def write_table(drafts: Sequence[QuestionDraft]) -> bytes:
    """The questions as a workbook that reads back to the same drafts, except for their places.

    Texts are kept without white space at their ends and without control characters; pictures are PNG or JPEG.
    """
    target = BytesIO()
    columns = [Column(title, width=_WIDTHS.get(title, 14.0)) for title in TITLES]
    spec = SheetSpec(
        name=EXPORT_SHEET,
        columns=columns,
        rows=map(_row, drafts),
        frozen_columns=len(_BEFORE),
        pictures={place: draft.images for place, draft in enumerate(drafts) if draft.images},
    )
    write_workbook(target, [spec])
    return target.getvalue()


def _row(draft: QuestionDraft) -> list[str]:
    texts = [option.text for option in draft.options]
    return [
        KIND_NAMES[draft.kind],
        draft.topic,
        DIFFICULTY_NAMES[draft.difficulty] if draft.difficulty else "",
        draft.stem,
        *texts,
        *[""] * (len(_OPTIONS) - len(texts)),
        _answer(draft),
        draft.marking_guide,
        draft.explanation,
        draft.basis,
        draft.document_number,
        draft.region,
        draft.valid_from.isoformat() if draft.valid_from else "",
        draft.valid_to.isoformat() if draft.valid_to else "",
        letters(draft, "is_anchored"),
        _KEEPS_ORDER if draft.options_in_order else "",
        _ANY_ORDER if draft.blanks_in_any_order else "",
        draft.entry,
        draft.key,
        "",
    ]


def _answer(draft: QuestionDraft) -> str:
    match draft.kind:
        case Kind.TRUE_FALSE:
            return "正确" if draft.statement_is_true else "错误"
        case Kind.FILL:
            return written_answers(draft.blanks)
        case _:
            return letters(draft, "is_right")


def letters(draft: QuestionDraft, quality: str) -> str:
    """The letters of the options with that quality, such as ``ABD``."""
    return "".join(letter for letter, option in zip(LETTERS, draft.options, strict=False) if getattr(option, quality))
