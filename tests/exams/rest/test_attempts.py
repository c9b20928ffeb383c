from datetime import timedelta
from typing import Any

import pytest
from django.utils.dateparse import parse_datetime
from rest_framework.test import APIClient

from exams.domain.grants import read
from exams.domain.steering import release_results
from exams.models import Attempt, Exam, Response
from members.models import User
from question_bank.models import QuestionVersion
from tests.conftest import Clock
from tests.exams.rest.conftest import calling, page_of, problem
from tests.factories.exams import published_exam, right_answers

pytestmark = pytest.mark.django_db


TIMES = ("opened_at", "closes_at", "server_time")


def moment(text: str) -> Any:
    found = parse_datetime(text)
    assert found is not None
    assert found.utcoffset() is not None
    return found


def right_body(attempt: Attempt) -> dict[str, Any]:
    rows = right_answers(attempt)
    return {"responses": [{"number": row.number, "answer": row.answer, "sequence": row.sequence} for row in rows]}


def save(client: APIClient, attempt: Attempt, body: Any) -> Any:
    return client.patch(f"/api/v1/attempts/{attempt.uuid}/responses/", body, format="json")


# -- starting -------------------------------------------------------------------------------


def test_starting_answers_with_the_paper_and_nothing_that_helps_to_guess(exam: Exam, ana: User, clock: Clock) -> None:
    response = calling(ana).post(f"/api/v1/exams/{exam.uuid}/attempts/")

    attempt = Attempt.objects.get()
    body = response.json()
    times = {name: moment(body.pop(name)) for name in TIMES}
    grant = body.pop("grant")
    assert response.status_code == 201
    assert times == {"opened_at": clock(), "closes_at": clock() + timedelta(minutes=30), "server_time": clock()}
    assert read(grant).attempt_id == attempt.pk
    assert body == {
        "uuid": str(attempt.uuid),
        "exam": str(exam.uuid),
        "paper": [paper_row(item) for item in attempt.paper.rows()],
        "responses": {},
    }


def paper_row(item: Any) -> dict[str, Any]:
    version = QuestionVersion.objects.get(pk=item.version_id)
    options = [version.shown["options"][place] for place in item.order]
    return {
        "number": item.number,
        "kind": version.kind,
        "stem": version.shown["stem"],
        "points": 20.0,
        "options": [{"id": option["id"], "text": option["text"]} for option in options],
        "blanks": 2 if version.kind == "fill" else 0,
        "figures": [],
    }


def test_starting_again_gives_the_open_attempt_with_its_answers(exam: Exam, ana: User, clock: Clock) -> None:
    client = calling(ana)
    first = client.post(f"/api/v1/exams/{exam.uuid}/attempts/").json()
    answer = {"options": [first["paper"][0]["options"][0]["id"]]}
    rows = [
        {"number": 1, "answer": answer, "sequence": 7, "flagged": True},
        {"number": 5, "answer": {"text": "答"}, "sequence": 0},
    ]
    client.patch(f"/api/v1/attempts/{first['uuid']}/responses/", {"responses": rows}, format="json")
    clock.forward(minutes=5)

    again = client.post(f"/api/v1/exams/{exam.uuid}/attempts/")

    assert again.status_code == 200
    body = again.json()
    assert [moment(body.pop(name)) for name in TIMES] == [
        moment(first.pop("opened_at")),
        moment(first.pop("closes_at")),
        clock(),
    ]
    assert body.pop("grant") == first.pop("grant")
    assert body == {
        **{name: first[name] for name in ("uuid", "exam", "paper")},
        "responses": {
            "1": {"answer": answer, "sequence": 7, "flagged": True},
            "5": {"answer": {"text": "答"}, "sequence": 0, "flagged": False},
        },
    }


def test_an_exam_that_is_not_mine_does_not_exist_for_me(exam: Exam, dan: User, cleo: User) -> None:
    for address in (exam.uuid, "00000000-0000-4000-8000-000000000000", cleo.uuid):
        assert problem(calling(dan).post(f"/api/v1/exams/{address}/attempts/")) == (404, "not_found")
    assert calling(dan).post("/api/v1/exams/nonsense/attempts/").status_code == 404
    assert not Attempt.objects.exists()


def test_an_exam_in_preparation_does_not_exist_yet(exam: Exam, ana: User) -> None:
    Exam.objects.filter(pk=exam.pk).update(state="publishing")

    assert problem(calling(ana).post(f"/api/v1/exams/{exam.uuid}/attempts/")) == (404, "not_found")


