"""One QTI item as a draft. Items with one choice, with text entries, or with one extended text are taken."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from lxml import etree

from common.markup import PlainText, plain_text_of
from common.pictures import Picture
from question_bank.domain.importing import findings as say
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.domain.importing.findings import Findings, NotTaken, clean
from question_bank.domain.importing.gift import NO_GUIDE, NO_TEXT
from question_bank.domain.importing.notes import Note, with_note
from question_bank.domain.importing.pictures import checked_image
from question_bank.domain.importing.qti_key import Declarations
from question_bank.domain.importing.qti_names import attribute, children, descendants
from question_bank.domain.importing.rich_text import refuse_unreadable
from question_bank.domain.importing.weights import MOST_ANSWERS, TOO_MANY_ANSWERS
from question_bank.enums import Kind
from question_bank.validators import BLANK_MARK

TRUE_WORDS = frozenset({"对", "正确", "√", "true", "✓", "✔"})
FALSE_WORDS = frozenset({"错", "错误", "×", "false", "✗", "✘"})

SEVERAL_TASKS = gettext_lazy("The question asks for several things at once.")
NOTHING_ASKED = gettext_lazy("The question asks for nothing that can be answered.")
PICTURES_BESIDE = gettext_lazy("Pictures in explanations and marking guides are not taken.")
CONDITIONAL = gettext_lazy("Feedback that depends on the answer is not taken.")

_SKIPPED = ("rubricBlock", "qti-rubric-block", "feedbackBlock", "qti-feedback-block", "feedbackInline",
            "qti-feedback-inline", "choiceInteraction", "qti-choice-interaction", "extendedTextInteraction",
            "qti-extended-text-interaction")  # fmt: skip
_MARKS = {"textEntryInteraction": BLANK_MARK, "qti-text-entry-interaction": BLANK_MARK}
_BUILT = frozenset({"printedVariable", "templateInline", "templateBlock", "customOperator"})

Fields = dict[str, Any]
# Gives the picture at an address, as it stands in the item.
Pictures = Callable[[str, str], Picture]


def no_pictures(address: str, _description: str) -> Picture:
    """For an item that comes alone."""
    return checked_image(address, None, "")


def draft_of(item: etree._Element, findings: Findings, *, place: str, pictures: Pictures, note: Note) -> QuestionDraft:
    """Raises ``NotTaken``."""
    return with_note(_Reader(item, findings, pictures, is_single=note.get("kind") == Kind.SINGLE).draft(place), note)


class _Reader:
    def __init__(self, item: etree._Element, findings: Findings, pictures: Pictures, *, is_single: bool) -> None:
        self._item, self._findings, self._pictures = item, findings, pictures
        self._body = next(iter(children(item, "itemBody")), None)
        self._parts = descendants(self._body)
        self._key = Declarations(item, findings)
        self._is_single = is_single

    def draft(self, place: str) -> QuestionDraft:
        stem, images = self._stem()
        fields = self._fields()
        if not (stem := "\n".join(filter(None, (stem, fields.pop("prompt", ""))))):
            raise NotTaken(NO_TEXT)
        key = clean(attribute(self._item, "identifier"))
        if explanation := self._explanation():
            fields["explanation"] = explanation
        return QuestionDraft(place=place, stem=stem, key=key, images=images, **fields)

    def _fields(self) -> Fields:
        tasks = [(name, each) for name, each in self._parts if name.endswith("Interaction")]
        if not tasks:
            raise NotTaken(NOTHING_ASKED)
        names = {name for name, _each in tasks}
        if names == {"textEntryInteraction"}:
            return self._fill([each for _name, each in tasks])
        if len(tasks) > 1:
            raise NotTaken(SEVERAL_TASKS)
        [(name, task)] = tasks
        if name == "choiceInteraction":
            return self._choice(task)
        if name == "extendedTextInteraction":
            return self._short(task)
        raise NotTaken(gettext("Questions of the type %(type)s cannot be taken.") % {"type": name[:40]})

    def _stem(self) -> tuple[str, tuple[Picture, ...]]:
        if self._body is None:
            raise NotTaken(NOTHING_ASKED)
        found = plain_text_of(self._body, marks=_MARKS, skipped=_SKIPPED)
        prompts = [each for name, each in self._parts if name == "prompt"]
        pictures = [*found.pictures, *(each for prompt in prompts for each in plain_text_of(prompt).pictures)]
        if any(name in _BUILT for name, _each in self._parts):
            raise NotTaken(gettext_lazy("Parts of the text are computed when it is asked."))
        if any(name in {"feedbackBlock", "feedbackInline"} for name, _each in self._parts):
            self._findings.lose(CONDITIONAL)
        if len(pictures) > say.MOST_PICTURES:
            raise NotTaken(say.TOO_MANY_PICTURES)
        images = [self._pictures(each.source, clean(each.description)) for each in pictures]
        return self._text(found), tuple(dict.fromkeys(images))

    def _text(self, found: PlainText) -> str:
        refuse_unreadable(found.unreadable)
        if found.has_lost:
            self._findings.lose(say.FORMATTING)
        return clean(found.text)

    def _prompt(self, task: etree._Element) -> str:
        return "\n".join(self._text(plain_text_of(prompt)) for prompt in children(task, "prompt"))

    def _choice(self, task: etree._Element) -> Fields:
        choices = children(task, "simpleChoice")
        if len(choices) > MOST_ANSWERS:
            raise NotTaken(TOO_MANY_ANSWERS)
        names = [attribute(each, "identifier") for each in choices]
        texts = [self._option(each) for each in choices]
        kind, right = self._key.of_choice(attribute(task, "responseIdentifier"), names)
        if not all(texts):
            raise NotTaken(gettext_lazy("An option is empty."))
        truth = None if self._is_single else truth_of(texts, [name in right for name in names])
        if kind == Kind.SINGLE and truth is not None:
            return {"kind": Kind.TRUE_FALSE, "statement_is_true": truth, "prompt": self._prompt(task)}
        options = tuple(
            DraftOption(text, name in right, attribute(each, "fixed") == "true")
            for each, name, text in zip(choices, names, texts, strict=True)
        )
        in_order = attribute(task, "shuffle") == "false"
        return {"kind": kind, "options": options, "options_in_order": in_order, "prompt": self._prompt(task)}

    def _option(self, choice: etree._Element) -> str:
        found = plain_text_of(choice, skipped=_SKIPPED)
        if found.pictures:
            raise NotTaken(gettext_lazy("An option shows a picture. Options are text alone."))
        if len(choice) and any(name == "feedbackInline" for name, _each in descendants(choice)):
            self._findings.lose(say.OPTION_FEEDBACK)
        return self._text(found)

    def _fill(self, tasks: list[etree._Element]) -> Fields:
        if len(tasks) > MOST_ANSWERS:
            raise NotTaken(TOO_MANY_ANSWERS)
        self._key.refuse_tolerance()
        blanks = tuple(self._key.of_text(attribute(task, "responseIdentifier")) for task in tasks)
        drawn = plain_text_of(self._body, marks=_MARKS, skipped=_SKIPPED).text.count(BLANK_MARK)
        if drawn != len(tasks):
            raise NotTaken(gettext_lazy("Blanks are drawn in the text beside those to be filled."))
        return {"kind": Kind.FILL, "blanks": blanks}

    def _short(self, task: etree._Element) -> Fields:
        blocks = [each for name, each in self._parts if name == "rubricBlock"]
        guides = [each for each in blocks if "scorer" in attribute(each, "view").split()]
        guide = "\n".join(filter(None, map(self._beside, guides)))
        guide = guide or "\n".join(self._key.correct(attribute(task, "responseIdentifier")))
        if not clean(guide):
            raise NotTaken(NO_GUIDE)
        return {"kind": Kind.SHORT, "marking_guide": clean(guide), "prompt": self._prompt(task)}

    def _explanation(self) -> str:
        """The one feedback there is; several depend on the answer."""
        found = children(self._item, "modalFeedback")
        if len(found) > 1:
            self._findings.lose(CONDITIONAL)
        return self._beside(found[0]) if len(found) == 1 else ""

    def _beside(self, element: etree._Element) -> str:
        found = plain_text_of(element)
        if found.pictures:
            self._findings.lose(PICTURES_BESIDE)
        return self._text(found)


def truth_of(texts: list[str], are_right: list[bool]) -> bool | None:
    """Whether the statement is true, where the two options are "true" and "false"; otherwise nothing."""
    if len(texts) != 2:
        return None
    folded = [text.strip().lower() for text in texts]
    if folded[0] in TRUE_WORDS and folded[1] in FALSE_WORDS:
        return are_right[0]
    if folded[0] in FALSE_WORDS and folded[1] in TRUE_WORDS:
        return are_right[1]
    return None
