"""Pages about oneself: who I am here, what is held about me."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from common.clock import now
from members.domain.records import records_of
from members.models import User


@never_cache
@login_required
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    person: User = request.user  # type: ignore[assignment]
    context = {"person": person, "posting": person.posting(on=localdate(now())), "roles": person.roles_held}
    return render(request, "members/me.html", context)


@never_cache
@login_required
@require_GET
def my_data(request: HttpRequest) -> HttpResponse:
    """Everything held about the person who asks, as a file."""
    person: User = request.user  # type: ignore[assignment]
    response = JsonResponse(records_of(person), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="yingzhi-{person.code}.json"'
    return response


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "members/privacy.html")


privacy.open_to_all_passwords = True  # type: ignore[attr-defined]
