"""Repeat a draw from its published record."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from exams.domain.drawing import repeat_draw
from exams.domain.selection import ALGORITHM
from exams.models import Draw


class Command(BaseCommand):
    help = "Repeat a draw from its published record and compare. Fails when the result differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", nargs="?", help="a draw of this database")
        parser.add_argument("--record", type=Path, help="a record downloaded from /draws/<uuid>/record.json")

    def handle(self, *args: Any, uuid: str | None = None, record: Path | None = None, **options: Any) -> None:
        published = self._downloaded(record) if record else self._stored(uuid)
        try:
            is_true = published["algorithm"] == ALGORITHM and repeat_draw(published) == published["drawn"]
        except (KeyError, TypeError, ValueError) as error:
            raise CommandError("This is not the record of a draw.") from error
        if not is_true:
            raise CommandError("The record does not give the published result.")
        drawn, people = len(published["drawn"]), len(published["population"])
        self.stdout.write(f"{drawn} of {people} people: the record gives exactly the published result.")

    def _downloaded(self, record: Path) -> Any:
        try:
            return json.loads(record.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{record} cannot be read as a record.") from error

    def _stored(self, uuid: str | None) -> Any:
        try:
            return Draw.objects.get(uuid=uuid or "").record
        except (Draw.DoesNotExist, ValueError, ValidationError) as error:
            raise CommandError("There is no such draw.") from error
