"""The squares beside the questions."""

from decimal import Decimal
from typing import Any

from bs4 import BeautifulSoup

from exams.domain.sitting import SheetRow
from exams.web.answer_card import card_html
from question_bank.domain.asking import AskedVersion
from question_bank.enums import Kind


def row(kind: Kind, **fields: Any) -> SheetRow:
    face = AskedVersion(kind, "题", (), in_order=False, blanks=0)
    return SheetRow(face=face, kind_label=str(kind.label), points=Decimal(2), order=(), **fields)


def test_the_answer_card_tells_by_word_what_its_squares_show() -> None:
    rows = [
        row(Kind.SINGLE, number=1, answer={"options": ["k7"]}),
        row(Kind.SINGLE, number=2, flagged=True),
        row(Kind.SHORT, number=3),
    ]

    card = BeautifulSoup(card_html(rows, sheet_url="/attempts/x/"), "html.parser")

    assert [heading.text for heading in card("h3")] == ["单选题", "简答题"]
    assert [[square.text for square in group("a")] for group in card("div")] == [
        ["1题，已答", "2题，未答，已标记"],
        ["3题，未答"],
    ]
    assert [(square["data-state"], square["href"]) for square in card("a")] == [
        ("answered", "/attempts/x/#question-1"),
        ("unanswered flagged", "/attempts/x/#question-2"),
        ("unanswered", "/attempts/x/#question-3"),
    ]
