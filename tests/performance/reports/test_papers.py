"""Official paper, read back and painted by another library."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pypdfium2
import pytest
from django.utils import translation

from members.models import User
from performance.domain.reporting.order import Order
from performance.domain.reporting.writing import write
from performance.enums import LedgerSign, LedgerTarget, ReportKind
from performance.models import Computation, Document, LedgerEntry, Scorecard
from tests.factories.performance import a_ledger_entry, a_ledger_kind

pytestmark = pytest.mark.django_db


def written(order: Order, kind: ReportKind) -> BytesIO:
    target = BytesIO()
    with translation.override("en"):
        write(target, order, kind)
    target.seek(0)
    return target


def pages(content: BytesIO | bytes) -> list[str]:
    """The text of every page, spaces closed up: where a line breaks is not the content."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [re.sub(r"\s+", "", page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()


# -- by township -----------------------------------------------------------------------------------


def test_each_township_has_a_sheet_of_its_own_with_signatures_and_its_pages_counted(
    order: Callable[..., Order],
) -> None:
    first, second = pages(written(order(), ReportKind.SHEETS))

    document = Document.objects.get()
    for page in (first, second):
        assert document.number in page
        assert "Page1of1" in page
        assert "Preparedby:" in page
        assert f"Checkcode{document.digest[:16]}" in page
        assert "Countswhatwasknownon2026-10-0318:00." in page
        assert document.key in page
    assert ("青石镇" in first, "安娜" in first, "丹恩" in first) == (True, True, False)
    assert ("柳河镇" in second, "安娜" in second, "丹恩" in second) == (True, False, True)
    assert "People:3,appraised:2,exempt:1,mean:90.55." in first


def test_a_township_takes_out_its_own_sheet_alone(order: Callable[..., Order], township: Any, inspector: User) -> None:
    (page,) = pages(written(order(division=township, by=inspector), ReportKind.SHEETS))

    assert ("安娜" in page, "丹恩" in page) == (True, False)


def test_a_sheet_is_read_with_as_many_queries_however_many_people(
    order: Callable[..., Order], crowd: Callable[[int], Computation], django_assert_max_num_queries: Any
) -> None:
    crowd(1)
    written(order(), ReportKind.SHEETS)
    crowd(3)

    with django_assert_max_num_queries(20):
        written(order(), ReportKind.SHEETS)


# -- scorecards ------------------------------------------------------------------------------------


def test_everybody_has_one_page_with_their_lines_and_what_they_came_from(
    order: Callable[..., Order], ana: User
) -> None:
    found = pages(written(order(), ReportKind.SCORECARDS))

    assert len(found) == 4
    (page,) = (page for page in found if "安娜" in page)
    for text in (
        "Staffnumber:LX0001",
        "Total85.10.Grade:称职.",
        "知识测试50.0092.00%46.00取得92%。",
        "第三季度应知应会测试2026-08-1588.5/100补考",
        "Page1of1",
    ):
        assert text in page
    assert "丹恩" not in page


def test_each_scorecard_has_a_number_and_a_digest_of_its_own(order: Callable[..., Order]) -> None:
    found = pages(written(order(), ReportKind.SCORECARDS))

    documents = Document.objects.order_by("number")
    assert [document.number[-3:] for document in documents] == ["001", "002", "003", "004"]
    for page, document in zip(found, documents, strict=True):
        assert document.number in page
        assert document.digest[:32] in page
        assert document.title == "岚溪县, quarter 3 of 2026: scorecard"


def test_who_is_exempt_reads_why(order: Callable[..., Order]) -> None:
    (page,) = (page for page in pages(written(order(), ReportKind.SCORECARDS)) if "免考人" in page)

    assert "Exemptfromappraisal:产假" in page


def test_more_evidence_than_a_page_holds_is_counted_and_still_one_page(
    order: Callable[..., Order], computation: Computation, ana: User
) -> None:
    pieces = [{"label": f"第{n}次抽查", "on": "2026-08-15", "value": "8", "of": "10", "ref": "x:1"} for n in range(90)]
    Scorecard.objects.get(person=ana).lines.filter(sort_order=0).update(evidence=pieces)

    found = pages(written(order(), ReportKind.SCORECARDS))

    assert len(found) == 4
    (page,) = (page for page in found if "安娜" in page)
    assert "第0次抽查" in page
    assert re.search(r"\d+morepiecesofevidenceareonthepageofthequarter", page)


def test_the_archive_holds_a_file_for_each_with_the_same_numbers(order: Callable[..., Order]) -> None:
    together = pages(written(order(), ReportKind.SCORECARDS))

    with ZipFile(written(order(), ReportKind.SCORECARDS_ZIP)) as archive:
        found = {name: pages(archive.read(name)) for name in archive.namelist()}

    assert list(found) == ["00123-=HYPERLINK(1).pdf", "LX0001-安娜.pdf", "LX0009-免考人.pdf", "LX0002-丹恩.pdf"]
    assert Document.objects.count() == 4
    for (page,), same in zip(found.values(), together, strict=True):
        assert page.startswith(same[:200])


def test_scorecards_carry_a_code_that_can_be_painted(order: Callable[..., Order]) -> None:
    document = pypdfium2.PdfDocument(written(order(), ReportKind.SCORECARDS))

    image = document[0].render(scale=1).to_pil().convert("L")
    dark = sum(image.histogram()[:100])
    document.close()

    assert dark > 2000


# -- the bulletin ----------------------------------------------------------------------------------


@pytest.fixture
def praise(ana: User, county: Any, computation: Computation) -> LedgerEntry:
    kind = a_ledger_kind(county, "Z1", title="调解纠纷", sign=LedgerSign.POSITIVE, target=LedgerTarget.TEAM)
    team = ana.postings.get().team
    return a_ledger_entry(kind, on=date(2026, 8, 20), team=team, description="化解多年积案")


def test_the_bulletin_tells_participation_grades_and_what_teams_did_well(
    order: Callable[..., Order], praise: LedgerEntry
) -> None:
    text = "".join(pages(written(order(), ReportKind.BULLETIN)))

    document = Document.objects.get()
    for expected in (
        "From2026-07-01to2026-09-304peopleservedintheteamsof岚溪县.3wereappraised,1wereexempt.",
        "Themeantotalwas76.75.",
        "柳湾村工作队调解纠纷2026-08-20化解多年积案",
        document.number,
    ):
        assert expected in text


def test_the_bulletin_names_nobody(order: Callable[..., Order], praise: LedgerEntry) -> None:
    text = "".join(pages(written(order(), ReportKind.BULLETIN)))

    for name in User.objects.filter(scorecards__isnull=False).values_list("name", flat=True):
        assert name not in text


def test_townships_of_few_people_are_one_row_of_the_bulletin(order: Callable[..., Order]) -> None:
    text = "".join(pages(written(order(), ReportKind.BULLETIN)))

    assert "Townshipswithfewerthan5peopleappraised43" in text
    assert ("青石镇" in text, "柳河镇" in text) == (False, False)


def test_the_same_computation_gives_the_same_digest_on_every_paper(order: Callable[..., Order]) -> None:
    for kind in (ReportKind.SHEETS, ReportKind.SCORECARDS, ReportKind.BULLETIN):
        written(order(), kind)
    before = set(Document.objects.values_list("number", "digest"))

    for kind in (ReportKind.SHEETS, ReportKind.SCORECARDS, ReportKind.SCORECARDS_ZIP, ReportKind.BULLETIN):
        written(order(), kind)

    assert set(Document.objects.values_list("number", "digest")) == before
    assert len(before) == 6
