"""Two of the office who swap the same hosts in the same moment."""

from datetime import timedelta

import pytest

from courses.domain import rota
from courses.domain.refusals import HostsChanged
from courses.domain.rota import swap_hosts
from courses.models import Session
from members.models import Division, User
from tests.conftest import NOON
from tests.factories.courses import MORNING, CourseFactory, SessionFactory
from tests.factories.members import TeamFactory
from tests.support.races import Turn, at_once, pausing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair(county: Division) -> list[Session]:
    course = CourseFactory.create(division=county)
    return [
        SessionFactory.create(
            course=course, starts_at=MORNING + days * timedelta(days=1), host_team=TeamFactory(code=f"T100{days}")
        )
        for days in (1, 2)
    ]


def hosts() -> list[str]:
    return list(Session.objects.order_by("starts_at").values_list("host_team__code", flat=True))


def test_of_two_who_swap_the_same_pair_one_is_told(pair: list[Session], cleo: User) -> None:
    turns = at_once(*[lambda: swap_hosts(*pair, reason="道路不通", by=cleo, at=NOON)] * 2)

    assert sorted(str(type(turn.error)) for turn in turns) == sorted([str(type(None)), str(HostsChanged)])
    assert hosts() == ["T1002", "T1001"]


@pytest.mark.postgres
def test_the_second_waits_until_the_first_is_done(
    pair: list[Session], cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pausing(monkeypatch, rota, "_require_swappable", after=True) as pause:
        first = Turn(lambda: swap_hosts(*pair, reason="道路不通", by=cleo, at=NOON)).start()
        pause.wait_until_reached()
        second = Turn(lambda: swap_hosts(*reversed(pair), reason="道路不通", by=cleo, at=NOON)).start()
        assert second.is_waiting
        pause.go_on()
        first.finish()
        second.finish()

    assert (first.error, type(second.error)) == (None, HostsChanged)
    assert hosts() == ["T1002", "T1001"]
