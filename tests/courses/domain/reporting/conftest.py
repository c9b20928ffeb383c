from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.utils import translation

from tests.courses.small_county import SmallCounty, small_county_standing


@pytest.fixture(scope="module", autouse=True)
def _small(standing: None) -> SmallCounty:
    return small_county_standing()


@pytest.fixture
def small(_small: SmallCounty, db: None) -> SmallCounty:
    return deepcopy(_small)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Whether or not the catalogues are compiled here."""
    with translation.override("en"):
        yield
