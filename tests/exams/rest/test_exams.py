from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from rest_framework.test import APIClient

from exams.domain.steering import close_exam
from exams.models import Attempt, Exam, ScoreExport
from members.enums import Role
from members.models import Division, User
from tests.conftest import Clock
from tests.exams.rest.conftest import calling, problem
from tests.factories.exams import EVENING, MORNING, opened_attempt, published_exam, sat_attempt
from tests.factories.members import PostingFactory, TeamFactory, UserFactory, give_role

pytestmark = pytest.mark.django_db


# -- my exams -------------------------------------------------------------------------------


def test_my_exams_are_listed_whole(exam: Exam, ana: User) -> None:
    response = calling(ana).get("/api/v1/exams/")

    assert response.status_code == 200
    assert response.json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "uuid": str(exam.uuid),
                "title": exam.title,
                "opens_at": "2026-06-15T09:00:00+08:00",
                "closes_at": "2026-06-15T18:00:00+08:00",
                "minutes": 30,
                "total_points": 100.0,
                "pass_points": 60.0,
                "attempts_left": 1,
                "state": "open",
            }
        ],
    }


def test_exams_of_others_and_exams_in_preparation_are_not_listed(exam: Exam, ana: User, dan: User, cleo: User) -> None:
    hidden = published_exam(ana, by=cleo)
    Exam.objects.filter(pk=hidden.pk).update(state="publishing")

    assert [calling(person).get("/api/v1/exams/").json()["count"] for person in (ana, dan, cleo)] == [1, 0, 0]


def test_the_state_of_an_exam_follows_the_clock_and_the_attempts(exam: Exam, ana: User, clock: Clock) -> None:
    def state() -> tuple[str, int]:
        row = calling(ana).get("/api/v1/exams/").json()["results"][0]
        return row["state"], row["attempts_left"]

    seen = [state()]
    clock.forward(hours=-4)
    seen.append(state())
    clock.forward(hours=4)
    opened_attempt(exam, ana, at=clock())
    seen.append(state())
    clock.forward(minutes=31)
    seen.append(state())
    clock.forward(hours=6)
    seen.append(state())

    assert seen == [("open", 1), ("upcoming", 1), ("running", 0), ("used_up", 0), ("over", 0)]


def test_listing_takes_as_many_queries_for_three_exams_as_for_one(
    ana: User, cleo: User, clock: Clock, django_assert_num_queries: Any
) -> None:
    client = calling(ana)
    for wanted in (1, 3):
        while Exam.objects.count() < wanted:
            opened_attempt(published_exam(ana, by=cleo, blueprint__plan=(("single", 1, 5),)), ana, at=clock())
        # Token with its user, count, rows.
        with django_assert_num_queries(3):
            assert client.get("/api/v1/exams/").json()["count"] == wanted


# -- scores ---------------------------------------------------------------------------------


@pytest.fixture
def over(ana: User, dan: User, cleo: User, clock: Clock) -> Exam:
    """Ana reached 70 points, Dan was absent, the exam is over."""
    ana.phone = "13812341234"
    ana.save()
    exam = published_exam(ana, dan, by=cleo)
    sat_attempt(exam, ana, right=7)
    clock.forward(hours=7)
    return exam


def scores(exam: Exam) -> str:
    return f"/api/v1/exams/{exam.uuid}/scores/"


