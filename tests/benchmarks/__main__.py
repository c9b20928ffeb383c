"""``python -m tests.benchmarks [part ...]``: prepare an empty database, measure, print ``name: value unit``."""

import sys
from collections.abc import Iterable
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.benchmarks import (
    appraisal,
    appraisal_exports,
    bank,
    exporting,
    knowledge,
    publishing,
    signing_in,
    sitting,
    statistics,
    thousands,
    training_cohorts,
)
from tests.benchmarks.county import make_administrator, make_bank, make_people
from tests.benchmarks.server import bare_view

COUNTY_PEOPLE = 312
CITY_PEOPLE = 25_000
BANK = 1_000


def say(figures: Iterable[tuple[str, float, str]]) -> None:
    """Print figures, and around them how fast this machine is just then."""
    _print("a Django view that does nothing, before", bare_view(), "CPU ms")
    for figure in figures:
        _print(*figure)
    _print("a Django view that does nothing, after", bare_view(), "CPU ms")


def _print(name: str, value: float, unit: str) -> None:
    print(f"{connection.vendor}: {name}: {value:.2f} {unit}", flush=True)


def main(parts: list[str]) -> None:
    chosen = parts or ["county", "appraisal", "library", "statistics", "bank", "training", "quarters", "city"]
    _empty_database()
    people = make_people(COUNTY_PEOPLE)
    admin = make_administrator()
    make_bank(BANK)
    if "county" in chosen:
        say(publishing.figures(COUNTY_PEOPLE, by=admin))
        say(sitting.figures(people, by=admin))
    if "appraisal" in chosen:
        say(appraisal.figures(by=admin))
        say(appraisal_exports.figures(by=admin))
    if "library" in chosen:
        say(knowledge.figures(people[0]))
    if "statistics" in chosen:
        say(statistics.figures(by=admin))
    if "bank" in chosen:
        say(bank.figures(by=admin))
    if "training" in chosen:
        say(signing_in.figures(people, by=admin))
        say(training_cohorts.figures(by=admin))
    if "quarters" in chosen:
        make_people(CITY_PEOPLE)
        say(appraisal.figures(by=admin))
        say(appraisal_exports.figures(by=admin, year=2027))
    if "city" in chosen:
        make_people(CITY_PEOPLE)
        say(publishing.figures(CITY_PEOPLE, by=admin))
        say(exporting.figures())
        say(thousands.figures(by=admin))


def _empty_database() -> None:
    if connection.vendor == "sqlite":
        for file in Path(settings.DATABASES["default"]["NAME"]).parent.glob("benchmark.sqlite3*"):
            file.unlink()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
