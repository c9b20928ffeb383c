"""Figures on the reports of this app."""

from django import template

register = template.Library()


@register.filter
def as_percent(share: float | None) -> str:
    """``0.968`` as ``96.8%``; nothing was counted: a dash."""
    return "–" if share is None else f"{share * 100:.1f}%"
