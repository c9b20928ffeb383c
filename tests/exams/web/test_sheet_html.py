"""The fast writing of a sheet against the partial that says how a question looks."""

from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test.html import parse_html
from django.utils import translation

from exams.domain.sitting import SheetRow
from exams.web.sheet_html import card_html, questions_html
from question_bank.enums import Kind

OPTIONS = [{"id": "k7", "text": "先看住房 < 后看饮水"}, {"id": "p2", "text": '"两不愁" & 三保障'}]


def row(kind: Kind, **fields: Any) -> SheetRow:
    options = OPTIONS if kind in {Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE} else []
    defaults = {"number": 7, "stem": "<b>第一行</b>\n第二行____", "points": Decimal("2.50"), "blanks": 0}
    return SheetRow(kind=kind, options=options, **(defaults | fields))


ROWS = [
    row(Kind.SINGLE),
    row(Kind.SINGLE, answer={"options": ["p2"]}, flagged=True),
    row(Kind.MULTIPLE, answer={"options": ["k7", "p2"]}, points=Decimal(5)),
    row(Kind.TRUE_FALSE, number=50),
    row(Kind.FILL, blanks=2),
    row(Kind.FILL, blanks=2, answer={"blanks": ['30"日', ""]}, flagged=True),
    row(Kind.SHORT),
    row(Kind.SHORT, answer={"text": "一、<看>\n二、&问"}),
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("shown", ROWS)
def test_a_question_on_a_sheet_looks_as_everywhere(shown: SheetRow, language: str) -> None:
    with translation.override(language):
        fast = parse_html(questions_html([shown]))
        partial = parse_html(render_to_string("question_bank/_question.html", {"row": shown}))

    assert fast == partial


def test_the_answer_card_tells_by_word_what_its_squares_show() -> None:
    rows = [
        row(Kind.SINGLE, number=1, answer={"options": ["k7"]}),
        row(Kind.SINGLE, number=2, flagged=True),
        row(Kind.SHORT, number=3),
    ]

    card = card_html(rows, sheet_url="/attempts/x/")

    assert card == (
        '<h3>单选题</h3><div class="squares">'
        '<a class="square" data-state="answered" href="/attempts/x/#question-1">'
        '1<span class="unseen">题，已答</span></a>'
        '<a class="square" data-state="unanswered flagged" href="/attempts/x/#question-2">'
        '2<span class="unseen">题，未答，已标记</span></a></div>'
        '<h3>简答题</h3><div class="squares">'
        '<a class="square" data-state="unanswered" href="/attempts/x/#question-3">'
        '3<span class="unseen">题，未答</span></a></div>'
    )
