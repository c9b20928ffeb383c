"""Reports of training in the staff interface: chosen in the address, bounded by divisions, taken out with a reason."""

from copy import deepcopy
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from courses.enums import AbsenceReason
from courses.models import Course
from courses.staff.matrix import signs
from members.enums import Role
from members.models import Division, User
from tests.conftest import Clock
from tests.courses.small_county import PRESENT, SmallCounty, small_county_standing, there
from tests.exams.staff.counting import queries_of
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.exams import ExamFactory
from tests.factories.members import UserFactory, give_role

PAGES = ("index", "townships", "lecturers", "year")


@pytest.fixture(scope="module", autouse=True)
def _small(standing: None) -> SmallCounty:
    return small_county_standing()


@pytest.fixture
def small(_small: SmallCounty, db: None) -> SmallCounty:
    return deepcopy(_small)


@pytest.fixture
def office(client: Client, clock: Clock, ben: User) -> Client:
    """Ben, a trainer of the county, at noon of 15 June 2026."""
    client.force_login(ben)
    return client


@pytest.fixture
def township_office(clock: Clock, township: Division) -> Client:
    """An inspector of 青石镇 alone."""
    client = Client()
    client.force_login(give_role(UserFactory(), Role.INSPECTOR, township))
    return client


def url(name: str, query: str = "", *, course: Course | None = None) -> str:
    return reverse(f"training_reports:{name}", args=[course.uuid] if course else []) + query


def lines(board) -> dict[str, list[str]]:
    return {row.label: [cell.text for cell in row.cells] for row in board.rows}


# -- courses, townships, lecturers --------------------------------------------------------------


def test_courses_stand_with_their_figures_and_lead_to_their_page(office: Client, small: SmallCounty) -> None:
    page = office.get(url("index"))

    found = lines(page.context["board"])
    assert found["第一期培训班"][3:15] == ["2", "8", "5", "1", "1", "2", "62.5%", "6", "5", "0", "1", "–"]
    assert {row.url for row in page.context["board"].rows} == {
        url("course", course=small.course),
        url("course", course=small.meetings),
    }


def test_townships_stand_with_coverage_and_gaps(office: Client, small: SmallCounty) -> None:
    page = office.get(url("townships"))

    assert lines(page.context["board"]) == {
        "青石镇": ["4", "11", "8", "1", "0", "3", "72.7%", "4", "4", "100.0%", "2"],
        "柳河镇": ["4", "8", "5", "1", "1", "2", "62.5%", "3", "3", "100.0%", "2"],
    }
    assert 'role="img"' in page.context["chart"].svg


def test_lecturers_stand_with_their_sessions(office: Client, small: SmallCounty) -> None:
    page = office.get(url("lecturers"))

    assert lines(page.context["board"]) == {"周老师": ["–", "2", "5", "–", "–", "–", "–"]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?year=2026", {"第一期培训班", "周例会"}),
        ("?year=2025", set()),
        ("?first=2026-03-01&last=2026-03-31", {"第一期培训班"}),
        ("?year=2025&first=2026-03-01&last=2026-03-31", {"第一期培训班"}),
        ("?kind={meeting}", {"周例会"}),
        ("?kind=0", {"第一期培训班", "周例会"}),
    ],
)
def test_filters_choose(office: Client, small: SmallCounty, query: str, expected: set[str]) -> None:
    page = office.get(url("index", query.format(meeting=small.meeting.pk)))

    assert set(lines(page.context["board"])) == expected


def test_a_division_bounds_the_figures(office: Client, small: SmallCounty) -> None:
    page = office.get(url("townships", "?division=530999102000"))

    assert list(lines(page.context["board"])) == ["柳河镇"]


@pytest.mark.parametrize(
    "query",
    [
        "?first=2026-03-01",
        "?first=2026-03-02&last=2026-03-01",
        "?first=2026-01-01&last=9999-12-31",
        "?year=x",
        "?division=530888000000",
    ],
)
def test_what_makes_no_sense_is_said_and_this_year_is_shown(office: Client, small: SmallCounty, query: str) -> None:
    page = office.get(url("index", query))

    assert page.context["filters"].errors
    assert set(lines(page.context["board"])) == {"第一期培训班", "周例会"}


def test_an_empty_report_says_what_to_do(office: Client, small: SmallCounty) -> None:
    page = office.get(url("townships", "?year=2020"))

    assert not page.context["board"].rows
    assert 'class="empty-word"' in page.content.decode()


# -- the year -----------------------------------------------------------------------------------


def test_year_table_begins_with_the_whole_county_by_month(office: Client, small: SmallCounty) -> None:
    page = office.get(url("year"))

    assert lines(page.context["kinds"])["集中培训班"][1:] == [
        "3", "1", "1", "2", "1", "6", "5", "6", "83.3%", "62.5%",
    ]  # fmt: skip
    assert page.context["table"].division.code == "530999000000"
    assert len(page.context["periods"].rows) == 12


def test_year_table_can_be_of_a_township_by_quarter(office: Client, small: SmallCounty) -> None:
    page = office.get(url("year", "?division=530999101000&months=3"))

    assert page.context["table"].total.people == 4
    assert [cell.text for cell in page.context["periods"].rows[0].cells[:3]] == ["2", "5", "3"]


@pytest.mark.parametrize("query", ["?division=530888000000", "?year=1066", "?months=5"])
def test_what_is_not_offered_is_not_shown(office: Client, small: SmallCounty, query: str) -> None:
    page = office.get(url("year", query))

    assert (page.context["table"].division.code, page.context["table"].year) == ("530999000000", 2026)


