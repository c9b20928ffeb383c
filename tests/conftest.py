"""The cast of every test: Ana sits exams, Ben trains, Cleo runs exams, Dan belongs to another township."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from exams.domain.answers import forget_faces
from members.models import Division, User
from question_bank.domain.asking import forget_versions
from tests.support import cast, emptying, template

# Enough to find what is wrong on the way; the machine is shared, so no example is timed.
# CI asks the same examples every time: what is new is found, and mended, where somebody sits.
settings.register_profile("suite", max_examples=25, deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("suite")


COUNTING = {"django_assert_num_queries", "django_assert_max_num_queries"}


def pytest_configure() -> None:
    emptying.remember_what_follows_migrating()


def pytest_itemcollected(item: pytest.Item) -> None:
    """What the two databases cannot tell apart is run on one of them only: ``-m "not once"`` leaves it out."""
    if not _opens_the_database(item) or _counts_queries(item):
        item.add_marker(pytest.mark.once)


def _opens_the_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or names & {"db", "transactional_db"})


def _counts_queries(item: pytest.Item) -> bool:
    """How often a page asks, not what is answered: that is Django's doing and the same on both."""
    return not item.get_closest_marker("postgres") and bool(set(getattr(item, "fixturenames", ())) & COUNTING)


def pytest_collection_finish() -> None:
    """What was imported stays; looking through it for rubbish again and again took a tenth of the run."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers and races empty the whole database behind them, the migrations' rows too: they come last.

    pytest-django sorts so as well, but pytest then gathers the tests that share a browser around the first of them.
    The long ones begin before the short ones: with the last of all, the other worker would wait for it.
    Who asks for what stands in a module comes after those of the module who do not: they find nothing of it.
    """
    places: dict[str, int] = {}
    for item in items:
        places.setdefault(item.nodeid.partition("::")[0], len(places))
    items.sort(
        key=lambda item: (
            _empties_the_database(item),
            not item.get_closest_marker("long"),
            places[item.nodeid.partition("::")[0]],
            "standing" in getattr(item, "fixturenames", ()),
        )
    )
    # A browser shares two cores with everything else: one that was kept waiting is asked once more, and reported.
    for item in items:
        if item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Where a migrated database lies ready, every worker begins with a copy of it; what it lacks is migrated then."""
    if name := os.environ.get(template.VARIABLE):
        with django_db_blocker.unblock():
            template.copy(name)


def _empties_the_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


NOON = datetime(2026, 6, 15, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Clock:
    """Stands in for the server's clock; it moves only when told to."""

    def __init__(self, start: datetime) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **span: float) -> datetime:
        self.time += timedelta(**span)
        return self.time


@contextmanager
def stopped_clock() -> Iterator[Clock]:
    """Noon of 15 June 2026; everything that asks for now gets this."""
    clock = Clock(NOON)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", clock)
        # The lockout's package bound the name when it was imported.
        patch.setattr("axes.handlers.proxy.now", clock)
        yield clock


@pytest.fixture
def clock() -> Iterator[Clock]:
    with stopped_clock() as clock:
        yield clock


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A transaction around a whole module: what is made in it stands for all its tests.

    Each of them has its own transaction inside, and those that do not ask for it come before it is made. What is handed
    on is a copy. Not for races and browsers, which need what is committed.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        _forget()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def county(db: None) -> Division:
    return cast.county()


@pytest.fixture
def township(county: Division) -> Division:
    return cast.township()


@pytest.fixture
def other_township(county: Division) -> Division:
    return cast.other_township()


@pytest.fixture
def ana(township: Division) -> User:
    """A member of a team in 青石镇."""
    return cast.ana(township)


@pytest.fixture
def ben(county: Division) -> User:
    """A trainer of the county."""
    return cast.ben(county)


@pytest.fixture
def cleo(county: Division) -> User:
    """An exam administrator of the county."""
    return cast.cleo(county)


@pytest.fixture
def dan(other_township: Division) -> User:
    """A member of a team in 柳河镇: an outsider to everything of 青石镇."""
    return cast.dan(other_township)


@pytest.fixture(autouse=True)
def _forget_frozen_things() -> None:
    """Papers and versions never change in production; here every test brings others under the same ids."""
    _forget()


def _forget() -> None:
    forget_faces()
    forget_versions()
