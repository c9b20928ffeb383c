"""What the page of an entry shows besides its text: the slot for staff, and the code on paper."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from cms.domain.entry_codes import drawn_code
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


@register.simple_tag(takes_context=True)
def code_on_paper(context: dict[str, Any], entry: EntryPage) -> SafeString:
    """In the page itself: a browser that prints does not wait for pictures it had no reason to load."""
    address = context["request"].build_absolute_uri(reverse("entry_link", args=[entry.pk]))
    return mark_safe(drawn_code(address).decode())
