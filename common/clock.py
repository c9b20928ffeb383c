"""The only place that asks for the time.

Everything below the pages takes the time as an argument (``at=``), so that a test or a recomputation says which moment
it means.
"""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The server's time, aware, in UTC."""
    return timezone.now()