def test_starting_too_early_too_late_or_too_often_is_refused(exam: Exam, ana: User, clock: Clock) -> None:
    start = f"/api/v1/exams/{exam.uuid}/attempts/"
    client = calling(ana)

    clock.forward(hours=-4)
    early = problem(client.post(start))
    clock.forward(hours=4)
    uuid = client.post(start).json()["uuid"]
    client.post(f"/api/v1/attempts/{uuid}/submit/")
    often = problem(client.post(start))
    clock.forward(hours=6)
    late = problem(client.post(start))

    assert (early, often, late) == ((409, "exam_not_open"), (409, "no_attempts_left"), (409, "exam_not_open"))


# -- saving ---------------------------------------------------------------------------------


@pytest.mark.parametrize("caller", ["token", "grant"])
def test_saving_answers_with_what_was_saved_and_until_when(
    attempt: Attempt, ana: User, clock: Clock, caller: str
) -> None:
    client = calling(ana) if caller == "token" else page_of(attempt)

    response = save(client, attempt, right_body(attempt))

    body = response.json()
    assert response.status_code == 200
    assert (moment(body.pop("closes_at")), moment(body.pop("server_time"))) == (attempt.closes_at, clock())
    assert body == {"saved": [1, 2, 3, 4, 5], "stale": []}
    assert Response.objects.filter(attempt=attempt).count() == 5


def test_saving_with_a_grant_asks_for_neither_session_nor_user(
    attempt: Attempt, django_assert_num_queries: Any
) -> None:
    client, body = page_of(attempt), right_body(attempt)
    save(client, attempt, body)

    with django_assert_num_queries(1):
        save(client, attempt, {"responses": [{**row, "sequence": 9} for row in body["responses"]]})


def test_a_lower_sequence_is_answered_with_what_stands(attempt: Attempt, ana: User) -> None:
    client = calling(ana)
    newer = {"number": 5, "answer": {"text": "新"}, "sequence": 8, "flagged": True}
    save(client, attempt, {"responses": [newer]})

    response = save(client, attempt, {"responses": [{"number": 5, "answer": {"text": "旧"}, "sequence": 7}]})

    assert response.status_code == 200
    assert {name: response.json()[name] for name in ("saved", "stale")} == {"saved": [], "stale": [newer]}


def test_after_closing_nothing_changes(attempt: Attempt, ana: User, clock: Clock) -> None:
    page = page_of(attempt)
    body = {"responses": [{"number": 5, "answer": {"text": "迟"}, "sequence": 9}]}
    save(page, attempt, {"responses": [{"number": 5, "answer": {"text": "早"}, "sequence": 1}]})
    clock.forward(minutes=30)

    overdue = [problem(save(client, attempt, body)) for client in (page, calling(ana))]
    calling(ana).post(f"/api/v1/attempts/{attempt.uuid}/submit/")
    closed = [problem(save(client, attempt, body)) for client in (page, calling(ana))]

    assert overdue + closed == [(409, "attempt_closed")] * 4
    assert Response.objects.get(attempt=attempt).answer == {"text": "早"}


def test_an_ended_grant_is_told_apart_from_an_ended_attempt(attempt: Attempt) -> None:
    page = page_of(attempt)
    Attempt.objects.update(grant_number=2)

    response = save(page, attempt, {"responses": [{"number": 5, "answer": {"text": "x"}, "sequence": 1}]})

    assert problem(response) == (401, "grant_ended")
    assert not Response.objects.exists()


def test_a_grant_opens_no_other_attempt_and_no_other_call(
    attempt: Attempt, exam: Exam, dan: User, cleo: User, clock: Clock
) -> None:
    page = page_of(attempt)
    other = published_exam(dan, by=cleo)
    foreign = calling(dan).post(f"/api/v1/exams/{other.uuid}/attempts/").json()["uuid"]
    body = {"responses": [{"number": 5, "answer": {"text": "x"}, "sequence": 1}]}

    elsewhere = page.patch(f"/api/v1/attempts/{foreign}/responses/", body, format="json")
    nowhere = page.patch("/api/v1/attempts/00000000-0000-4000-8000-000000000000/responses/", body, format="json")
    leave = page.post(f"/api/v1/attempts/{foreign}/leaves/")

    assert [problem(each) for each in (elsewhere, nowhere, leave)] == [(404, "not_found")] * 3
    assert not Response.objects.exists()
    for method, address in (
        ("get", f"/api/v1/attempts/{attempt.uuid}/"),
        ("post", f"/api/v1/attempts/{attempt.uuid}/submit/"),
        ("get", "/api/v1/exams/"),
        ("get", "/api/v1/me/"),
        ("post", f"/api/v1/exams/{exam.uuid}/attempts/"),
    ):
        assert getattr(page, method)(address).status_code in (401, 403)


