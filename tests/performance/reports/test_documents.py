from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest

from members.models import Division, User
from performance.domain import reading_cards
from performance.domain.reporting.documents import Content, document_number, issue_all, short_name
from performance.domain.reporting.order import Order
from performance.domain.reporting.writing import write
from performance.enums import ReportKind
from performance.models import Computation, Document, Quarter, Scorecard
from tests.factories.scorecards import CUTOFF

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "short"),
    [("岚溪县", "岚溪"), ("岚溪彝族自治县", "岚溪彝族"), ("青石镇", "青石"), ("理县", "理县"), ("Lanxi", "Lanxi")],
)
def test_a_number_begins_with_the_name_without_its_level(name: str, short: str) -> None:
    assert short_name(name) == short


def test_a_number_says_who_when_and_which(quarter: Quarter) -> None:
    assert document_number(quarter, 7) == "岚溪考〔2026〕3季度-007"
    assert document_number(quarter, 1234) == "岚溪考〔2026〕3季度-1234"


def test_numbers_run_on_and_the_same_content_keeps_its_own(computation: Computation, cleo: User) -> None:
    def numbers(*digests: str) -> list[str]:
        contents = [Content("表", digest, ReportKind.SCORECARDS) for digest in digests]
        return [document.number[-3:] for document in issue_all(computation, contents, by=cleo, at=computation.cutoff)]

    assert numbers("a", "b") == ["001", "002"]
    assert numbers("c", "a", "d", "c") == ["003", "001", "004", "003"]


def test_a_scorecard_leads_up_to_the_sheets_on_which_it_stands(
    order: Callable[..., Order], computation: Computation, township: Division, other_township: Division, ana: User
) -> None:
    for division in (township, other_township, computation.quarter.division):
        write(BytesIO(), order(division=division), ReportKind.SHEETS)
    write(BytesIO(), order(), ReportKind.WORKBOOK)
    write(BytesIO(), order(), ReportKind.SCORECARDS)
    card = Scorecard.objects.get(computation=computation, person=ana)

    found = reading_cards.sheets_of(card)

    assert [document.division for document in found] == [computation.quarter.division, township]
    assert {document.kind for document in found} == {"sheets"}
    assert Document.objects.filter(kind="scorecards", division=None).count() == 4
    assert reading_cards.sheets_of(card, since=CUTOFF + timedelta(seconds=1)) == []
