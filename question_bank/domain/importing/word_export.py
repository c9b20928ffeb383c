"""Questions as a Word document to read and print: grouped by kind, all answers at the end."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Inches, Pt

from common.chinese import strip_controls
from common.pictures import Picture
from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.domain.importing.options import LETTERS
from question_bank.domain.importing.template import letters
from question_bank.domain.importing.values import DIFFICULTY_NAMES, KIND_NAMES
from question_bank.domain.importing.written_blanks import written_answers
from question_bank.enums import Kind

_NUMERALS = "一二三四五"
_FONT = "宋体"
_WIDEST, _PIXEL = Cm(12), Inches(1 / 96)


def write_word(drafts: Iterable[QuestionDraft], title: str) -> bytes:
    """The document, which :func:`read_word` reads back: stems, pictures, options, answers and what stands with them.

    Texts whose own lines look like questions or options do not come back. Pictures are PNG or JPEG.
    """
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    document.add_paragraph(strip_controls(title), "Title")
    groups, end = _grouped(drafts), document.element.body.sectPr
    for place, (kind, questions) in enumerate(groups):
        _add(end, _section(place, kind))
        for number, draft in enumerate(questions, start=1):
            _write_question(document, end, number, draft)
    if groups:
        _add(end, "参考答案", on_new_page=True)
    for place, (kind, questions) in enumerate(groups):
        _add(end, _section(place, kind))
        for number, draft in enumerate(questions, start=1):
            _write_answer(end, number, draft)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _grouped(drafts: Iterable[QuestionDraft]) -> list[tuple[Kind, list[QuestionDraft]]]:
    groups: dict[Kind, list[QuestionDraft]] = {kind: [] for kind in Kind}
    for draft in drafts:
        groups[draft.kind].append(draft)
    return [(kind, questions) for kind, questions in groups.items() if questions]


def _section(place: int, kind: Kind) -> str:
    return f"{_NUMERALS[place]}、{KIND_NAMES[kind]}"


def _write_question(document: Any, end: Any, number: int, draft: QuestionDraft) -> None:
    _add(end, f"{number}. {draft.stem}")
    for image in draft.images:
        _add_picture(document, end, image)
    for letter, option in zip(LETTERS, draft.options, strict=False):
        _add(end, f"{letter}. {option.text}")


def _write_answer(end: Any, number: int, draft: QuestionDraft) -> None:
    _add(end, f"{number}. {_answer(draft)}")
    for word, text in _fields(draft):
        if text:
            _add(end, f"{word}：{text}")


def _answer(draft: QuestionDraft) -> str:
    match draft.kind:
        case Kind.TRUE_FALSE:
            return "正确" if draft.statement_is_true else "错误"
        case Kind.FILL:
            return written_answers(draft.blanks)
        case Kind.SHORT:
            return draft.marking_guide
        case _:
            return letters(draft, "is_right")


def _fields(draft: QuestionDraft) -> Sequence[tuple[str, str]]:
    validity = f"{draft.valid_from or '—'}至{draft.valid_to or '长期'}" if draft.valid_from or draft.valid_to else ""
    return (
        ("评分要点", "" if draft.kind == Kind.SHORT else draft.marking_guide),
        ("解析", draft.explanation),
        ("依据", draft.basis),
        ("文号", draft.document_number),
        ("适用地区", draft.region),
        ("有效期", validity),
        ("难度", DIFFICULTY_NAMES[draft.difficulty] if draft.difficulty else ""),
        ("知识点", draft.topic),
        ("固定选项", letters(draft, "is_anchored")),
        ("选项顺序", "固定" if draft.options_in_order else ""),
        ("填空顺序", "任意" if draft.blanks_in_any_order else ""),
        ("所考条目", draft.entry),
        ("试题编号", draft.key),
    )


def _add_picture(document: Any, end: Any, image: Picture) -> None:
    width, _height = image.size
    inline = document.part.new_pic_inline(BytesIO(image.content), min(width * _PIXEL, _WIDEST))
    inline.docPr.set("descr", strip_controls(image.description))
    paragraph = OxmlElement("w:p")
    paragraph.add_r().add_drawing(inline)
    end.addprevious(paragraph)


def _add(end: Any, text: str, *, on_new_page: bool = False) -> None:
    """One more paragraph before ``end``, the last element of the body.

    ``document.add_paragraph`` looks through all others each time, which 10,000 questions cannot wait for.
    """
    paragraph = OxmlElement("w:p")
    if on_new_page:
        paragraph.get_or_add_pPr().insert_element_before(OxmlElement("w:pageBreakBefore"))
    paragraph.add_r().text = strip_controls(text)
    end.addprevious(paragraph)
