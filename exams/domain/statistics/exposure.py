"""How many people have met a question lately."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from exams.models import Attempt

CHUNK = 200


class Exposure(NamedTuple):
    """Distinct people by version, out of how many who opened any paper within those days."""

    people: Counter[int]
    examined: int
    days: int

    def share(self, version: int) -> float:
        return self.people[version] / self.examined if self.examined else 0.0

    def mean(self) -> float:
        """People a question, over those that were met at all."""
        return self.people.total() / len(self.people) if self.people else 0.0


def recent_exposure(*, at: datetime, days: int) -> Exposure:
    """Who opened a paper in the last ``days`` has met what is on it, also while they sit it or if it is never marked.

    Streamed person by person: each is counted once for a question, and memory grows with the questions only.
    """
    opened = Attempt.objects.filter(opened_at__gt=at - timedelta(days=days), opened_at__lte=at)
    rows = opened.order_by("candidate__person_id", "pk").values_list("candidate__person_id", "paper__items")
    people: Counter[int] = Counter()
    examined = 0
    for _person, papers in groupby(rows.iterator(chunk_size=CHUNK), key=itemgetter(0)):
        people.update({item[0] for _id, items in papers for item in items})
        examined += 1
    return Exposure(people, examined, days)
