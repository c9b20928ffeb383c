"""The same quarter as for the files."""

from tests.performance.reports.conftest import (  # noqa: F401
    another_county,
    colleague,
    computation,
    crowd,
    exempt,
    inspector,
    order,
    quarter,
    stranger,
)
