from collections.abc import Iterator

import pytest
from django.utils import translation

from members.models import Division
from tests.courses.small_county import SmallCounty, small_county


@pytest.fixture
def small(county: Division, township: Division, other_township: Division) -> SmallCounty:
    return small_county(county)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Whether or not the catalogues are compiled here."""
    with translation.override("en"):
        yield
