"""What a timer does for pages."""

import time
import traceback
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection


class Command(BaseCommand):
    help = "Publish pages whose time has come and take back those whose time is over. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="Go on doing it instead of once.")

    def handle(self, *args: Any, every: int | None = None, **options: Any) -> None:
        while True:
            try:
                # Wagtail's own; what was approved goes live without anybody's further permission.
                call_command("publish_scheduled", stdout=self.stdout, stderr=self.stderr)
            except Exception:
                if not every:
                    raise
                # A page that cannot be published, or a database that is being restarted: the timer outlives both.
                self.stderr.write(traceback.format_exc())
            if not every:
                return
            connection.close()
            time.sleep(every)
