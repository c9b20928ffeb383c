"""Figures of the appraisal as people read them."""

from collections.abc import Sequence
from decimal import Decimal

from django import template

from exams.domain.wording import moment
from performance.domain.reading_cards import plain

register = template.Library()
register.filter("moment", moment)

NOTHING = "–"


@register.filter
def plain_figure(value: Decimal | float | None) -> str:
    """``25.80`` as ``25.8``; nothing: a dash."""
    return NOTHING if value is None else plain(Decimal(str(value)))


@register.filter
def signed(value: Decimal | None) -> str:
    """With its sign: ``+2``."""
    if value is None:
        return NOTHING
    return f"+{plain(value)}" if value > 0 else plain(value)


@register.filter
def figure(value: Decimal | float | None) -> str:
    """A mean with two places."""
    return NOTHING if value is None else f"{value:.2f}"


@register.filter
def coordinate(value: Decimal | float | None) -> str:
    """As HTML attributes want it, whatever the language."""
    return "0" if value is None else f"{max(Decimal(str(value)), Decimal(0)):f}"


@register.filter
def at(values: Sequence[str], place: int) -> str:
    return values[place]
