"""OpenAPI: our endpoints only, Wagtail's own admin API left out."""

from typing import Any


def only_our_endpoints(endpoints: list[tuple[str, str, str, Any]], **_kwargs: Any) -> list[tuple[str, str, str, Any]]:
    """drf-spectacular's preprocessing hook."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]
