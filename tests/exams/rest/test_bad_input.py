"""Whatever is sent: a clear answer with a code, never an error on the server, and nothing stored."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.domain.answers import Answer
from exams.domain.grants import grant_of
from exams.domain.saving import save_answers
from exams.models import Attempt, Response
from members.models import User
from tests.conftest import Clock
from tests.exams.rest.conftest import calling, page_of, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(attempt: Attempt, clock: Clock) -> Attempt:
    """One answer is stored; no bad call may change it."""
    save_answers(grant_of(attempt), [Answer(5, {"text": "已存"}, 4, True)], at=clock())
    return attempt


def stored() -> list[tuple]:
    return list(Response.objects.order_by("number").values_list("number", "answer", "sequence", "flagged"))


UNTOUCHED = [(5, {"text": "已存"}, 4, True)]


def send(attempt: Attempt, raw: bytes | str, **headers: str) -> Any:
    address = f"/api/v1/attempts/{attempt.uuid}/responses/"
    return page_of(attempt).generic("PATCH", address, raw, content_type="application/json", **headers)


def row(number: Any = 5, answer: Any = None, sequence: Any = 9) -> dict[str, Any]:
    return {"number": number, "answer": {"text": "新"} if answer is None else answer, "sequence": sequence}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{'responses': []}",
        b'{"responses": [}',
        b"\xff\xfe\x00",
        b"\x00",
        b"[" * 100_000,
        b'{"responses":' * 10_000,
        b'{"responses": [{"number": 5, "answer": {}, "sequence": ' + b"9" * 5000 + b"}]}",
        b"responses=1",
    ],
)
def test_malformed_json_is_refused(answered: Attempt, raw: bytes) -> None:
    assert problem(send(answered, raw)) == (400, "parse_error")
    assert stored() == UNTOUCHED


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([], "not_an_object"),
        ("text", "not_an_object"),
        (None, "not_an_object"),
        (7, "not_an_object"),
        ({}, "not_a_list"),
        ({"responses": None}, "not_a_list"),
        ({"responses": {}}, "not_a_list"),
        ({"responses": [row(6)]}, "unknown_question"),
        ({"responses": [row(0)]}, "unknown_question"),
        ({"responses": [row(10**30)]}, "unknown_question"),
        ({"responses": [row(1, {"options": ["nowhere"]})]}, "unknown_option"),
        ({"responses": [row(1, {"text": "x"})]}, "wrong_kind"),
        ({"responses": [row(sequence=-1)]}, "bad_sequence"),
        ({"responses": [row(sequence=2**53)]}, "bad_sequence"),
        ({"responses": [row(sequence=10**100)]}, "bad_sequence"),
        ({"responses": [row(answer={"text": "\0"})]}, "control_characters"),
        ({"responses": [row(4, {"blanks": ["\0", ""]})]}, "control_characters"),
        ({"responses": [row(answer={"text": "\ud83d"})]}, "control_characters"),
        ({"responses": [row(4, {"blanks": ["字" * 201, ""]})]}, "too_long"),
        ({"responses": [row()] * 6}, "too_many_responses"),
        ({"responses": [row(), row()]}, "question_repeated"),
        # One that would fit beside one that does not: neither is stored.
        ({"responses": [row(), row(1, {"options": ["nowhere"]})]}, "unknown_option"),
    ],
)
def test_answers_that_do_not_fit_are_refused_whole(answered: Attempt, body: Any, reason: str) -> None:
    response = send(answered, json.dumps(body))

    assert problem(response) == (400, "answer_refused")
    assert response.json()["reason"] == reason
    assert stored() == UNTOUCHED


@pytest.mark.parametrize(
    "body",
    [
        {"responses": [row(4, {"blanks": ["x" * 1024 * 1024, ""]})]},
        {"responses": [row(number) for number in range(10_000)]},
        {"responses": [row()], "x": "x" * 300_000},
    ],
)
def test_more_than_a_sheet_can_hold_is_refused_whole(answered: Attempt, body: Any) -> None:
    response = send(answered, json.dumps(body))

    assert problem(response) == (400, "answer_refused")
    assert response.json()["reason"] == "body_too_large"
    assert stored() == UNTOUCHED


def test_ten_thousand_small_responses_are_refused_whole(answered: Attempt) -> None:
    response = send(answered, json.dumps({"responses": [0] * 10_000}))

    assert response.json()["reason"] == "too_many_responses"
    assert stored() == UNTOUCHED


def test_a_length_that_lies_harms_nothing(answered: Attempt) -> None:
    raw = json.dumps({"responses": [row()]})

    response = send(answered, raw, CONTENT_LENGTH="3")

    assert problem(response) == (400, "parse_error")
    assert stored() == UNTOUCHED


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["true", "false", "options", "blanks", "text", "\0", "\ud800"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=10,
)
rows = st.fixed_dictionaries(
    {},
    optional={
        "number": st.integers(-1, 7) | json_values,
        "answer": st.dictionaries(st.sampled_from(["options", "blanks", "text", "x"]), json_values, max_size=2)
        | json_values,
        "sequence": st.integers(-1, 3) | json_values,
        "flagged": json_values,
    },
)


@given(body=json_values | st.fixed_dictionaries({"responses": json_values | st.lists(rows, max_size=6)}))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_json_value_breaks_the_server_or_what_is_stored(answered: Attempt, body: Any) -> None:
    before = {each[0]: each[1:] for each in stored()}

    response = send(answered, json.dumps(body))

    assert response.status_code in (200, 400)
    if response.status_code == 400:
        assert problem(response)[1] in ("parse_error", "answer_refused")
        assert {each[0]: each[1:] for each in stored()} == before


@given(value=json_values)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_calls_without_a_body_do_not_mind_one(attempt: Attempt, ana: User, value: Any) -> None:
    client = calling(ana)

    started = client.generic(
        "POST", f"/api/v1/exams/{attempt.exam.uuid}/attempts/", json.dumps(value), content_type="application/json"
    )
    left = client.generic(
        "POST", f"/api/v1/attempts/{attempt.uuid}/leaves/", json.dumps(value), content_type="application/json"
    )

    assert (started.status_code, left.status_code) == (200, 204)


@pytest.mark.parametrize("method", ["get", "put", "delete", "post"])
def test_a_method_that_does_not_exist_is_named(attempt: Attempt, ana: User, method: str) -> None:
    response = getattr(calling(ana), method)(f"/api/v1/attempts/{attempt.uuid}/responses/")

    assert problem(response) == (405, "method_not_allowed")


@pytest.mark.parametrize("page", ["0", "-1", "2", "abc", "9" * 400, "\0", "1.5"])
def test_a_page_that_does_not_exist_is_not_found(attempt: Attempt, ana: User, page: str) -> None:
    assert problem(calling(ana).get("/api/v1/exams/", {"page": page})) == (404, "not_found")


@pytest.mark.parametrize(
    "header",
    ["Attempt", "Attempt a b", "Attempt x", "Token", "Token x", "Token \xff", "Bearer x", "Attempt \xff:1", ":"],
)
def test_a_credential_that_is_none_is_refused(attempt: Attempt, header: str) -> None:
    client = page_of(attempt)
    client.credentials(HTTP_AUTHORIZATION=header)

    response = client.patch(f"/api/v1/attempts/{attempt.uuid}/responses/", {"responses": []}, format="json")

    assert problem(response)[0] == 401
