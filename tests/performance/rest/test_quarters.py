from collections.abc import Callable
from typing import Any

import pytest

from members.models import User
from performance.enums import QuarterState
from performance.models import Computation, Quarter, Scorecard
from tests.exams.rest.conftest import calling, problem

pytestmark = pytest.mark.django_db

CARDS = "/api/v1/quarters/2026Q3/scorecards/"


def codes(person: User, address: str = CARDS) -> list[str]:
    return [row["code"] for row in calling(person).get(address).json()["results"]]


def test_a_quarter_is_listed_whole(computation: Computation, cleo: User) -> None:
    answer = calling(cleo).get("/api/v1/quarters/")

    assert answer.json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "name": "2026Q3",
                "division": {"code": "530999000000", "name": "岚溪县"},
                "year": 2026,
                "number": 3,
                "starts_on": "2026-07-01",
                "ends_on": "2026-09-30",
                "state": "published",
                "edition": 1,
                "counts_what_was_known_at": "2026-10-03T18:00:00+08:00",
                "published_at": "2026-10-03T18:00:00+08:00",
                "closed_at": None,
                "digest": computation.digest,
            }
        ],
    }


def test_a_scorecard_is_given_whole_with_its_lines(computation: Computation, ana: User) -> None:
    (row,) = calling(ana).get(CARDS).json()["results"]

    first, *others = row.pop("lines")
    assert row == {
        "uuid": str(Scorecard.objects.get(person=ana).uuid),
        "quarter": "2026Q3",
        "quarter_state": "published",
        "division": "530999000000",
        "code": "LX0001",
        "name": "安娜",
        "sending_unit": "县农业农村局",
        "township": {"code": "530999101000", "name": "青石镇"},
        "village": "柳湾村",
        "team": "柳湾村工作队",
        "role": "member",
        "staff_category": "civil_servant",
        "days_served": 92,
        "state": "counted",
        "remark": "",
        "total": "85.10",
        "grade": "称职",
        "limits": [],
        "suggested_measure": "",
    }
    assert first == {
        "indicator": "知识测试",
        "source": "exams",
        "weight": "50.0000",
        "percent": "92.0000",
        "points": "46.00",
        "explanation": "取得 92%。",
        "correction": None,
        "evidence": [
            {
                "label": "第三季度应知应会测试",
                "on": "2026-08-15",
                "value": "88.50",
                "of": "100",
                "ref": "exams:1",
                "note": "补考",
            }
        ],
    }
    assert [line["points"] for line in others] == ["24.00", "15.10"]


def test_the_office_reads_its_scope_and_a_member_their_own(
    computation: Computation, cleo: User, inspector: User, ana: User, dan: User
) -> None:
    assert codes(cleo) == ["00123", "LX0001", "LX0009", "LX0002"]
    assert codes(inspector) == ["00123", "LX0001", "LX0009"]
    assert (codes(ana), codes(dan)) == (["LX0001"], ["LX0002"])


def test_who_has_nothing_to_do_with_a_quarter_does_not_learn_that_it_exists(
    computation: Computation, stranger: User, ben: User
) -> None:
    for person in (stranger, ben):
        assert problem(calling(person).get(CARDS)) == (404, "not_found")
        assert calling(person).get("/api/v1/quarters/").json()["count"] == 0


def test_signing_in_is_asked_of_everybody(computation: Computation, client: Any) -> None:
    assert [client.get(address).status_code for address in ("/api/v1/quarters/", CARDS)] == [401, 401]


def test_a_member_reads_nothing_before_it_is_published(computation: Computation, ana: User, cleo: User) -> None:
    Computation.objects.update(published_at=None, published_by=None)
    Quarter.objects.update(state=QuarterState.COMPUTED)

    assert problem(calling(ana).get(CARDS)) == (404, "not_found")
    assert len(codes(cleo)) == 4


def test_townships_can_be_asked_for(computation: Computation, cleo: User, inspector: User) -> None:
    assert codes(cleo, f"{CARDS}?township=530999102000") == ["LX0002"]
    assert codes(inspector, f"{CARDS}?township=530999102000") == []
    assert problem(calling(cleo).get(f"{CARDS}?township=5309")) == (404, "not_found")


@pytest.mark.parametrize("name", ["2026Q5", "2026", "2026q3", "1999Q1", "abcdQ1", "2026Q3x"])
def test_other_names_are_not_found(computation: Computation, cleo: User, name: str) -> None:
    assert problem(calling(cleo).get(f"/api/v1/quarters/{name}/scorecards/")) == (404, "not_found")


def test_an_answer_that_has_not_changed_is_not_sent_again(computation: Computation, cleo: User, ana: User) -> None:
    client = calling(cleo)
    for address in ("/api/v1/quarters/", CARDS):
        first = client.get(address)
        tag = first.headers["ETag"]

        again = client.get(address, headers={"If-None-Match": tag})

        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        assert (again.headers["ETag"], "private" in first.headers["Cache-Control"]) == (tag, True)
    # Another person's answer is another, and so is one with a corrected line.
    assert calling(ana).get(CARDS, headers={"If-None-Match": tag}).status_code == 200
    Scorecard.objects.filter(person=ana).update(grade="优秀")
    assert client.get(CARDS, headers={"If-None-Match": tag}).status_code == 200


def test_pages_follow_each_other(crowd: Callable[[int], Computation], cleo: User) -> None:
    crowd(51)

    first = calling(cleo).get(CARDS).json()
    second = calling(cleo).get(f"{CARDS}?page=2").json()

    assert (first["count"], len(first["results"]), len(second["results"])) == (51, 50, 1)
    assert first["next"].endswith(f"{CARDS}?page=2")


@pytest.mark.parametrize("count", [1, 3])
def test_scorecards_are_read_with_as_many_queries_however_many(
    crowd: Callable[[int], Computation], cleo: User, count: int, django_assert_num_queries: Any
) -> None:
    crowd(count)
    client = calling(cleo)

    with django_assert_num_queries(7):
        client.get(CARDS)


def test_nothing_can_be_written(computation: Computation, cleo: User) -> None:
    client = calling(cleo)

    for call in (client.post, client.put, client.patch, client.delete):
        assert problem(call(CARDS))[0] == 405
