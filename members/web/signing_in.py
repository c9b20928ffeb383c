"""Signing in and out, and what happens after too many failures."""

from datetime import timedelta
from math import ceil
from typing import Any

from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import login, logout
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from common.clock import now
from members.models import User
from members.web.forms import SignInForm
from members.web.problems import is_for_programs, problem

BACKEND = "members.backends.PhoneOrCodeBackend"
DEMO_ACCOUNTS = ("member", "trainer", "admin", "outsider")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form; somebody who is signed in already is sent on."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return _onwards(request)
        return render(request, "members/sign_in.html", _sign_in_context(request, SignInForm(request)))
    form = SignInForm(request, request.POST)
    if form.is_valid() and form.person:
        login(request, form.person, backend=BACKEND)
        return _onwards(request)
    return render(request, "members/sign_in.html", _sign_in_context(request, form))


@never_cache
@require_POST
def sign_in_as_demo(request: HttpRequest) -> HttpResponse:
    """One press instead of typing, for the accounts of the demo county; anywhere else there is no such page."""
    account = request.POST.get("account", "")
    if not settings.DEMO or account not in DEMO_ACCOUNTS:
        raise Http404
    person = User.objects.filter(username=account, is_active=True).first()
    if person is None:
        raise Http404
    login(request, person, backend=BACKEND)
    return _onwards(request)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    # Pages kept for reading without a network, and answers that were never sent, stay on no shared device.
    headers = {"Clear-Site-Data": '"cache", "storage"'}
    return HttpResponseRedirect(resolve_url(settings.LOGOUT_REDIRECT_URL), headers=headers)


def locked_out(
    request: HttpRequest, original_response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """Instead of any answer to a locked name (``AXES_LOCKOUT_CALLABLE``): how long to wait, 429 with Retry-After."""
    seconds = _seconds_to_wait(request, credentials)
    minutes = ceil(seconds / 60)
    if is_for_programs(request):
        response: HttpResponse = problem(429, "locked_out", _("Too many failed attempts. Please wait."))
    else:
        response = render(request, "members/locked_out.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def _seconds_to_wait(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    span = get_cool_off(request) or timedelta()
    last = AccessAttempt.objects.filter(
        username=get_client_username(request, credentials),
        ip_address=request.axes_ip_address,  # type: ignore[attr-defined]
    ).aggregate(last=Max("attempt_time"))["last"]
    return max(1, ceil(((last or now()) + span - now()).total_seconds()))


def _onwards(request: HttpRequest) -> HttpResponseRedirect:
    target = _safe_next(request)
    if target.startswith(reverse("wagtailadmin_home")) and not request.user.has_perm("wagtailadmin.access_admin"):
        # The staff interface would send them back here, and so on for ever.
        if request.method != "POST":
            raise PermissionDenied
        target = ""
    return HttpResponseRedirect(target or resolve_url(settings.LOGIN_REDIRECT_URL))


def _safe_next(request: HttpRequest) -> str:
    """Where the person was going, if that is on this site; never the sign-in page itself."""
    target = request.POST.get("next", request.GET.get("next", ""))
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe and not target.startswith(request.path) else ""


def _sign_in_context(request: HttpRequest, form: SignInForm) -> dict[str, Any]:
    return {"form": form, "next": _safe_next(request), "demo_accounts": DEMO_ACCOUNTS if settings.DEMO else ()}


for _view in (sign_in, sign_in_as_demo, sign_out):
    _view.open_to_all_passwords = True  # type: ignore[attr-defined]
