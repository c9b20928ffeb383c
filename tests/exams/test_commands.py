import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from exams.domain.drawing import draw_candidates
from exams.domain.publishing import request_publication
from exams.enums import AttemptState, Audience, ExamState
from exams.models import Attempt, Draw, Exam
from members.models import User
from tests.conftest import Clock
from tests.factories.exams import NOON, ExamFactory, opened_attempt, published_exam

pytestmark = pytest.mark.django_db


def run(*arguments: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue().strip()


# -- verify_draw ----------------------------------------------------------------------------


@pytest.fixture
def draw(ana: User, dan: User, cleo: User) -> Draw:
    exam = ExamFactory.create(audience=Audience.DRAW, draw_count=1)
    return draw_candidates(exam, by=cleo, at=NOON, seed="public")


@pytest.fixture
def record(draw: Draw, tmp_path: Path) -> Path:
    """The record as downloaded."""
    path = tmp_path / "record.json"
    path.write_text(json.dumps(draw.record), "utf-8")
    return path


def tamper(record: Path, **changes: Any) -> None:
    record.write_text(json.dumps({**json.loads(record.read_text("utf-8")), **changes}), "utf-8")


def test_a_draw_of_this_database_and_its_downloaded_record_are_verified(draw: Draw, record: Path) -> None:
    said = "1 of 2 people: the record gives exactly the published result."

    assert run("verify_draw", str(draw.uuid)) == said
    assert run("verify_draw", record=record) == said


@pytest.mark.parametrize(
    "changes",
    [
        {"drawn": ["LX9999"]},
        {"drawn": []},
        {"seed": "another"},
        {"size": 2},
        {"size": 3},
        {"size": -1},
        {"size": "1"},
        {"algorithm": "yingzhi-draw-2"},
        {"population": [["LX9999", "530999101000"]]},
        {"population": "nobody"},
        {"population": [["LX0001"]]},
        {"population": None},
    ],
)
def test_a_record_that_was_tampered_with_does_not_verify(draw: Draw, record: Path, changes: dict[str, Any]) -> None:
    # With one of two people drawn a changed seed gives the same person half of the time.
    if changes == {"seed": "another"}:
        changes = {"seed": next(seed for seed in "abcdefgh" if gives_another(draw, seed))}
    tamper(record, **changes)

    with pytest.raises(CommandError):
        run("verify_draw", record=record)


def gives_another(draw: Draw, seed: str) -> bool:
    from exams.domain.drawing import repeat_draw

    return repeat_draw({**draw.record, "seed": seed}) != draw.record["drawn"]


@pytest.mark.parametrize("missing", ["algorithm", "seed", "size", "by_township", "population", "drawn"])
def test_a_record_with_a_part_missing_does_not_verify(record: Path, missing: str) -> None:
    parts = json.loads(record.read_text("utf-8"))
    del parts[missing]
    record.write_text(json.dumps(parts), "utf-8")

    with pytest.raises(CommandError):
        run("verify_draw", record=record)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff"])
def test_a_file_that_is_no_record_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(content)

    for record in (path, tmp_path / "absent.json"):
        with pytest.raises(CommandError):
            run("verify_draw", record=record)


@pytest.mark.parametrize("uuid", ["nonsense", "00000000-0000-4000-8000-000000000000", None])
def test_a_draw_that_does_not_exist_is_said_so(draw: Draw, uuid: str | None) -> None:
    with pytest.raises(CommandError, match="no such draw"):
        run("verify_draw", uuid) if uuid else run("verify_draw")


# -- tend_exams -----------------------------------------------------------------------------


def test_the_timer_closes_what_is_overdue_and_says_so(ana: User, cleo: User, clock: Clock) -> None:
    attempt = opened_attempt(published_exam(ana, by=cleo), ana, at=clock())
    early = run("tend_exams")
    clock.forward(minutes=30)

    late, again = run("tend_exams"), run("tend_exams")

    attempt.refresh_from_db()
    assert (early, late, again) == ("", "closed 1 attempts, took up 0 publications", "")
    assert (attempt.state, attempt.submitted_at) == (AttemptState.MARKED, attempt.closes_at)


def test_the_timer_takes_up_a_lost_publication(ana: User, cleo: User, clock: Clock) -> None:
    exam = ExamFactory.create(people=[ana])
    request_publication(exam, by=cleo, at=clock())
    clock.forward(minutes=3)

    said = run("tend_exams")

    assert said == "closed 0 attempts, took up 1 publications"
    assert Exam.objects.get(pk=exam.pk).state == ExamState.PUBLISHED


class Stopped(Exception):
    """The test has seen enough of a loop that never ends."""


def test_a_timer_outlives_a_database_that_is_being_restarted(
    ana: User, cleo: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = opened_attempt(published_exam(ana, by=cleo), ana, at=clock())
    clock.forward(hours=1)
    naps, outages = [], iter([OperationalError("the server closed the connection")])
    close = "exams.management.commands.tend_exams.close_overdue"
    from exams.domain.closing import close_overdue

    def unsteady(**kwargs: Any) -> int:
        for outage in outages:
            raise outage
        return close_overdue(**kwargs)

    def nap(seconds: int) -> None:
        naps.append(seconds)
        if len(naps) == 2:
            raise Stopped

    monkeypatch.setattr(close, unsteady)
    monkeypatch.setattr("time.sleep", nap)
    monkeypatch.setattr("common.timers.connection.close", lambda: None)
    errors = StringIO()
    with pytest.raises(Stopped):
        call_command("tend_exams", every=20, stdout=StringIO(), stderr=errors)

    assert naps == [20, 20]
    assert "the server closed the connection" in errors.getvalue()
    assert Attempt.objects.get(pk=attempt.pk).state == AttemptState.MARKED


def test_run_once_the_timer_does_not_hide_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_kwargs: Any) -> int:
        raise OperationalError("gone")

    monkeypatch.setattr("exams.management.commands.tend_exams.close_overdue", broken)

    with pytest.raises(OperationalError):
        run("tend_exams")
