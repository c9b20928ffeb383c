import re
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest

from common.refusals import Refusal
from members.domain.records import records_of
from members.models import User
from performance.domain.records import quarters_record, scorecard_pdf
from performance.domain.reporting.order import Order
from performance.domain.reporting.writing import write
from performance.enums import QuarterState, ReportKind
from performance.models import Computation, Document, Quarter, Scorecard
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def test_ones_own_scorecards_are_part_of_ones_own_record(computation: Computation, ana: User) -> None:
    (record,) = records_of(ana)["quarters"]["content"]

    lines = record.pop("lines")
    assert {name: record[name] for name in ("quarter", "division", "total", "grade", "team")} == {
        "quarter": "2026Q3",
        "division": "岚溪县",
        "total": Decimal("85.10"),
        "grade": "称职",
        "team": "柳湾村工作队",
    }
    assert [(line["indicator"], line["points"], len(line["evidence"])) for line in lines] == [
        ("知识测试", Decimal("46.00"), 1),
        ("正负清单", Decimal("24.00"), 1),
        ("乡镇评议", Decimal("15.10"), 1),
    ]


def test_a_download_opens_no_door_that_the_page_keeps_shut(
    computation: Computation, quarter: Quarter, ana: User, cleo: User
) -> None:
    Computation.objects.update(published_at=None, published_by=None)
    Quarter.objects.update(state=QuarterState.COMPUTED)
    card = Scorecard.objects.select_related("computation__quarter__division", "person").get(person=ana)

    assert quarters_record(ana) == []
    with pytest.raises(Refusal):
        scorecard_pdf(card, at=NOON)


def test_nobody_finds_the_scorecards_of_others_in_their_record(computation: Computation, dan: User) -> None:
    assert [record["total"] for record in quarters_record(dan)] == [Decimal("49.15")]


def test_what_a_member_takes_home_is_the_paper_the_office_has(
    computation: Computation, ana: User, order: Callable[..., Order]
) -> None:
    card = Scorecard.objects.select_related("computation__quarter__division", "computation__scheme", "person").get(
        person=ana
    )

    content = scorecard_pdf(card, at=NOON)

    document = Document.objects.get()
    pdf = pypdfium2.PdfDocument(content)
    text = re.sub(r"\s+", "", pdf[0].get_textpage().get_text_bounded())
    assert (len(pdf), "安娜" in text, document.number in text) == (1, True, True)
    pdf.close()
    write(BytesIO(), order(), ReportKind.SCORECARDS)
    assert Document.objects.filter(digest=document.digest).count() == 1
    assert Document.objects.count() == 4
