"""``python -m tests.benchmarks [part ...]``: prepare an empty database, measure, print ``name: value unit``."""

import sys
import time
from collections.abc import Iterable
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.benchmarks import exporting, publishing, sitting, thousands
from tests.benchmarks.county import make_administrator, make_bank, make_people

COUNTY_PEOPLE = 312
CITY_PEOPLE = 25_000
BANK = 1_000
LOOP = 10_000_000


def say(figures: Iterable[tuple[str, float, str]]) -> None:
    print(f"{connection.vendor}: this machine, a plain loop of {LOOP:,} steps: {_machine():.2f} CPU s", flush=True)
    for name, value, unit in figures:
        print(f"{connection.vendor}: {name}: {value:.2f} {unit}", flush=True)


def main(parts: list[str]) -> None:
    chosen = parts or ["county", "city"]
    _empty_database()
    people = make_people(COUNTY_PEOPLE)
    admin = make_administrator()
    make_bank(BANK)
    if "county" in chosen:
        say(publishing.figures(COUNTY_PEOPLE, by=admin))
        say(sitting.figures(people, by=admin))
    if "city" in chosen:
        make_people(CITY_PEOPLE)
        say(publishing.figures(CITY_PEOPLE, by=admin))
        say(exporting.figures())
        say(thousands.figures(by=admin))


def _machine() -> float:
    """CPU seconds of a plain loop: machines, and hours on one machine, differ by more than most changes do."""
    began, total = time.process_time(), 0
    for number in range(LOOP):
        total += number
    return time.process_time() - began


def _empty_database() -> None:
    if connection.vendor == "sqlite":
        for file in Path(settings.DATABASES["default"]["NAME"]).parent.glob("benchmark.sqlite3*"):
            file.unlink()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
