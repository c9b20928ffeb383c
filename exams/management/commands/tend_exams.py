"""What a timer does for exams."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from common.clock import now
from exams.domain.closing import close_overdue
from exams.domain.publishing import revive_publications
from exams.domain.repairing import revive_repairs
from exams.domain.statistics.nightly import order_nightly_statistics


class Command(BaseCommand):
    help = (
        "Close attempts whose time has ended, take up what a worker that died has left, and order "
        "the night's statistics. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="Go on doing it instead of once.")

    def handle(self, *args: Any, every: int | None = None, **options: Any) -> None:
        while True:
            try:
                self.tend()
            except OperationalError as error:
                if not every:
                    raise
                # A timer outlives a database that is being restarted.
                self.stderr.write(str(error))
            if not every:
                return
            connection.close()
            time.sleep(every)

    def tend(self) -> None:
        closed, revived = close_overdue(at=now()), revive_publications(at=now())
        if repairs := revive_repairs(at=now()):
            self.stdout.write(f"took up {repairs} key repairs")
        if closed or revived:
            self.stdout.write(f"closed {closed} attempts, took up {revived} publications")
        if order_nightly_statistics(at=now()):
            self.stdout.write("ordered the statistics")
