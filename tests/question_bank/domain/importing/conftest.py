"""The readers of exchange formats are tested by what they say in English, the language of the source."""

from collections.abc import Iterator

import pytest
from django.utils import translation

IN_ENGLISH = ("test_aiken", "test_gift", "test_moodle", "test_qti")


@pytest.fixture(autouse=True)
def _in_english(request: pytest.FixtureRequest) -> Iterator[None]:
    if not request.module.__name__.endswith(IN_ENGLISH):
        yield
        return
    with translation.override("en"):
        yield
