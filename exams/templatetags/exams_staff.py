"""Figures as the office reads them."""

from decimal import Decimal

from django import template

register = template.Library()

NOTHING = "–"


@register.filter
def share(value: float | None) -> str:
    """``0.968`` as ``96.8%``; nothing was counted: a dash."""
    return NOTHING if value is None else f"{value * 100:.1f}%"


@register.filter
def points(value: Decimal | None) -> str:
    """Points without idle zeros: ``80.00`` as ``80``."""
    return NOTHING if value is None else f"{value.normalize():f}"
