"""Who served in a quarter, where and how long."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from django.db.models import Q

from common.evidence import Post
from members.models import Posting
from performance.models import Quarter


def posts_of_quarter(quarter: Quarter) -> dict[int, list[Post]]:
    """The posts of everybody who served in the quarter's division, cut to its days, in order. One query.

    Who left before the quarter ended is there too, and so is who has two posts: on a day with both, the later one
    holds.
    """
    rows = (
        Posting.objects.within_any([quarter.division.prefix])
        .filter(Q(ends_on=None) | Q(ends_on__gte=quarter.starts_on), starts_on__lte=quarter.ends_on)
        .order_by("person__code", "starts_on", "pk")
        .values_list("person_id", "team_id", "team__division__code", "role", "staff_category", "starts_on", "ends_on")
    )
    found: dict[int, list[Post]] = defaultdict(list)
    for person, team, code, role, category, first, last in rows.iterator(chunk_size=2000):
        post = Post(
            team, code, role, category, max(first, quarter.starts_on), min(last or quarter.ends_on, quarter.ends_on)
        )
        found[person].append(post)
    return {person: posts for person, each in found.items() if (posts := _without_overlaps(each))}


def _without_overlaps(posts: Iterable[Post]) -> list[Post]:
    kept: list[Post] = []
    for post in posts:
        while kept and kept[-1].ends_on >= post.starts_on:
            before = kept.pop()
            if before.starts_on < post.starts_on:
                kept.append(replace(before, ends_on=post.starts_on - timedelta(days=1)))
        kept.append(post)
    return kept