def test_a_foreign_attempt_is_as_absent_as_one_that_does_not_exist(attempt: Attempt, dan: User, cleo: User) -> None:
    calls = (("get", ""), ("patch", "responses/"), ("post", "submit/"), ("post", "leaves/"))
    for person in (dan, cleo):
        client = calling(person)
        for method, end in calls:
            bodies = []
            for uuid in (attempt.uuid, "00000000-0000-4000-8000-000000000000"):
                response = getattr(client, method)(f"/api/v1/attempts/{uuid}/{end}", {"responses": []}, format="json")
                assert problem(response) == (404, "not_found")
                bodies.append(response.json())
            assert bodies[0] == bodies[1]


# -- page leaves ----------------------------------------------------------------------------


def test_a_page_leave_is_counted_and_answered_with_nothing(attempt: Attempt, ana: User) -> None:
    for client in (page_of(attempt), calling(ana)):
        response = client.post(f"/api/v1/attempts/{attempt.uuid}/leaves/")
        assert (response.status_code, response.content) == (204, b"")

    attempt.refresh_from_db()
    assert attempt.page_leaves == 2


# -- handing in -----------------------------------------------------------------------------


def test_handing_in_gives_a_receipt_that_stays_the_same(attempt: Attempt, ana: User, clock: Clock) -> None:
    client = calling(ana)
    save(client, attempt, right_body(attempt))
    submitted_at = clock.forward(minutes=3)

    first = client.post(f"/api/v1/attempts/{attempt.uuid}/submit/")
    clock.forward(hours=1)
    second = client.post(f"/api/v1/attempts/{attempt.uuid}/submit/")

    attempt.refresh_from_db()
    body = first.json()
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json() == body
    assert moment(body.pop("submitted_at")) == submitted_at
    assert body == {"state": "submitted", "receipt": attempt.receipt}


# -- looking --------------------------------------------------------------------------------


def test_an_open_attempt_is_shown_as_when_it_was_started(attempt: Attempt, exam: Exam, ana: User, clock: Clock) -> None:
    client = calling(ana)
    started = client.post(f"/api/v1/exams/{exam.uuid}/attempts/").json()

    response = client.get(f"/api/v1/attempts/{attempt.uuid}/")

    assert (response.status_code, response.json()) == (200, {"state": "open", **started})


def test_looking_at_an_overdue_attempt_closes_it(attempt: Attempt, ana: User, clock: Clock) -> None:
    clock.forward(minutes=30)

    body = calling(ana).get(f"/api/v1/attempts/{attempt.uuid}/").json()

    attempt.refresh_from_db()
    assert moment(body.pop("submitted_at")) == attempt.closes_at
    assert body == {
        "uuid": str(attempt.uuid),
        "state": "marked",
        "receipt": attempt.receipt,
        "released": False,
        "score": None,
        "total_points": 100.0,
        "band": None,
        "passed": None,
        "review": [],
        "score_changes": [],
    }


def test_score_and_review_come_with_the_release(
    attempt: Attempt, exam: Exam, ana: User, cleo: User, clock: Clock
) -> None:
    client = calling(ana)
    body = right_body(attempt)
    save(client, attempt, {"responses": body["responses"][:3]})
    client.post(f"/api/v1/attempts/{attempt.uuid}/submit/")
    before = client.get(f"/api/v1/attempts/{attempt.uuid}/").json()
    clock.forward(hours=6)
    release_results(exam, by=cleo, at=clock())

    after = client.get(f"/api/v1/attempts/{attempt.uuid}/").json()

    assert (before["released"], before["score"], before["review"]) == (False, None, [])
    review = after.pop("review")
    assert after == {
        **{name: value for name, value in before.items() if name != "review"},
        "released": True,
        "score": 60.0,
        "band": "pass",
        "passed": True,
    }
    assert [(row["number"], row["verdict"], row["earned"]) for row in review] == [
        (1, "right", 20.0),
        (2, "right", 20.0),
        (3, "right", 20.0),
        (4, "unanswered", 0.0),
        (5, "unanswered", 0.0),
    ]
    assert set(review[0]) == {
        "number", "kind", "stem", "points", "earned", "verdict", "given", "expected",
        "explanation", "basis", "document_number", "repair", "figures",
    }  # fmt: skip
    assert review[3]["expected"] == ["答案0", "答案1"]
