"""Who gets to the reports of training; the course they are about is one of 青石镇."""

from typing import Any

from members.models import Division
from tests.factories.courses import CourseFactory


def reports_of(township: Division) -> dict[str, Any]:
    """By the part of an address that it stands for."""
    return {"training/reports/courses/<uuid": CourseFactory(division=township).uuid}


# The signs are explained above the table of all addresses.
REPORTS_TABLE = {
    "/admin/training/reports/": "sss.....",
    "/admin/training/reports/courses/<uuid:uuid>/": "sss..-..",
    "/admin/training/reports/courses/<uuid:uuid>/export/": "sss..-..",
    "/admin/training/reports/export/": "sss.....",
    "/admin/training/reports/lecturers/": "sss.....",
    "/admin/training/reports/townships/": "sss.....",
    "/admin/training/reports/year/": "sss.....",
    "/admin/training/reports/year/export/": "sss.....",
}
