"""Moodle XML as Moodle reads it. What Moodle has no field for goes into a comment (``importing.notes``).

Texts are ``plain_text``, so that nothing in them is taken for a tag; only a text with pictures or embedded answers is
HTML. A blank that stands alone is a short answer, everything else with blanks has embedded answers.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from lxml import etree

from common.chinese import strip_controls
from common.markup import markup
from question_bank.domain.exporting import written
from question_bank.domain.exporting.written import WrittenFile
from question_bank.domain.importing.categories import category_of, holds
from question_bank.domain.importing.drafts import QuestionDraft
from question_bank.domain.importing.moodle_texts import PLUGIN_FILE
from question_bank.domain.importing.notes import as_comment, note_of
from question_bank.enums import CHOICE_KINDS, Kind
from question_bank.validators import BLANK_MARK

_HELD = frozenset({"key", "marking_guide", "options", "blanks", "options_in_order"})
_NAME_LENGTH = 60
_RUNS = re.compile(r"_{2,}")
_MEANT_IN_CLOZE = re.compile(r"[&<>\"'{}#~\\=%/:]")
_TYPES = {
    Kind.SINGLE: "multichoice",
    Kind.MULTIPLE: "multichoice",
    Kind.TRUE_FALSE: "truefalse",
    Kind.SHORT: "essay",
}


def write_moodle(drafts: Iterable[QuestionDraft]) -> WrittenFile:
    """UTF-8 with its declaration. The same drafts come out of ``read_moodle``."""
    pieces = [b'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n']
    losses: dict[object, None] = {}
    category = ""
    for draft in drafts:
        named = draft.topic if holds(draft.topic) else ""
        if named != category:
            category = named
            pieces.append(_serialized(_category(category)))
        pieces.append(_serialized(_question(draft)))
        losses |= dict.fromkeys(_losses(draft))
    pieces.append(b"</quiz>\n")
    return WrittenFile(b"".join(pieces), list(losses))  # type: ignore[arg-type]  # ordered without repeats


def _losses(draft: QuestionDraft) -> Iterator[object]:
    if written.has_notes(draft):
        yield written.NOTES
    if any(option.is_anchored for option in draft.options):
        yield written.ORDER
    if written.is_in_any_order(draft):
        yield written.ANY_ORDER


def _serialized(question: etree._Element) -> bytes:
    content: bytes = etree.tostring(question, encoding="utf-8", pretty_print=True)
    return content


def _category(topic: str) -> etree._Element:
    question = etree.Element("question", type="category")
    _add(question, "category/text", category_of(topic))
    return question


def _question(draft: QuestionDraft) -> etree._Element:
    is_typed = draft.kind == Kind.FILL and _RUNS.findall(draft.stem) == [BLANK_MARK]
    question = etree.Element("question", type=_TYPES.get(draft.kind) or ("shortanswer" if is_typed else "cloze"))
    held = _HELD | {"topic"} if holds(draft.topic) else _HELD
    if note := note_of(draft, held=held):
        question.append(etree.Comment(as_comment(note)))
    _add(question, "name/text", (draft.key or draft.stem)[:_NAME_LENGTH].replace("\n", " "))
    _add_stem(question, draft, is_embedded=draft.kind == Kind.FILL and not is_typed)
    _add(question, "generalfeedback/text", draft.explanation)[0].set("format", "plain_text")
    _add(question, "defaultgrade", "1")
    _add(question, "penalty", "0")
    _add(question, "hidden", "0")
    _add(question, "idnumber", draft.key)
    _add_answers(question, draft, is_typed=is_typed)
    return question


def _add_stem(question: etree._Element, draft: QuestionDraft, *, is_embedded: bool) -> None:
    if not draft.images and not is_embedded:
        _add(question, "questiontext/text", draft.stem)[0].set("format", "plain_text")
        return
    html = markup(_clean(draft.stem))
    if is_embedded:
        first, *rest = html.replace("{", "&#123;").split(BLANK_MARK)
        html = first + "".join(_embedded(blank) + piece for blank, piece in zip(draft.blanks, rest, strict=True))
    for image in draft.images:
        source, description = quoteattr(PLUGIN_FILE + quote(image.name)), quoteattr(_clean(image.description))
        html += f"<p><img src={source} alt={description}/></p>".replace("{", "&#123;")
    holder, _text = _add(question, "questiontext/text", html)
    holder.set("format", "html")
    for image in draft.images:
        file = etree.SubElement(holder, "file", name=image.name, path="/", encoding="base64")
        file.text = b64encode(image.content).decode()


def _embedded(accepted: tuple[str, ...]) -> str:
    answers = "~".join(f"={_in_cloze(text.replace('*', chr(92) + '*'))}" for text in accepted)
    return f"{{1:SHORTANSWER:{answers}}}"


def _in_cloze(text: str) -> str:
    return _MEANT_IN_CLOZE.sub(lambda sign: f"&#{ord(sign[0])};", _clean(text))


def _add_answers(question: etree._Element, draft: QuestionDraft, *, is_typed: bool) -> None:
    if draft.kind == Kind.TRUE_FALSE:
        for text, is_right in (("true", draft.statement_is_true), ("false", not draft.statement_is_true)):
            _add_answer(question, text, "100" if is_right else "0", "moodle_auto_format")
    elif draft.kind in CHOICE_KINDS:
        _add_options(question, draft)
    elif is_typed:
        _add(question, "usecase", "0")
        for text in draft.blanks[0]:
            _add_answer(question, text.replace("*", r"\*"), "100", "moodle_auto_format")
    elif draft.kind == Kind.SHORT:
        _add(question, "responseformat", "plain")
        _add(question, "graderinfo/text", draft.marking_guide)[0].set("format", "plain_text")


def _add_options(question: etree._Element, draft: QuestionDraft) -> None:
    is_single = draft.kind == Kind.SINGLE
    _add(question, "single", "true" if is_single else "false")
    _add(question, "shuffleanswers", "false" if draft.options_in_order else "true")
    share = f"{100 / (sum(option.is_right for option in draft.options) or 1):.5f}".rstrip("0").rstrip(".")
    # Whoever ticks everything gets nothing, as with us.
    wrong = "0" if is_single else "-100"
    for option in draft.options:
        _add_answer(question, option.text, share if option.is_right else wrong, "plain_text")


def _add_answer(question: etree._Element, text: str, fraction: str, text_format: str) -> None:
    answer = etree.SubElement(question, "answer", fraction=fraction, format=text_format)
    etree.SubElement(answer, "text").text = _clean(text)
    etree.SubElement(etree.SubElement(answer, "feedback", format="plain_text"), "text")


def _add(parent: etree._Element, path: str, text: str) -> tuple[etree._Element, etree._Element]:
    """The first and the last element of the new path."""
    first = last = etree.SubElement(parent, path.split("/", maxsplit=1)[0])
    for name in path.split("/")[1:]:
        last = etree.SubElement(last, name)
    last.text = _clean(text)
    return first, last


def _clean(text: str) -> str:
    return strip_controls(text.replace("\r\n", "\n").replace("\r", "\n"))
