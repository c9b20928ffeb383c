"""Who is asking."""

from typing import cast

from rest_framework.request import Request

from members.models import User


def asking(request: Request) -> User:
    """The person signed in. Only for views that refuse anonymous requests, as all do by default."""
    return cast(User, request.user)
