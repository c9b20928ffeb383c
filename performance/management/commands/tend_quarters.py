"""What a timer does for quarters."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from common.clock import now
from performance.domain.reports import forget_expired, revive_reports


class Command(BaseCommand):
    help = "Delete files of quarters whose time is over and take up those that were lost. Safe to repeat."

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
        forgotten, revived = forget_expired(at=now()), revive_reports(at=now())
        if forgotten or revived:
            self.stdout.write(f"deleted {forgotten} files, took up {revived} reports")
