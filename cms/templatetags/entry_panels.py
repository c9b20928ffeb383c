"""The slot for staff on the page of an entry."""

from typing import Any

from django import template

from cms.domain.entry_panels import entry_panels
from cms.models import EntryPage
from members.models import User

register = template.Library()


@register.inclusion_tag("cms/_entry_panels.html", takes_context=True)
def staff_panels(context: dict[str, Any], entry: EntryPage) -> dict[str, Any]:
    """Nothing for whoever is not signed in; who else sees what is the provider's to say."""
    request = context.get("request")
    person = request.user if request else None
    return {"panels": entry_panels(entry, person) if isinstance(person, User) else []}
