"""What must happen before a signed-in person goes on.

Views say by attributes how they are treated:

* ``stateless``: identifies its caller without session and user; neither is touched here.
* ``open_to_all_passwords``: open also to somebody whose password is initial or outdated.
* ``unattended``: called by the page itself, not by a person; does not keep an idle session awake.
* ``outlasts_idling``: belongs to an open attempt, which an idle clock never ends.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from common.clock import now
from members.web.problems import is_for_programs, problem

GetResponse = Callable[[HttpRequest], HttpResponse]

SEEN = "seen_at"
# The session is written at most this often: an idle clock must not cost a write per page.
SEEN_STEP_SECONDS = 60


def _says(view: object, attribute: str) -> bool:
    """Whether the view, or the class behind it, carries the attribute."""
    behind = getattr(view, "view_class", None) or getattr(view, "cls", None)
    return bool(getattr(view, attribute, False) or getattr(behind, attribute, False))


class PasswordAgeMiddleware:
    """An initial or outdated password opens nothing but the page that changes it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if _says(view, "stateless") or _says(view, "open_to_all_passwords") or not request.user.is_authenticated:
            return None
        person = request.user
        if not (person.must_change_password or person.password_is_too_old(at=now())):
            return None
        if is_for_programs(request):
            return problem(
                HTTPStatus.FORBIDDEN, "password_change_required", _("Please change your password before you go on.")
            )
        return HttpResponseRedirect(reverse("change_password"))


def outlasts_idling(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a page of an open attempt: an idle clock never ends it."""
    view.outlasts_idling = True  # type: ignore[attr-defined]
    return view


class StaffIdleMiddleware:
    """A staff session left alone ends; an attempt that is open is written by its own right and goes on."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if _says(view, "stateless") or not request.user.is_authenticated or not request.user.is_office_staff:
            return None
        seconds = int(now().timestamp())
        seen = request.session.get(SEEN, seconds)
        if seconds - seen > settings.STAFF_IDLE_SECONDS:
            return None if _says(view, "outlasts_idling") else _end_session(request)
        if SEEN not in request.session or (seconds - seen >= SEEN_STEP_SECONDS and not _says(view, "unattended")):
            request.session[SEEN] = seconds
        return None


def _end_session(request: HttpRequest) -> HttpResponse:
    """Not a sign-out: ``access_ended`` stays unsent, so that an attempt open on this device goes on."""
    request.session.flush()
    request.user = AnonymousUser()
    message = _("You were signed out because nothing happened for a while.")
    if is_for_programs(request):
        return problem(HTTPStatus.UNAUTHORIZED, "session_idle", message)
    messages.info(request, message)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/", reverse("sign_in"))
