"""What a timer does for roster files."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common.clock import now
from members.domain.roster import purge_rosters

DAYS_KEPT = 180


class Command(BaseCommand):
    help = "Remove the rows of old roster files; that they were brought in stays on record. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS_KEPT, help="Keep those of the last so many days.")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        at = now()
        self.stdout.write(f"emptied {purge_rosters(before=at - timedelta(days=days), at=at)} rosters")
