"""Commands that a timer runs."""

import time
import traceback
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection


class TimerCommand(BaseCommand):
    """Tends something once, or again and again with ``--every``. Subclasses say what in ``tend``: safe to repeat."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="Go on doing it instead of once.")

    def handle(self, *args: Any, every: int | None = None, **options: Any) -> None:
        while True:
            try:
                self.tend()
            except Exception:
                if not every:
                    raise
                # One thing that cannot be tended, or a database that is being restarted: the timer outlives both.
                self.stderr.write(traceback.format_exc())
            if not every:
                return
            connection.close()
            time.sleep(every)

    def tend(self) -> None:
        raise NotImplementedError
