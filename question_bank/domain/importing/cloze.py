"""Moodle's embedded answers: ``{1:SHORTANSWER:=二十~=20#Right}`` in the HTML of a question.

See https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type. Only what is typed and marked exactly is taken.
"""

import re
from html import unescape

from django.utils.translation import gettext as _

from common.markup import plain_text
from question_bank.domain.importing.findings import CASE, OPTION_FEEDBACK, Findings, NotTaken, clean
from question_bank.domain.importing.last_blank import without_wildcards
from question_bank.domain.importing.numbers import exact_number
from question_bank.domain.importing.weights import FULL, MOST_ANSWERS, TOO_MANY_ANSWERS, full_answers
from question_bank.validators import BLANK_MARK

_START = re.compile(r"\{(\d{0,4}):([A-Z_]{1,20}):")
_BODY = re.compile(r"((?:[^\\}]++|\\.)*+)\}", re.DOTALL)
_BETWEEN = re.compile(r"(?<!\\)~")
# "#" begins the feedback, but not in "&#125;".
_FEEDBACK = re.compile(r"(?<![\\&])(?<!&amp;)#")
_ESCAPED = re.compile(r'\\([}#~/"])')
_WEIGHT = re.compile(r"=|%(-?\d{1,3}(?:[.,]\d{0,10})?)%")
_TYPED = frozenset({"SHORTANSWER", "SA", "MW"})
_TYPED_CASE = frozenset({"SHORTANSWER_C", "SAC", "MWC"})
_NUMBERS = frozenset({"NUMERICAL", "NM"})


def blanks_of(html: str, findings: Findings) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """The HTML with ``____`` for every embedded answer, and what each accepts."""
    pieces: list[str] = []
    blanks: list[tuple[str, ...]] = []
    place = 0
    while start := _START.search(html, place):
        body = _BODY.match(html, start.end())
        if not body:
            raise NotTaken(_("An embedded answer is not closed."))
        pieces += html[place : start.start()], BLANK_MARK
        blanks.append(_accepted(start[2], body[1], findings))
        place = body.end()
        if len(blanks) > MOST_ANSWERS:
            raise NotTaken(TOO_MANY_ANSWERS)
    pieces.append(html[place:])
    if not blanks:
        raise NotTaken(_("The text holds no embedded answer."))
    return "".join(pieces), tuple(blanks)


def _accepted(kind: str, body: str, findings: Findings) -> tuple[str, ...]:
    if kind not in _TYPED | _TYPED_CASE | _NUMBERS:
        raise NotTaken(_("Embedded answers of the type %(type)s cannot be taken.") % {"type": kind})
    if kind in _TYPED_CASE:
        findings.lose(CASE)
    alternatives = _BETWEEN.split(body, maxsplit=MOST_ANSWERS)
    if len(alternatives) > MOST_ANSWERS:
        raise NotTaken(TOO_MANY_ANSWERS)
    answers = [_alternative(each, findings) for each in alternatives if each.strip()]
    accepted = full_answers(answers, findings)
    return tuple(map(exact_number if kind in _NUMBERS else without_wildcards, accepted))


def _alternative(written: str, findings: Findings) -> tuple[float, str]:
    text, *feedback = _FEEDBACK.split(written.strip(), maxsplit=1)
    if feedback and feedback[0].strip():
        findings.lose(OPTION_FEEDBACK)
    weight = 0.0
    if found := _WEIGHT.match(text):
        weight = float(found[1].replace(",", ".")) if found[1] else FULL
        text = text[found.end() :]
    text = _ESCAPED.sub(r"\1", text)
    return weight, clean(plain_text(text).text if "<" in text else unescape(text))
