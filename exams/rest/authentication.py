"""The right of an open page, as an HTTP authentication."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from exams.domain import grants

KEYWORD = "attempt"


class GrantAuthentication(BaseAuthentication):
    """``Authorization: Attempt <grant>``: who holds the grant may write that one attempt, and nothing else.

    It never touches session, user or database, and a header cannot be forged across sites as a cookie can.
    """

    def authenticate(self, request: Request) -> tuple[None, grants.Grant] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if len(words) != 2 or words[0].lower() != KEYWORD:
            return None
        return None, grants.read(words[1])

    def authenticate_header(self, request: Request) -> Any:
        return "Attempt"


class GrantScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names it."""

    target_class = GrantAuthentication
    name = "attemptGrant"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Attempt <grant>`: the right of an open page, given when an attempt is started.",
        }
