"""Score files: what is in them, who may take them out, and what is written down about it."""

import csv
from copy import deepcopy
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pypdfium2
import pytest
from django.utils import translation
from wagtail.models import ModelLogEntry

from exams.domain.exporting import ScoreFile, export_scores
from exams.domain.refusals import NotAllowed, ReasonMissing
from exams.enums import ExportFormat
from exams.models import Exam, ScoreExport
from members.enums import Role
from members.models import Division, User
from tests.factories.exams import EVENING, published_exam, sat_attempt
from tests.factories.members import UserFactory, give_role
from tests.support import cast

HEADINGS = [
    "Staff number",
    "Name",
    "Mobile phone",
    "Sending unit",
    "Township",
    "Village",
    "Team",
    "Role in the team",
    "Staff category",
    "Exam",
    "Attempts used",
    "Points in all",
    "Score",
    "Objective part",
    "Subjective part",
    "Passed",
    "Band",
    "Minutes used",
    "Started at",
    "Handed in at",
    "How it ended",
    "Page leaves",
    "Retake",
    "Remark",
]


@pytest.fixture(autouse=True)
def english() -> None:
    with translation.override("en"):
        yield


@pytest.fixture
def exam(_exam: Exam, db: None) -> Exam:
    return deepcopy(_exam)


@pytest.fixture(scope="module")
def _exam(standing: None) -> Exam:
    """Ana got eight of ten right in ten minutes, Dan did not come."""
    _county, _township, ana, _ben, _cleo, dan = cast.everybody()
    User.objects.filter(pk=ana.pk).update(phone="13812341234")
    exam = published_exam(ana, dan, title="六月/测试: 一")
    sat_attempt(exam, ana, right=8)
    return exam


def export(exam: Exam, by: User, format: ExportFormat = ExportFormat.XLSX, **changes: object) -> ScoreFile:
    wishes = {"reason": "报县委组织部", "with_phones": False, "at": EVENING} | changes
    return export_scores(exam, format=format, by=by, **wishes)


def content(file: ScoreFile) -> bytes:
    with file.file as opened:
        return opened.read()


def table_of(file: ScoreFile, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(StringIO(content(file).decode(encoding))))


def book_of(file: ScoreFile) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content(file)))


def text_of(file: ScoreFile) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(content(file)) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def test_csv_says_everything_about_everybody(exam: Exam, cleo: User) -> None:
    header, *rows = table_of(export(exam, cleo, ExportFormat.CSV))

    assert header == HEADINGS
    assert rows == [
        [
            *("LX0001", "安娜", "138****1234", "县农业农村局", "青石镇", "柳湾村", "柳湾村工作队"),
            *("Team member", "Civil servant", "六月/测试: 一", "1", "100.00", "80.00", "80.00", "0.00", "Yes", "Good"),
            *("10", "2026-06-15 12:00", "2026-06-15 12:10", "Handed in", "0", "No", ""),
        ],
        [
            *("LX0002", "丹恩", "", "县农业农村局", "柳河镇", "河口村", "河口村工作队"),
            *("Team member", "Civil servant", "六月/测试: 一", "0", "100.00", "", "", "", "", ""),
            *("", "", "", "", "", "No", "absent"),
        ],
    ]


def test_gb18030_is_readable_where_only_that_is_read(exam: Exam, cleo: User) -> None:
    file = export(exam, cleo, ExportFormat.CSV_GB18030)

    assert table_of(file, "gb18030")[1][1] == "安娜"


def test_workbook_has_people_and_townships(exam: Exam, cleo: User) -> None:
    book = book_of(export(exam, cleo))

    people, townships = book.worksheets
    assert [people.title, townships.title] == ["Scores", "By township"]
    assert [cell.value for cell in people[4]] == HEADINGS
    assert [people.cell(row, 2).value for row in (5, 6)] == ["安娜", "丹恩"]
    assert people.cell(5, 13).value == 80
    figures = [[cell.value for cell in townships[row]] for row in (5, 6, 7)]
    assert figures == [
        ["青石镇", 1, 1, 0, 1, 1, 0, 80, 80, 80],
        ["柳河镇", 1, 0, 1, 0, None, None, None, None, None],
        ["All together", 2, 1, 1, 0.5, 1, 0, 80, 80, 80],
    ]


