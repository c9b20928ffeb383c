"""What somebody narrows the list of questions to, kept under a name for that person alone."""

from typing import ClassVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from common.refusals import Refusal
from members.models import User
from question_bank.models import SavedFilter

LONGEST_NAME = 60
LONGEST_QUERY = 1000
# Parts of a list's address that are no choice of what it shows.
PASSING = ("p", "ordering", "_w_filter_fragment")


class FilterRefused(Refusal):
    """A filter without a name, or that narrows nothing."""

    code: ClassVar[str] = "filter_refused"
    status: ClassVar[int] = 422


def save_filter(name: str, query: str, *, by: User) -> SavedFilter:
    """Keep ``query``, the query of the list's address; the same name again replaces it."""
    name, choices = name.strip(), QueryDict(query[: LONGEST_QUERY * 3], mutable=True)
    if not 0 < len(name) <= LONGEST_NAME:
        raise FilterRefused(_("This name is empty or too long: 60 characters at most."))
    kept = QueryDict(mutable=True)
    for key, values in choices.lists():
        if key not in PASSING and any(values):
            kept.setlist(key, [value for value in values if value])
    if not kept or len(kept.urlencode()) > LONGEST_QUERY:
        raise FilterRefused(_("There is nothing to save: choose something in the list first."))
    saved, _created = SavedFilter.objects.update_or_create(person=by, name=name, defaults={"query": kept.urlencode()})
    return saved


def delete_filter(pk: int, *, by: User) -> int:
    """Of one's own alone; how many were deleted."""
    return SavedFilter.objects.filter(pk=pk, person=by).delete()[0]