def test_scores_are_listed_whole(over: Exam, cleo: User, ana: User) -> None:
    body = calling(cleo).get(scores(over)).json()

    team = ana.postings.get().team
    assert {name: body[name] for name in ("count", "next", "previous")} == {"count": 2, "next": None, "previous": None}
    assert body["results"][0] == {
        "name": "安娜",
        "code": "LX0001",
        "phone": "138****1234",
        "sending_unit": team.sending_unit.name,
        "township": "青石镇",
        "township_code": "530999101000",
        "village": "柳湾村",
        "team": team.name,
        "role": str(ana.postings.get().get_role_display()),
        "staff_category": str(ana.postings.get().get_staff_category_display()),
        "sitting": 1,
        "total": 100.0,
        "score": 70.0,
        "objective": 70.0,
        "subjective": 0.0,
        "passed": True,
        "band": body["results"][0]["band"],
        "minutes_used": 10,
        "started_at": "2026-06-15T12:00:00+08:00",
        "handed_in_at": "2026-06-15T12:10:00+08:00",
        "hand_in": body["results"][0]["hand_in"],
        "page_leaves": 0,
        "is_retake": False,
        "absent": False,
        "remark": "",
    }
    absent = body["results"][1]
    assert (absent["code"], absent["absent"], absent["sitting"]) == ("LX0002", True, 0)
    assert {
        absent[name] for name in ("score", "passed", "minutes_used", "started_at", "handed_in_at", "page_leaves")
    } == {None}


def test_looking_at_scores_closes_what_is_overdue(over: Exam, dan: User, cleo: User, clock: Clock) -> None:
    clock.forward(hours=-7)
    opened_attempt(over, dan, at=clock())
    clock.forward(hours=7)

    rows = calling(cleo).get(scores(over)).json()["results"]

    assert [(row["code"], row["score"], row["handed_in_at"]) for row in rows] == [
        ("LX0001", 70.0, "2026-06-15T12:10:00+08:00"),
        ("LX0002", 0.0, "2026-06-15T12:30:00+08:00"),
    ]


def test_scores_stop_at_the_border_of_the_division(over: Exam, other_township: Division, county: Division) -> None:
    of_the_county = give_role(UserFactory(), Role.INSPECTOR, county)
    of_the_township = give_role(UserFactory(), Role.INSPECTOR, other_township)
    elsewhere = give_role(UserFactory(), Role.INSPECTOR, Division.objects.create(code="530999103000", name="外镇"))

    seen = {
        person: [row["code"] for row in calling(person).get(scores(over)).json()["results"]]
        for person in (of_the_county, of_the_township, elsewhere)
    }

    assert seen == {of_the_county: ["LX0001", "LX0002"], of_the_township: ["LX0002"], elsewhere: []}


def test_scores_are_not_for_members_and_not_for_trainers(over: Exam, ana: User, ben: User, county: Division) -> None:
    stranger = give_role(UserFactory(), Role.MEMBER, county)

    assert problem(calling(ana).get(scores(over))) == (403, "permission_denied")
    assert problem(calling(ben).get(scores(over))) == (404, "not_found")
    assert problem(calling(stranger).get(scores(over))) == (404, "not_found")
    assert APIClient().get(scores(over)).status_code in (401, 403)


def test_an_exam_in_preparation_has_no_scores(over: Exam, cleo: User) -> None:
    Exam.objects.filter(pk=over.pk).update(state="draft")

    assert problem(calling(cleo).get(scores(over))) == (404, "not_found")


def test_scores_come_in_pages(ana: User, cleo: User, clock: Clock) -> None:
    team = TeamFactory()
    people = [PostingFactory(team=team).person for _number in range(51)]
    exam = published_exam(*people, by=cleo, blueprint__plan=(("single", 1, 5),))
    client = calling(cleo)

    first = client.get(scores(exam)).json()
    second = client.get(first["next"]).json()

    assert (first["count"], len(first["results"]), len(second["results"]), second["next"]) == (51, 50, 1, None)
    codes = [row["code"] for row in first["results"] + second["results"]]
    assert codes == sorted(person.code for person in people)


def test_listing_scores_takes_as_many_queries_for_three_people_as_for_one(
    ana: User, cleo: User, clock: Clock, django_assert_num_queries: Any
) -> None:
    client = calling(cleo)
    for count in (1, 3):
        people = [PostingFactory().person for _number in range(count)]
        exam = published_exam(*people, by=cleo, blueprint__plan=(("single", 1, 5),))
        for person in people:
            sat_attempt(exam, person)
        # Token with its user, roles, exam, overdue, count, page, townships, rows, attempts.
        with django_assert_num_queries(9):
            assert len(client.get(scores(exam)).json()["results"]) == count


