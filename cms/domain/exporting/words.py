"""The lines under an entry, the same in every printed form."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cms.models import EntryPage


def basis_line(page: EntryPage) -> str:
    parts = [_("Basis: %(basis)s") % {"basis": page.basis}]
    if page.document_number:
        parts.append(page.document_number)
    return "　".join(parts)


def rest_lines(page: EntryPage) -> str:
    """Validity, region, and when it was last checked."""
    parts = [
        _("Valid: %(period)s") % {"period": validity(page)},
        _("Region: %(region)s") % {"region": page.region},
    ]
    if page.checked_on:
        parts.append(_("Last checked: %(day)s") % {"day": date_format(page.checked_on)})
    return "　".join(parts)


def validity(page: EntryPage) -> str:
    days = {
        "first": date_format(page.valid_from) if page.valid_from else "",
        "last": date_format(page.valid_to) if page.valid_to else "",
    }
    if page.valid_from and page.valid_to:
        return _("%(first)s to %(last)s") % days
    if page.valid_from:
        return _("from %(first)s until further notice") % days
    if page.valid_to:
        return _("until %(last)s") % days
    return pgettext("validity", "until further notice")
