"""Counting failed sign-ins, without work where nothing failed."""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest


class LeanLockoutHandler(AxesDatabaseHandler):
    """As the package's handler, but a sign-in that follows no failure and a sign-out touch no row.

    Both would otherwise take the database's write lock to delete nothing; 312 people who sign in within
    a minute notice that. What has expired is deleted at the next failure.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        failures = int(super().get_failures(request, credentials))
        request.__dict__["failures_counted"] = failures
        return failures

    def user_logged_in(self, sender: Any, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
        if request.__dict__.get("failures_counted") != 0:
            super().user_logged_in(sender, request, user, **kwargs)

    def user_logged_out(self, sender: Any, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
        """Nothing was counted, so nothing is taken back."""
