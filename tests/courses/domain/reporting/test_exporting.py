"""Files of training: read back by other programs, and written down before they leave."""

import csv
import re
from io import BytesIO, StringIO

import openpyxl
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from wagtail.models import ModelLogEntry

from common.refusals import NotAllowed, ReasonMissing
from courses.domain.reporting.courses import course_figures
from courses.domain.reporting.exporting import export_course, export_overview, export_year
from courses.domain.reporting.sheets import TakenOut, overview_report
from courses.domain.reporting.spans import Span
from courses.domain.reporting.townships import township_figures
from exams.domain.exporting import ScoreFile
from exams.enums import ExportFormat
from members.enums import Role
from members.models import Division, User
from tests.conftest import NOON
from tests.courses.small_county import SmallCounty
from tests.factories.members import UserFactory, give_role


def course_file(
    small: SmallCounty, *, by: User, format: ExportFormat = ExportFormat.XLSX, reason: str = "存档"
) -> bytes:
    return content(export_course(small.course, format=ExportFormat(format), reason=reason, by=by, at=NOON))


def year_file(county: Division, *, by: User, format: ExportFormat = ExportFormat.XLSX, months: int = 1) -> bytes:
    return content(export_year(county, 2026, months=months, format=format, reason="报组织部", by=by, at=NOON))


def content(file: ScoreFile) -> bytes:
    with file.file as opened:
        return opened.read()


def sheet(data: bytes, place: int) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(place).to_python()


def text_of(data: bytes) -> str:
    """The text of all pages, spaces closed up: where a line breaks is not the content."""
    document = pypdfium2.PdfDocument(data)
    try:
        return "".join(re.sub(r"\s+", "", page.get_textpage().get_text_bounded()) for page in document)
    finally:
        document.close()


# -- one course -------------------------------------------------------------------------------


def test_course_has_people_on_the_first_sheet_and_townships_on_the_second(small: SmallCounty, ben: User) -> None:
    data = course_file(small, by=ben)

    people = {row[1]: row for row in sheet(data, 0)[5:]}
    assert people["A1"][:4] == ["LX-A1", "A1", "青石镇", "A村"]
    assert people["A1"][6:] == ["Present", "Present", 1.0, 1.0, "Completed"]
    assert people["B1"][6:] == ["Excused（On leave）", "Absent", 0.0, 1.0, "Missing, with a reason"]
    assert people["A4"][6:] == ["not expected", "Present", 1.0, 1.0, "Completed"]
    assert [row[:3] for row in sheet(data, 1)[5:8]] == [
        ["青石镇", 2.0, 5.0],
        ["柳河镇", 2.0, 3.0],
        ["All together", 2.0, 8.0],
    ]


def test_cells_have_types_and_the_header_stays(small: SmallCounty, ben: User) -> None:
    User.objects.filter(pk=small.people["A1"].pk).update(code="0012")

    book = openpyxl.load_workbook(BytesIO(course_file(small, by=ben)))

    people, townships = book.worksheets
    header = next(row[0].row for row in people.iter_rows() if row[0].value == "Staff number")
    first = list(people[header + 1])
    assert (first[0].value, first[0].number_format, first[0].data_type) == ("0012", "@", "s")
    assert people.freeze_panes == f"C{header + 1}"
    rate = townships[header + 1][7]
    assert (rate.value, rate.number_format) == (0.8, "0.0%")


def test_what_looks_like_a_formula_stays_text(small: SmallCounty, ben: User) -> None:
    User.objects.filter(pk=small.people["A1"].pk).update(name="=1+1")

    book = openpyxl.load_workbook(BytesIO(course_file(small, by=ben)))
    table = course_file(small, by=ben, format=ExportFormat.CSV).decode("utf-8-sig")

    cell = next(cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == "=1+1")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert "'=1+1" in next(row for row in csv.reader(StringIO(table)) if row[0] == "LX-A1")


@pytest.mark.parametrize(("format", "codec"), [(ExportFormat.CSV, "utf-8-sig"), (ExportFormat.CSV_GB18030, "gb18030")])
def test_csv_is_read_in_its_encoding(small: SmallCounty, ben: User, format: ExportFormat, codec: str) -> None:
    data = course_file(small, by=ben, format=format)

    rows = list(csv.reader(StringIO(data.decode(codec))))
    assert data.startswith(b"\xef\xbb\xbf") == (codec == "utf-8-sig")
    assert [row[1] for row in rows] == ["Name", "A1", "A2", "A3", "A4", "B1", "B2"]
    assert rows[1][2] == "青石镇"


def test_paper_shows_townships_with_room_to_sign_and_no_names(small: SmallCounty, ben: User) -> None:
    text = text_of(course_file(small, by=ben, format=ExportFormat.PDF))

    for part in ("岚溪县", "第一期培训班", "青石镇", "柳河镇", "Preparedby", "Approvedby", "存档", "62.5%"):
        assert part in text
    assert "A村工作队" not in text


