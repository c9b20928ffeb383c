"""Reading without a network: which pages a device may keep, the worker that keeps them, and the page for the rest."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_safe

from cms.models import AudienceRule, BasePage
from cms.models.audience import OWNER_PATH
from cms.web.gates import reader
from members.models import User

HEADER = "X-Offline"


def name_for(person: User) -> str:
    """Under which a device keeps copies for ``person``; it tells nobody who that is."""
    return salted_hmac("cms.offline", str(person.uuid)).hexdigest()[:24]


def keeper(request: HttpRequest, page: BasePage) -> str:
    """The name under which this person's device may keep ``page``, which may be read; empty: it may not.

    Only what everybody who is signed in reads is kept. A list of pages is not, once one of them is addressed to some.
    """
    person = reader(request)
    if person is None or AudienceRule.objects.filter(page__path__startswith=page.path[:OWNER_PATH]).exists():
        return ""
    return name_for(person)


@lru_cache
def _script() -> bytes:
    script: bytes = (settings.BASE_DIR / "static" / "js" / "service-worker.js").read_bytes()
    return script


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, because a worker sees only what lies below its own address."""
    return HttpResponse(_script(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Shown by the worker for what it has not kept; it fills in what it has."""
    response = render(request, "cms/offline.html")
    response.headers["Cache-Control"] = "private, no-cache"
    return response
