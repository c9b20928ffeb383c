import pytest

from members.models import Division
from tests.courses.small_county import SmallCounty, small_county


@pytest.fixture
def small(county: Division, township: Division, other_township: Division) -> SmallCounty:
    return small_county(county)
