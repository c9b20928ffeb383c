"""How moments, spans and points are said, alike on every page."""

from datetime import datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DAY_SECONDS = 24 * 3600
HOUR_SECONDS = 3600
MINUTE_SECONDS = 60


def moment(value: datetime) -> str:
    """``6 月 18 日 18:00``."""
    # Translators: a date format of Django: day, month, hour, minute.
    return date_format(localtime(value), _("j F, H:i"))


def time_of_day(value: datetime) -> str:
    return date_format(localtime(value), "H:i")


def time_left(until: datetime, *, at: datetime) -> str:
    """``还有 2 天``: in the largest unit that leaves at least one, rounded down so that nobody comes late."""
    seconds = max(int((until - at).total_seconds()), 0)
    if seconds >= DAY_SECONDS:
        days = seconds // DAY_SECONDS
        return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    if seconds >= HOUR_SECONDS:
        hours = seconds // HOUR_SECONDS
        return ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}
    minutes = seconds // MINUTE_SECONDS
    return ngettext("%(n)d minute left", "%(n)d minutes left", minutes) % {"n": minutes}


def points(value: Decimal) -> str:
    """``60`` or ``2.5``: no zeros behind."""
    return format(value.normalize(), "f")
