"""Which post somebody held on a day, and whether that day still takes evidence."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from members.models import Posting, User
from members.models.division import ancestor_codes, prefix_of
from performance.domain.refusals import QuarterNotOpen
from performance.models import Quarter


def post_on(person: User, day: date) -> Posting | None:
    """Also of somebody whose account has been closed since: what happened before still counts."""
    posts = person.postings.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)
    return posts.select_related("team__division").order_by("-starts_on").first()


def posts_between(quarter: Quarter) -> QuerySet[Posting]:
    """Posts of the quarter inside its division."""
    posts = Posting.objects.within_any([quarter.division.prefix]).filter(starts_on__lte=quarter.ends_on)
    return posts.filter(Q(ends_on=None) | Q(ends_on__gte=quarter.starts_on))


def require_open_day(division_code: str, day: date) -> None:
    """Refuses with ``QuarterNotOpen``. Holds the quarters of that day until the transaction ends.

    Nobody publishes or closes one while something is entered into it.
    """
    quarters = Quarter.objects.covering(day).filter(division__code__in=ancestor_codes(prefix_of(division_code)))
    for quarter in quarters.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        _require_open(quarter)


def lock_open_quarter(quarter: Quarter) -> Quarter:
    """The quarter as it is now, held until the transaction ends. Refuses with ``QuarterNotOpen``."""
    locked = Quarter.objects.select_for_update(no_key=True, of=("self",)).select_related("division").get(pk=quarter.pk)
    _require_open(locked)
    return locked


def _require_open(quarter: Quarter) -> None:
    if not quarter.takes_evidence():
        said = _("%(quarter)s takes no evidence any more: it is “%(state)s”.")
        raise QuarterNotOpen(said % {"quarter": quarter, "state": quarter.get_state_display()})
