"""The first page: what this person should do next."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.domain.next_steps import next_steps
from common.clock import now
from members.models import User


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person, moment = cast(User, request.user), now()
    steps = next_steps(person, at=moment)
    context = {
        "posting": person.posting(on=localdate(moment)),
        "lead": steps[0] if steps else None,
        "others": steps[1:],
    }
    return render(request, "cms/home.html", context)
