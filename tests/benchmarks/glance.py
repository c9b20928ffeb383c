"""Figures of the office's page about a quarter: CPU of server and database, and how many queries it asks."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice, pairwise
from statistics import mean
from uuid import uuid4

import django

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.clock import now
from exams.models import ItemStatistics
from members.models import User
from performance.models import Quarter, Scorecard
from question_bank.models import QuestionVersion
from tests.benchmarks.client import Browser, session_cookie
from tests.benchmarks.county import COUNTY
from tests.benchmarks.server import serving
from tests.factories.scorecards import a_computation, a_quarter

Figure = tuple[str, float, str]

LOOKS, WARM = 14, 4
BATCH = 2_000
# As many as the trend shows, this one included.
QUARTERS = 8


def figures(quarter: Quarter, *, by: User) -> Iterator[Figure]:
    """With figures of questions and seven earlier quarters of the same people, the whole county and one township."""
    assert quarter.computation
    _figures_of_questions(quarter, at=now())
    for back in range(1, QUARTERS):
        _earlier(quarter, back, by=by)
    people = quarter.computation.people
    address = reverse("quarters:dashboard", args=[quarter.uuid])
    township = f"{address}?township={COUNTY[:6]}101000"
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(by)
    with serving() as server:
        browser = Browser(server, session_cookie(by))
        for name, page in {"at a glance": address, "at a glance, teams of a township": township}.items():
            moments = [server.cpu_seconds()]
            for _look in range(LOOKS):
                browser.page(page)
                moments.append(server.cpu_seconds())
            # The first looks of each worker load templates.
            costs = [late - early for early, late in pairwise(moments)][WARM:]
            yield f"quarter of {people} {name}", 1000 * mean(costs), "CPU ms"
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            yield f"quarter of {people} {name}", len(queries), "queries"


def _figures_of_questions(quarter: Quarter, *, at: datetime) -> None:
    ItemStatistics.objects.bulk_create(
        (
            ItemStatistics(
                version=version,
                quarter=quarter.name,
                n=200,
                facility=(place % 97) / 97,
                facility_low=0,
                facility_high=1,
                computed_at=at,
            )
            for place, version in enumerate(QuestionVersion.objects.all())
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _earlier(quarter: Quarter, back: int, *, by: User) -> None:
    """The same scorecards in a quarter before it, without lines: a trend adds up totals alone."""
    year, number = divmod(quarter.year * 4 + quarter.number - 1 - back, 4)
    if Quarter.objects.filter(division=quarter.division, year=year, number=number + 1).exists():
        return
    computation = a_computation(a_quarter(quarter.division, by=by, year=year, number=number + 1), by=by)
    cards = Scorecard.objects.filter(computation=quarter.computation_id).order_by("pk").iterator(chunk_size=BATCH)
    while some := list(islice(cards, BATCH)):
        for card in some:
            card.pk, card.uuid, card.computation = None, uuid4(), computation
        Scorecard.objects.bulk_create(some)
