"""The same course as for the staff pages."""

from tests.courses.staff.conftest import training  # noqa: F401