# -- one course ---------------------------------------------------------------------------------


def test_matrix_says_in_signs_and_words_who_was_there(office: Client, small: SmallCounty) -> None:
    page = office.get(url("course", course=small.course))

    rows = page.context["matrix"]["rows"]
    assert {row["enrolment"].person.name: [sign.state for sign, _head in row["cells"]] for row in rows} == {
        "A1": ["present", "present"],
        "A2": ["late", "none"],
        "A3": ["absent", "present"],
        "A4": ["none", "present"],
        "B1": ["excused", "absent"],
        "B2": ["present", "none"],
    }
    assert str(AbsenceReason.LEAVE.label) in rows[4]["cells"][0][0].word
    assert len({sign.sign for sign in signs().values()}) == len(signs())


def test_session_to_come_is_not_an_absence(office: Client, small: SmallCounty) -> None:
    SessionFactory(course=small.course, starts_at=small.sessions["august"].starts_at.replace(month=9))

    page = office.get(url("course", course=small.course))

    assert {row["cells"][-1][0].state for row in page.context["matrix"]["rows"]} == {"later"}


def test_office_of_a_township_sees_its_people_and_their_figures(township_office: Client, small: SmallCounty) -> None:
    page = township_office.get(url("course", course=small.course))

    assert [row["enrolment"].person.name for row in page.context["matrix"]["rows"]] == ["A1", "A2", "A3", "A4"]
    assert (page.context["figures"].tally.expected, page.context["figures"].completion.people) == (5, 4)
    assert "柳河镇" not in page.content.decode()


# -- who gets there -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*PAGES, "export", "year_export"])
def test_a_member_is_not_let_in(clock: Clock, small: SmallCounty, ana: User, name: str) -> None:
    client = Client()
    client.force_login(ana)

    assert client.get(url(name)).status_code in (302, 403)


def test_course_of_elsewhere_looks_like_one_that_does_not_exist(office: Client, small: SmallCounty) -> None:
    elsewhere = CourseFactory(division=Division.objects.create(code="530888000000", name="外县"))

    for name in ("course", "course_export"):
        assert office.get(url(name, course=elsewhere)).status_code == 404


def test_menu_shows_reports_to_the_office_alone(office: Client, small: SmallCounty) -> None:
    assert url("index") in office.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.once
@pytest.mark.parametrize("name", PAGES)
def test_pages_cost_the_same_with_one_row_and_with_three(office: Client, small: SmallCounty, name: str) -> None:
    one = queries_of(lambda: office.get(url(name)))
    for day in (1, 2, 3):
        moment = small.sessions["january"].starts_at.replace(month=9, day=day)
        session = SessionFactory(course=small.meetings, starts_at=moment, state="held")
        session.lecturers.add(small.lecturer)
        for person in small.people:
            there(session, person, small.people, PRESENT)

    # A lecturer more, a session more, a person more: nothing more to ask.
    assert queries_of(lambda: office.get(url(name))) == one


@pytest.mark.once
@pytest.mark.parametrize("name", ["index", "townships"])
def test_pages_cost_the_same_with_one_open_course_and_with_three(
    office: Client, small: SmallCounty, county: Division, name: str
) -> None:
    def open_course() -> None:
        course = CourseFactory(division=county, exam=ExamFactory(division=county), needs_test=True)
        there(SessionFactory(course=course, state="held"), "A1", small.people, PRESENT)

    open_course()
    one = queries_of(lambda: office.get(url(name)))
    open_course()
    open_course()

    assert queries_of(lambda: office.get(url(name))) == one


@pytest.mark.once
def test_matrix_costs_the_same_with_one_row_and_with_three(office: Client, small: SmallCounty) -> None:
    three = queries_of(lambda: office.get(url("course", course=small.course)))
    small.course.enrolments.exclude(person=small.people["A1"]).delete()

    assert queries_of(lambda: office.get(url("course", course=small.course))) == three


# -- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["export", "year_export"])
def test_file_is_sent_and_written_down(office: Client, small: SmallCounty, name: str, ben: User) -> None:
    response = office.post(url(name), {"format": "xlsx", "reason": "报组织部"})

    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert len(book.worksheets) == 3
    entry = ModelLogEntry.objects.filter(action__startswith="courses.export").get()
    assert (entry.user, entry.data["reason"]) == (ben, "报组织部")


def test_file_is_about_what_the_address_says(office: Client, small: SmallCounty) -> None:
    response = office.post(
        url("year_export", "?division=530999101000&year=2026&months=3"), {"format": "csv", "reason": "存档"}
    )

    sent = b"".join(response.streaming_content).decode("utf-8-sig")
    entry = ModelLogEntry.objects.filter(action="courses.export_year").get()
    assert [line.split(",")[8] for line in sent.splitlines()[1:]] == ["4", "3", "0"]
    assert (entry.object_id, entry.data["year"]) == (str(Division.objects.get(code="530999101000").pk), 2026)


def test_attendance_of_a_course_is_sent(office: Client, small: SmallCounty) -> None:
    response = office.post(url("course_export", course=small.course), {"format": "pdf", "reason": "存档"})

    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert ModelLogEntry.objects.filter(action="courses.export_attendance").count() == 1


@pytest.mark.parametrize("sent", [{"format": "xlsx"}, {"format": "exe", "reason": "x"}, {"reason": "x" * 201}])
def test_no_file_without_format_and_reason(office: Client, small: SmallCounty, sent: dict) -> None:
    response = office.post(url("year_export"), sent)

    assert response.context["form"].errors
    assert not ModelLogEntry.objects.filter(action__startswith="courses.export").exists()