def test_paper_names_its_pages_its_taker_and_where_to_sign(exam: Exam, cleo: User) -> None:
    pages = text_of(export(exam, cleo, ExportFormat.PDF))

    text = "".join(pages)
    assert "Page 1 of 1" in pages[0]
    assert all(words in text for words in ("安娜", "80.00", "青石镇", "Prepared by", "报县委组织部"))
    assert "可丽 2026-06-15 18:00" in text


def test_paper_carries_the_digest_that_was_written_down(exam: Exam, cleo: User) -> None:
    pages = text_of(export(exam, cleo, ExportFormat.PDF))

    entry = ModelLogEntry.objects.get(action="exams.export_scores")
    assert entry.data["digest"] in pages[-1].replace("\r\n", "")


def test_export_is_written_down(exam: Exam, cleo: User) -> None:
    export(exam, cleo, ExportFormat.CSV, reason=" 报县委组织部 ").file.close()

    record = ScoreExport.objects.get()
    assert (record.exam, record.format, record.reason, record.rows) == (exam, "csv", "报县委组织部", 2)
    assert (record.with_phones, record.exported_by, record.exported_at) == (False, cleo, EVENING)
    entry = ModelLogEntry.objects.get(action="exams.export_scores")
    assert entry.user == cleo
    assert entry.data == {
        "export": str(record.uuid),
        "format": "csv",
        "reason": "报县委组织部",
        "rows": 2,
        "with_phones": False,
    }


@pytest.mark.parametrize("reason", ["", "  "])
def test_no_export_without_a_reason(exam: Exam, cleo: User, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        export(exam, cleo, reason=reason)

    assert not ScoreExport.objects.exists()


def test_only_the_office_exports(exam: Exam, ana: User, ben: User) -> None:
    for person in (ana, ben):
        with pytest.raises(NotAllowed):
            export(exam, person)

    assert not ScoreExport.objects.exists()


def test_inspector_of_a_township_exports_its_people_only(exam: Exam, township: Division) -> None:
    inspector = give_role(UserFactory.create(), Role.INSPECTOR, township)

    rows = table_of(export(exam, inspector, ExportFormat.CSV))[1:]

    assert [row[1] for row in rows] == ["安娜"]


@pytest.mark.parametrize(("role", "phone"), [(Role.ADMINISTRATOR, "13812341234"), (Role.INSPECTOR, "138****1234")])
def test_full_phones_are_for_administrators_who_ask(exam: Exam, county: Division, role: Role, phone: str) -> None:
    person = give_role(UserFactory.create(), role, county)

    asked = table_of(export(exam, person, ExportFormat.CSV, with_phones=True))
    unasked = table_of(export(exam, person, ExportFormat.CSV))

    assert asked[1][2] == phone
    assert unasked[1][2] == "138****1234"
    assert list(ScoreExport.objects.order_by("pk").values_list("with_phones", flat=True)) == [
        role == Role.ADMINISTRATOR,
        False,
    ]


def test_full_phones_end_where_one_administers(exam: Exam, dan: User, county: Division, township: Division) -> None:
    User.objects.filter(pk=dan.pk).update(phone="13912341234")
    person = give_role(UserFactory.create(), Role.INSPECTOR, county)
    give_role(person, Role.ADMINISTRATOR, township)

    phones = [row[2] for row in table_of(export(exam, person, ExportFormat.CSV, with_phones=True))[1:]]

    assert phones == ["13812341234", "139****1234"]


@pytest.mark.parametrize("format", list(ExportFormat))
def test_file_is_named_for_exam_and_day(exam: Exam, cleo: User, format: ExportFormat) -> None:
    file = export(exam, cleo, format)
    file.file.close()

    assert file.name == f"六月-测试-一-scores-20260615.{format.value.split('-')[0]}"


def test_formula_in_a_name_stays_text(exam: Exam, ana: User, cleo: User) -> None:
    User.objects.filter(pk=ana.pk).update(name="=1+1")

    book = book_of(export(exam, cleo))
    rows = table_of(export(exam, cleo, ExportFormat.CSV))

    assert (book.worksheets[0].cell(5, 2).value, book.worksheets[0].cell(5, 2).data_type) == ("=1+1", "s")
    assert rows[1][1] == "'=1+1"


def test_mean_of_a_township_is_over_those_present(exam: Exam, cleo: User) -> None:
    rows = book_of(export(exam, cleo)).worksheets[1]

    assert Decimal(str(rows.cell(7, 8).value)) == 80
