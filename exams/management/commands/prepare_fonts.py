"""Cut the fonts of the PDF files before anybody waits for one."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from common.pdf.fonts import ensure_fonts


class Command(BaseCommand):
    help = "Cut the fonts that PDF files embed. The first time takes some ten seconds, afterwards none."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_fonts(Path(settings.FONT_CACHE_DIR))