def test_the_files_hold_what_the_list_shows_and_each_is_logged(over: Exam, cleo: User) -> None:
    client = calling(cleo)

    book = client.get(scores(over), {"format": "xlsx", "reason": "季度通报"})
    text = client.get(scores(over), {"format": "csv"})

    workbook = load_workbook(BytesIO(b"".join(book.streaming_content)))
    table = b"".join(text.streaming_content)
    cells = [str(cell) for row in workbook.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert {"安娜", "LX0001", "丹恩", "LX0002"} <= set(cells)
    assert table.startswith(b"\xef\xbb\xbf")
    for word in ("安娜", "LX0001", "丹恩", "LX0002"):
        assert word in table.decode("utf-8-sig")
    assert "13812341234" not in table.decode("utf-8-sig") + "".join(cells)
    assert list(ScoreExport.objects.order_by("pk").values_list("format", "reason", "rows", "exported_by")) == [
        ("xlsx", "季度通报", 2, cleo.pk),
        ("csv", "API", 2, cleo.pk),
    ]
    assert "attachment" in book.headers["Content-Disposition"]


def test_a_format_that_does_not_exist_is_not_found(over: Exam, cleo: User) -> None:
    assert problem(calling(cleo).get(scores(over), {"format": "exe"})) == (404, "not_found")


# -- signing in -----------------------------------------------------------------------------


def test_a_session_needs_the_csrf_token_and_an_api_token_does_not(exam: Exam, ana: User) -> None:
    start = f"/api/v1/exams/{exam.uuid}/attempts/"
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana)

    refused = browser.post(start)
    browser.get("/sign-in/")
    browser.cookies["csrftoken"] = "a" * 32
    accepted = browser.post(start, headers={"X-CSRFToken": "a" * 32}, content_type="application/json")
    again = calling(ana).post(start)

    assert (refused.status_code, accepted.status_code, again.status_code) == (403, 201, 200)
    assert problem(refused) == (403, "permission_denied")
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("call", ["responses", "submit", "leaves"])
def test_every_change_by_session_needs_the_csrf_token(attempt: Attempt, ana: User, call: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana)
    send = browser.patch if call == "responses" else browser.post

    response = send(f"/api/v1/attempts/{attempt.uuid}/{call}/", "{}", content_type="application/json")

    attempt.refresh_from_db()
    assert problem(response) == (403, "permission_denied")
    assert attempt.is_open()
    assert (attempt.page_leaves, attempt.responses.count()) == (0, 0)


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/api/v1/exams/"),
        ("post", "/api/v1/exams/{exam}/attempts/"),
        ("get", "/api/v1/exams/{exam}/scores/"),
        ("get", "/api/v1/attempts/{attempt}/"),
        ("patch", "/api/v1/attempts/{attempt}/responses/"),
        ("post", "/api/v1/attempts/{attempt}/submit/"),
        ("post", "/api/v1/attempts/{attempt}/leaves/"),
        ("get", "/api/v1/me/"),
    ],
)
def test_nothing_is_open_to_the_unknown(attempt: Attempt, exam: Exam, method: str, address: str) -> None:
    response = getattr(APIClient(), method)(address.format(exam=exam.uuid, attempt=attempt.uuid), {}, format="json")

    assert problem(response)[1] == "not_authenticated"
    assert response.status_code in (401, 403)


def test_a_deactivated_account_calls_nothing(exam: Exam, ana: User) -> None:
    client = calling(ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)

    assert problem(client.get("/api/v1/exams/"))[0] in (401, 403)


def test_an_exam_closed_early_is_over_for_everybody(exam: Exam, ana: User, cleo: User, clock: Clock) -> None:
    close_exam(exam, by=cleo, at=clock())

    row = calling(ana).get("/api/v1/exams/").json()["results"][0]

    assert (row["state"], row["closes_at"]) == ("over", EVENING.isoformat())
    assert MORNING + timedelta(hours=9) == EVENING