def test_office_of_a_township_takes_out_its_own_people(small: SmallCounty, other_township: Division) -> None:
    person = give_role(UserFactory(), Role.TRAINER, other_township)

    data = course_file(small, by=person)

    assert [row[1] for row in sheet(data, 0)[5:7]] == ["B1", "B2"]
    assert b"A1" not in course_file(small, by=person, format=ExportFormat.CSV)
    assert [row[0] for row in sheet(data, 1)[5:7]] == ["柳河镇", "All together"]


# -- the year ---------------------------------------------------------------------------------


def test_year_table_is_a_workbook_of_its_own(small: SmallCounty, county: Division, ben: User) -> None:
    data = year_file(county, by=ben)

    assert CalamineWorkbook.from_filelike(BytesIO(data)).sheet_names == ["By kind", "By month", "By township"]
    lines = {row[0]: row[1:] for row in sheet(data, 0)}
    assert lines["集中培训班"] == ["Every year, 3 times", 3.0, 1.0, 1.0, 2.0, 1.0, 6.0, 5.0, 6.0, 5 / 6, 5 / 8]
    assert lines["健康讲座"][1] == "as needed"
    assert lines["All together"][3:9] == [2.0, 4.0, 1.0, 14.0, 7.0, 7.0]


def test_year_table_can_be_by_quarter(small: SmallCounty, county: Division, ben: User) -> None:
    data = year_file(county, by=ben, months=3)

    assert [row[:2] for row in sheet(data, 1)[4:]] == [
        ["quarter 1", 2.0],
        ["quarter 2", 1.0],
        ["quarter 3", 1.0],
        ["quarter 4", 0.0],
    ]


def test_year_table_on_paper_says_how_the_denominator_is_made(small: SmallCounty, county: Division, ben: User) -> None:
    text = text_of(year_file(county, by=ben, format=ExportFormat.PDF))

    for part in ("岚溪县", "集中培训班", "83.3%", "Ontheroster:differentpeople", "Checkedby", "报组织部"):
        assert part in text


def test_overview_has_courses_townships_and_lecturers(small: SmallCounty, county: Division, ben: User) -> None:
    file = export_overview(county, Span.of_year(2026), format=ExportFormat.XLSX, reason="存档", by=ben, at=NOON)

    data = content(file)
    assert CalamineWorkbook.from_filelike(BytesIO(data)).sheet_names == ["Courses", "By township", "Lecturers"]
    assert {row[0] for row in sheet(data, 0)[5:]} == {"第一期培训班", "周例会"}
    assert sheet(data, 2)[5][:4] == ["周老师", "", 2.0, 5.0]


def test_no_table_of_the_overview_is_too_wide_for_paper(small: SmallCounty, county: Division, ben: User) -> None:
    out = TakenOut("存档", ben, NOON)
    figures = course_figures([small.course], by=ben, at=NOON)
    townships = township_figures([small.course], by=ben, at=NOON, total="合计")

    report = overview_report(figures, [], townships, division=county, span=Span.of_year(2026), out=out)

    assert max(len(sheet.columns) for sheet in report.paper) <= 12
    on_paper = [*report.paper[0].columns, *report.paper[1].columns[1:]]
    assert [column.title for column in on_paper] == [column.title for column in report.sheets[0].columns]


# -- written down -------------------------------------------------------------------------------


def test_every_file_is_written_down_with_its_reason(small: SmallCounty, county: Division, ben: User) -> None:
    course_file(small, by=ben, format=ExportFormat.PDF, reason=" 存档 ")
    year_file(county, by=ben)

    entries = ModelLogEntry.objects.filter(action__startswith="courses.export_").order_by("timestamp", "pk")
    facts = [(entry.action, entry.user, entry.data["format"], entry.data["reason"]) for entry in entries]
    assert facts == [
        ("courses.export_attendance", ben, "pdf", "存档"),
        ("courses.export_year", ben, "xlsx", "报组织部"),
    ]
    assert [len(entry.data.get("digest", "")) for entry in entries] == [64, 0]


def test_no_file_without_a_reason(small: SmallCounty, ben: User) -> None:
    with pytest.raises(ReasonMissing):
        course_file(small, by=ben, reason="  ")

    assert not ModelLogEntry.objects.filter(action__startswith="courses.export_").exists()


def test_no_file_of_what_is_not_theirs(small: SmallCounty, county: Division, township: Division, ana: User) -> None:
    stranger = give_role(UserFactory(), Role.AUDITOR, Division.objects.create(code="530888000000", name="外县"))
    of_township = give_role(UserFactory(), Role.AUDITOR, township)

    for person in (ana, stranger):
        with pytest.raises(NotAllowed):
            course_file(small, by=person)
    for person in (ana, stranger, of_township):
        with pytest.raises(NotAllowed):
            year_file(county, by=person)
        with pytest.raises(NotAllowed):
            export_overview(county, Span.of_year(2026), format=ExportFormat.CSV, reason="存档", by=person, at=NOON)
    assert not ModelLogEntry.objects.filter(action__startswith="courses.export_").exists()
