"""Moodle XML, as Moodle itself writes it (https://docs.moodle.org/en/Moodle_XML_format).

Our own exports put what Moodle has no field for into a comment inside the question, ``<!-- yingzhi: {…} -->`` (see
``notes``), which Moodle passes over.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from lxml import etree

from question_bank.domain.importing import findings as say
from question_bank.domain.importing.categories import topic_of
from question_bank.domain.importing.cloze import blanks_of
from question_bank.domain.importing.drafts import QuestionDraft, QuestionFile
from question_bank.domain.importing.findings import Findings, NotTaken, check_size, clean
from question_bank.domain.importing.gift import NO_GUIDE, NO_TEXT
from question_bank.domain.importing.last_blank import with_one_blank, without_wildcards
from question_bank.domain.importing.moodle_texts import Texts
from question_bank.domain.importing.notes import note_beside, with_note
from question_bank.domain.importing.numbers import RANGE, exact_number, is_zero
from question_bank.domain.importing.weights import FULL, MOST_ANSWERS, TOO_MANY_ANSWERS, choice, full_answers
from question_bank.domain.importing.xml_input import elements
from question_bank.enums import Kind
from question_bank.validators import BLANK_MARK

FORMAT = "moodle"
_YES = {"true", "1"}
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "hint")

HIDDEN = gettext_lazy("Questions that are hidden in Moodle are taken like the others.")
TAGS = gettext_lazy("Tags are not taken.")
UNITS = gettext_lazy("A number with a unit cannot be marked exactly.")
NO_TRUTH = gettext_lazy("It is not certain whether the statement is true.")

Fields = dict[str, Any]


def read_moodle(content: bytes) -> QuestionFile:
    """Refuses with a subclass of ``UnreadableQuestionFile``; everything else is told question by question."""
    check_size(content)
    findings, topic, number = Findings(), "", 0
    place = gettext("question %(number)s, line %(line)s")
    for element in elements(content, "question"):
        kind = element.get("type", "")
        if kind == "category":
            topic = topic_of(element.findtext("category/text") or "")
        elif kind == "description":
            findings.lose(say.TEXTS_ALONE)
        else:
            number += 1
            where = place % {"number": number, "line": element.sourceline}
            try:
                findings.take(_Reader(element, findings).draft(kind, where, topic))
            except NotTaken as refusal:
                findings.refuse(where, refusal.reason, element.findtext("name/text") or "")
    return findings.as_file(FORMAT)


class _Reader:
    """Reads one question."""

    def __init__(self, element: etree._Element, findings: Findings) -> None:
        self._element, self._findings = element, findings
        self._texts = Texts(findings)

    def draft(self, kind: str, place: str, topic: str) -> QuestionDraft:
        read = self._by_kind().get(kind)
        if not read:
            raise NotTaken(gettext("Questions of the type %(type)s cannot be taken.") % {"type": kind[:40]})
        note = note_beside(self._element)
        fields = read()
        explanation = self._texts.without_pictures(self._element.find("generalfeedback"))
        if fields["kind"] == Kind.SHORT and not fields["marking_guide"]:
            fields["marking_guide"], explanation = explanation, ""
        if explanation:
            fields["explanation"] = explanation
        self._name_losses()
        key = clean(self._element.findtext("idnumber") or "")
        draft = QuestionDraft(place=place, topic=topic, key=key, images=self._texts.images, **fields)
        return _checked(with_note(draft, note))

    def _by_kind(self) -> dict[str, Callable[[], Fields]]:
        return {
            "multichoice": self._choice,
            "multichoiceset": self._choice_of_all,
            "truefalse": self._statement,
            "shortanswer": self._typed,
            "numerical": self._number,
            "essay": self._essay,
            "multianswer": self._embedded,
            "cloze": self._embedded,
        }

    def _stem(self) -> str:
        return self._texts.with_pictures(self._element.find("questiontext"))

    def _answers(self) -> list[tuple[float, etree._Element]]:
        found = self._element.findall("answer")
        if len(found) > MOST_ANSWERS:
            raise NotTaken(TOO_MANY_ANSWERS)
        if any(clean(answer.findtext("feedback/text") or "") for answer in found):
            self._findings.lose(say.OPTION_FEEDBACK)
        return [(_weight(answer), answer) for answer in found]

    def _choice(self) -> Fields:
        several = (self._element.findtext("single") or "true").strip().lower() not in _YES
        answers = self._answers()
        return self._options([weight for weight, _answer in answers], answers, several=several)

    def _choice_of_all(self) -> Fields:
        """All or nothing: every right option has all points."""
        answers = self._answers()
        right = sum(weight > 0 for weight, _answer in answers)
        weights = [FULL / right if weight > 0 else 0.0 for weight, _answer in answers]
        return self._options(weights, answers, several=True)

    def _options(self, weights: list[float], answers: list[tuple[float, etree._Element]], *, several: bool) -> Fields:
        texts = [self._texts.of_option(answer) for _weight, answer in answers]
        kind, options = choice(texts, weights, several=several, findings=self._findings)
        shuffled = (self._element.findtext("shuffleanswers") or "true").strip().lower()
        return {"kind": kind, "stem": self._stem(), "options": options, "options_in_order": shuffled not in _YES}

    def _statement(self) -> Fields:
        answers = self._element.findall("answer")
        weights = {clean(answer.findtext("text") or "").lower(): _weight(answer) for answer in answers}
        if sorted(weights) != ["false", "true"] or len(answers) != 2 or (weights["true"] > 0) == (weights["false"] > 0):
            raise NotTaken(NO_TRUTH)
        # What is said to right and wrong answers is the explanation, if there is no other: for a statement it is one.
        said = [self._texts.without_pictures(answer.find("feedback")) for answer in answers]
        return {
            "kind": Kind.TRUE_FALSE,
            "stem": self._stem(),
            "statement_is_true": weights["true"] > 0,
            "explanation": "\n".join(dict.fromkeys(filter(None, said))),
        }

    def _typed(self) -> Fields:
        if (self._element.findtext("usecase") or "0").strip() in _YES:
            self._findings.lose(say.CASE)
        texts = [(weight, clean(answer.findtext("text") or "")) for weight, answer in self._answers()]
        accepted = tuple(map(without_wildcards, full_answers(texts, self._findings)))
        return {"kind": Kind.FILL, "stem": with_one_blank(self._stem()), "blanks": (accepted,)}

    def _number(self) -> Fields:
        if self._element.find("units/unit") is not None:
            raise NotTaken(UNITS)
        answers = self._answers()
        if any(weight > 0 and not is_zero(answer.findtext("tolerance") or "") for weight, answer in answers):
            raise NotTaken(RANGE)
        texts = [(weight, clean(answer.findtext("text") or "")) for weight, answer in answers]
        accepted = tuple(map(exact_number, full_answers(texts, self._findings)))
        return {"kind": Kind.FILL, "stem": with_one_blank(self._stem()), "blanks": (accepted,)}

    def _essay(self) -> Fields:
        guide = self._texts.without_pictures(self._element.find("graderinfo"))
        return {"kind": Kind.SHORT, "stem": self._stem(), "marking_guide": guide}

    def _embedded(self) -> Fields:
        text = self._element.find("questiontext")
        html, blanks = blanks_of((text.findtext("text") if text is not None else "") or "", self._findings)
        stem = self._texts.with_pictures(text, html=html)
        if stem.count(BLANK_MARK) != len(blanks):
            raise NotTaken(gettext("Blanks are drawn in the text beside those with embedded answers."))
        return {"kind": Kind.FILL, "stem": stem, "blanks": blanks}

    def _name_losses(self) -> None:
        def says(name: str) -> str:
            return clean(self._element.findtext(name) or "")

        if not is_zero(says("penalty")) or says("defaultgrade") not in {"", "1", "1.0", "1.0000000"}:
            self._findings.lose(say.POINTS)
        if says("hidden") in _YES:
            self._findings.lose(HIDDEN)
        if self._element.find("tags/tag") is not None:
            self._findings.lose(TAGS)
        if any(says(f"{name}/text") for name in _COMBINED):
            self._findings.lose(say.OPTION_FEEDBACK)


def _weight(answer: etree._Element) -> float:
    """Percent of the points. Raises ``NotTaken`` where it is no number."""
    try:
        return float(answer.get("fraction") or 0)
    except ValueError as error:
        raise NotTaken(gettext("The weight of an answer is not a number.")) from error


def _checked(draft: QuestionDraft) -> QuestionDraft:
    if not draft.stem:
        raise NotTaken(NO_TEXT)
    if draft.kind == Kind.SHORT and not draft.marking_guide:
        raise NotTaken(NO_GUIDE)
    return draft
