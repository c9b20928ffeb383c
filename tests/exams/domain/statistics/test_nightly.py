"""Every night once, in the background; or for one exam when somebody asks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from exams.domain.statistics.nightly import last_night, order_nightly_statistics, order_statistics_of
from exams.domain.statistics.quarters import quarter_of, quarters_between, span_of
from exams.models import Exam, ItemStatistics
from question_bank.enums import Kind
from tests.conftest import Clock
from tests.factories.exams import NOON
from tests.support.sittings import people, right_for, sat_exam


@pytest.fixture(autouse=True)
def _nothing_ordered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def exam(county: Any, clock: Clock) -> Exam:
    return sat_exam(people(2), right_for(1), blueprint__plan=((Kind.SINGLE, 2, 50),))


def computed_at() -> set[datetime]:
    return set(ItemStatistics.objects.values_list("computed_at", flat=True))


def test_figures_are_computed_once_a_night(exam: Exam, clock: Clock) -> None:
    evening = clock.forward(hours=8)
    first = order_nightly_statistics(at=evening)
    again = order_nightly_statistics(at=clock.forward(minutes=1))
    first_rows = computed_at()
    night = NOON.replace(day=16, hour=3)
    clock.time = night - timedelta(minutes=1)
    before = order_nightly_statistics(at=clock.time)
    clock.time = night
    due = order_nightly_statistics(at=night)

    assert (first, again, before, due) == (True, False, False, True)
    assert (first_rows, computed_at()) == ({evening}, {night})


def test_figures_of_one_exam_do_not_stand_for_the_night(exam: Exam, clock: Clock) -> None:
    clock.forward(hours=8)
    order_nightly_statistics(at=clock.time)
    other = sat_exam(people(1), right_for(1), blueprint__plan=((Kind.TRUE_FALSE, 1, 100),))
    later = clock.forward(hours=10)
    order_statistics_of(other)

    assert later in computed_at()
    assert order_nightly_statistics(at=later)


@pytest.mark.django_db
def test_nothing_is_ordered_while_nobody_has_answered_anything() -> None:
    assert not order_nightly_statistics(at=NOON)


def test_night_ends_at_three() -> None:
    assert last_night(at=NOON) == NOON.replace(hour=3)
    assert last_night(at=NOON.replace(hour=2)) == NOON.replace(day=14, hour=3)


def test_command_says_what_it_did(exam: Exam, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    clock.forward(hours=8)

    call_command("compute_statistics")
    call_command("compute_statistics", exam=str(exam.uuid))

    # Everybody of two has met both questions, but thirty would be needed to say so.
    assert capsys.readouterr().out == "2 papers, 2 questions, 0 new doubts\n" * 2


@pytest.mark.django_db
@pytest.mark.parametrize("uuid", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_command_knows_no_such_exam(uuid: str) -> None:
    with pytest.raises(CommandError):
        call_command("compute_statistics", exam=uuid)


def test_quarters_follow_the_wall_clock_here() -> None:
    first, end = span_of("2026Q4")

    assert (first.isoformat(), end.isoformat()) == ("2026-10-01T00:00:00+08:00", "2027-01-01T00:00:00+08:00")
    assert [quarter_of(first), quarter_of(end - timedelta(seconds=1))] == ["2026Q4", "2026Q4"]
    assert quarter_of(end) == "2027Q1"
    assert list(quarters_between(first, NOON.replace(year=2027))) == ["2026Q4", "2027Q1", "2027Q2"]
