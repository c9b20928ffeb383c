"""The questions and the answer card of a sheet as HTML, written without the template engine.

``question_bank/_question.html`` is how a question looks, everywhere. Rendering it fifty times takes 27 ms of a
server's time, and on the first morning of an exam 300 people open their sheet within a minute; this takes 2 ms.
``tests/exams/web/test_sheet_html.py`` holds the two alike, element by element.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from exams.domain.sitting import SheetRow
from exams.domain.wording import points
from question_bank.enums import Kind
from question_bank.templatetags.questions import with_blanks

BLANK_CHARACTERS = 200
TEXT_CHARACTERS = 4000

_FLAG = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 21V4h11l-2.5 4L17 12H6" /></svg>'


def questions_html(rows: Sequence[SheetRow]) -> SafeString:
    """Every question as ``question_bank/_question.html`` shows it."""
    words = {
        "question": _("Question %(number)s"),
        "of_question": _("question %(number)s"),
        "points": _("%(points)s points"),
        "flag": escape(_("Flag")),
        "blank": _("Blank %(place)s"),
        "answer": escape(_("Your answer")),
    }
    return mark_safe("".join(_question(row, words) for row in rows))


def _question(row: SheetRow, words: dict[str, str]) -> str:
    number = row.number
    named = {"number": number}
    worth = words["points"] % {"points": points(row.points)}
    stem = escape(with_blanks(row.stem)).replace("\r\n", "\n").replace("\n", "<br>")
    return (
        f'<section class="question" id="question-{number}" data-question="{number}" data-kind="{row.kind}">'
        f'<div class="question-head"><h2>{escape(words["question"] % named)}</h2>'
        f'<span class="chip">{escape(row.kind_label)}·{escape(worth)}</span>'
        f'<label class="flag"><input class="unseen" type="checkbox" name="flag{number}" value="1"'
        f"{' checked' if row.flagged else ''}>{_FLAG}{words['flag']}"
        f'<span class="unseen">{escape(words["of_question"] % named)}</span></label></div>'
        f'<fieldset class="options"><legend>{stem}</legend><div>{"".join(_fields(row, words))}</div></fieldset>'
        "</section>"
    )


def _fields(row: SheetRow, words: dict[str, str]) -> Iterable[str]:
    if row.kind == Kind.FILL:
        return _blanks(row, words)
    if row.kind == Kind.SHORT:
        return [_text(row, words)]
    return _options(row)


def _options(row: SheetRow) -> Iterable[str]:
    control = "checkbox" if row.kind == Kind.MULTIPLE else "radio"
    picked = row.answer.get("options", ())
    for option in row.options:
        checked = " checked" if option["id"] in picked else ""
        yield (
            f'<label class="option"><input type="{control}" name="q{row.number}"'
            f' value="{escape(option["id"])}"{checked}>'
            f"<span>{escape(option['text'])}</span></label>"
        )


def _blanks(row: SheetRow, words: dict[str, str]) -> Iterable[str]:
    given = row.answer.get("blanks", [])
    for place in range(1, row.blanks + 1):
        name = f"q{row.number}-{place}"
        value = escape(given[place - 1]) if place <= len(given) else ""
        yield (
            f'<div class="field"><label for="{name}">{escape(words["blank"] % {"place": place})}</label>'
            f'<input class="input" type="text" id="{name}" name="{name}" value="{value}"'
            f' maxlength="{BLANK_CHARACTERS}" autocomplete="off"></div>'
        )


def _text(row: SheetRow, words: dict[str, str]) -> str:
    name = f"q{row.number}"
    return (
        f'<div class="field"><label for="{name}">{words["answer"]}</label>'
        f'<textarea class="input" id="{name}" name="{name}" rows="8" maxlength="{TEXT_CHARACTERS}">'
        f"{escape(row.answer.get('text', ''))}</textarea></div>"
    )


def card_words() -> dict[str, str]:
    """How the states of a square are read out; the script uses the same."""
    return {"answered": _(", answered"), "unanswered": _(", not answered"), "flagged": _(", flagged")}


def card_html(rows: Sequence[SheetRow], *, sheet_url: str = "") -> SafeString:
    """The squares of the answer card; neighbouring questions of one kind stand together under its name."""
    words = card_words()
    groups = []
    for label, of_kind in groupby(rows, key=lambda row: row.kind_label):
        squares = "".join(_square(row, words, sheet_url) for row in of_kind)
        groups.append(f'<h3>{escape(label)}</h3><div class="squares">{squares}</div>')
    return mark_safe("".join(groups))


@cache
def script_words_html(language: str) -> SafeString:
    """What the script says, in ``language``, which must be the active one; the same on every sheet."""
    return mark_safe(render_to_string("exams/_words.html"))


def _square(row: SheetRow, words: dict[str, str], sheet_url: str) -> str:
    states = ["answered" if row.answer else "unanswered", *(["flagged"] if row.flagged else [])]
    said = escape("".join(words[state] for state in states))
    return (
        f'<a class="square" data-state="{" ".join(states)}" href="{sheet_url}#question-{row.number}">'
        f'{row.number}<span class="unseen">{said}</span></a>'
    )
