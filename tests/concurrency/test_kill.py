"""The server is killed while many people save: what it acknowledged is there afterwards."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from http.client import HTTPConnection, HTTPException
from itertools import count
from threading import Thread
from typing import Any

import pytest

from common.clock import now
from exams.domain.closing import hand_in
from exams.domain.grants import issue
from exams.domain.sitting import paper_sheet
from exams.models import Attempt, Mark, Response
from members.models import Division, User
from question_bank.models import QuestionVersion
from tests.factories.exams import opened_attempt, published_exam
from tests.factories.members import PostingFactory, TeamFactory
from tests.support.server import HERE, Server

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 16
SAVING_SECONDS = 4


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server().start()
    yield server
    server.kill()


@dataclass
class Serving:
    """Somebody whose page saves without a pause; it remembers what was acknowledged."""

    attempt: Attempt
    grant: str
    options: list[list[str]]
    sent: dict[int, tuple[int, str]] = field(default_factory=dict)
    acknowledged: dict[int, tuple[int, str]] = field(default_factory=dict)
    saves: int = 0
    refused: list[Any] = field(default_factory=list)
    was_cut: bool = False

    def save_until_cut(self, port: int) -> None:
        caller = HTTPConnection(HERE, port, timeout=20)
        try:
            for sequence in count(1):
                number = sequence % len(self.options) + 1
                option = self.options[number - 1][sequence % len(self.options[number - 1])]
                self.sent[number] = (sequence, option)
                if not self._save(caller, number, option, sequence):
                    return
        except (OSError, HTTPException):
            self.was_cut = True
        finally:
            caller.close()

    def _save(self, caller: HTTPConnection, number: int, option: str, sequence: int) -> bool:
        body = {"responses": [{"number": number, "answer": {"options": [option]}, "sequence": sequence}]}
        headers = {"Authorization": f"Attempt {self.grant}", "Content-Type": "application/json"}
        caller.request("PATCH", f"/api/v1/attempts/{self.attempt.uuid}/responses/", json.dumps(body), headers)
        response = caller.getresponse()
        answer = json.loads(response.read())
        if response.status != 200 or answer["saved"] != [number]:
            self.refused.append((response.status, answer))
            return False
        self.acknowledged[number] = (sequence, option)
        self.saves += 1
        return True


@pytest.fixture
def sitters(county: Division, cleo: User) -> list[Serving]:
    team = TeamFactory()
    people = [PostingFactory(team=team).person for _number in range(PEOPLE)]
    exam = published_exam(
        *people,
        by=cleo,
        at=now(),
        opens_at=now() - timedelta(hours=1),
        closes_at=now() + timedelta(hours=2),
        blueprint__plan=(("single", 4, 5), ("true_false", 2, 5)),
    )
    found = []
    for person in people:
        attempt = opened_attempt(exam, person, at=now())
        options = [[option.id for option in row.options] for row in paper_sheet(attempt).rows]
        found.append(Serving(attempt, issue(attempt), options))
    return found


def test_what_a_killed_server_acknowledged_is_in_the_answers_and_in_the_marks(
    server: Server, sitters: list[Serving]
) -> None:
    threads = [Thread(target=sitter.save_until_cut, args=(server.port,)) for sitter in sitters]
    for thread in threads:
        thread.start()
    time.sleep(SAVING_SECONDS)
    server.kill()
    for thread in threads:
        thread.join()

    server.start()
    going_on = [sitter for sitter in sitters[:3] if goes_on(sitter, server.port)]

    assert [sitter.refused for sitter in sitters] == [[]] * PEOPLE
    # The kill fell in the middle: everybody was saving, and everybody was cut off.
    assert [sitter.was_cut for sitter in sitters] == [True] * PEOPLE
    assert min(sitter.saves for sitter in sitters) > 0
    assert going_on == sitters[:3]
    for sitter in sitters:
        assert_nothing_is_lost(sitter)


def goes_on(sitter: Serving, port: int) -> bool:
    """The same page, with the same grant, saves one more answer at the server that was started again."""
    caller = HTTPConnection(HERE, port, timeout=20)
    try:
        sequence = 10**9
        sitter.sent[1] = (sequence, sitter.options[0][0])
        return sitter._save(caller, 1, sitter.options[0][0], sequence)
    finally:
        caller.close()


def assert_nothing_is_lost(sitter: Serving) -> None:
    rows = Response.objects.filter(attempt=sitter.attempt).values_list("number", "sequence", "answer")
    stored = {number: (sequence, answer["options"][0]) for number, sequence, answer in rows}
    for number, acknowledged in sitter.acknowledged.items():
        # The last one sent may have been written although its answer never arrived.
        assert stored[number] in (acknowledged, sitter.sent[number])

    attempt = hand_in(Attempt.objects.get(pk=sitter.attempt.pk), at=now())

    items = attempt.paper.rows()
    keys = dict(QuestionVersion.objects.values_list("pk", "key"))
    expected = {
        item.number: item.points
        if item.number in stored and [stored[item.number][1]] == keys[item.version_id]["options"]
        else Decimal(0)
        for item in items
    }
    assert dict(Mark.objects.filter(attempt=attempt).values_list("number", "points")) == expected
    assert attempt.score == sum(expected.values())
