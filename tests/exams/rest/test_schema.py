from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

pytestmark = pytest.mark.django_db

PUBLISHED = {
    "/api/v1/token/": {"post"},
    "/api/v1/me/": {"get"},
    "/api/v1/exams/": {"get"},
    "/api/v1/exams/{uuid}/attempts/": {"post"},
    "/api/v1/exams/{uuid}/scores/": {"get"},
    "/api/v1/attempts/{uuid}/": {"get"},
    "/api/v1/attempts/{uuid}/responses/": {"patch"},
    "/api/v1/attempts/{uuid}/submit/": {"post"},
    "/api/v1/attempts/{uuid}/leaves/": {"post"},
    "/api/v1/courses/": {"get"},
    "/api/v1/courses/{uuid}/": {"get"},
    "/api/v1/courses/{uuid}/gaps/": {"get"},
    "/api/v1/quarters/": {"get"},
    "/api/v1/quarters/{name}/scorecards/": {"get"},
}


@pytest.fixture
def schema() -> Any:
    GENERATOR_STATS.reset()
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_description_is_valid_and_made_without_a_warning(schema: Any) -> None:
    validate_schema(schema)

    assert dict(GENERATOR_STATS._error_cache) == {}
    assert dict(GENERATOR_STATS._warn_cache) == {}


def test_every_published_call_is_described_and_nothing_else(schema: Any) -> None:
    assert {path: set(methods) for path, methods in schema["paths"].items()} == PUBLISHED


def test_the_description_is_served_to_everybody(client: Any) -> None:
    response = client.get("/api/schema/")

    assert response.status_code == 200
    assert b"/api/v1/exams/" in response.content
    assert b"/admin/" not in response.content
