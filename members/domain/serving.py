"""Who serves, with the post of that day."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import QuerySet

from members.models import Posting


class Serving(NamedTuple):
    """Somebody who serves, with the post they hold that day."""

    person_id: int
    code: str
    team_id: int
    division_code: str
    role: str
    staff_category: str

    @property
    def township_code(self) -> str:
        return self.division_code[:9].ljust(12, "0")


def people_of(postings: QuerySet[Posting]) -> list[Serving]:
    """Everybody of these postings once, in the order of their staff numbers. One query."""
    rows = postings.order_by("person__code", "-starts_on").values_list(
        "person_id", "person__code", "team_id", "team__division__code", "role", "staff_category"
    )
    return list(_one_post_each(rows.iterator()))


def _one_post_each(rows: Iterable[tuple[int, str, int, str, str, str]]) -> Iterator[Serving]:
    """The latest post where somebody changes teams on that very day."""
    last = None
    for row in rows:
        if row[0] != last:
            yield Serving(*row)
        last = row[0]
