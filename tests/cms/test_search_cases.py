"""The list of what people type: at least 95 of 100 find their page among the first three."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from cms.domain.demo_knowledge import load_demo_knowledge
from cms.domain.searching import Filters, search_pages
from common.clock import now
from members.models import Division, User

CASES = tomllib.loads((Path(__file__).parent / "search_cases.toml").read_text(encoding="utf-8"))["case"]


def first_three(person: User, *, query: str, expired: bool = False, **case: str) -> list[str]:
    hits = search_pages(query, of=person, on=date(2026, 6, 15), filters=Filters(with_expired=expired))
    return [hit.page.title for hit in hits[:3]]


@pytest.mark.django_db
def test_at_least_95_percent_find_their_page_among_the_first_three(
    ana: User, township: Division, other_township: Division
) -> None:
    load_demo_knowledge(at=now())

    found = {case["query"]: first_three(ana, **case) for case in CASES}

    missed = {case["query"]: found[case["query"]] for case in CASES if case["find"] not in found[case["query"]]}
    assert len(found) >= 60
    assert len(missed) <= len(found) * 0.05, missed
