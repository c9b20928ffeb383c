"""Saving from an open page, the call that is made fifty times a sitting, without what other calls need."""

import json
import re
from collections.abc import Callable
from uuid import UUID

from django.db import Error
from django.http import HttpRequest, HttpResponse
from rest_framework.renderers import JSONRenderer

from common.clock import now
from common.refusals import Refusal
from exams.domain import grants
from exams.domain.answers import faces_of, read_answers
from exams.domain.saving import Saved, save_answers
from exams.rest.attempts import BODY_BYTES, saved_body
from exams.rest.authentication import KEYWORD

_ADDRESS = re.compile(r"/api/v1/attempts/([0-9a-f-]{36})/responses/")


class SavingMiddleware:
    """Answers a save that carries the grant of its page, and goes well.

    Such a call is about one attempt: no session, no user, no negotiation, no list of addresses. Whatever does not go
    well takes the whole way and is refused there, in one place; saving is safe to repeat.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return _saved(request) or self.get_response(request)


def _saved(request: HttpRequest) -> HttpResponse | None:
    found = _ADDRESS.fullmatch(request.path_info) if request.method == "PATCH" else None
    keyword, _blank, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if not found or keyword.lower() != KEYWORD or int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES:
        return None
    try:
        body = saved_body(_save(request, text, UUID(found[1])))
    except (Refusal, Error, ValueError, TypeError, RecursionError):
        return None
    content = JSONRenderer().render(body)
    return HttpResponse(content, content_type="application/json", headers={"Content-Length": str(len(content))})


def _save(request: HttpRequest, text: str, uuid: UUID) -> Saved:
    request.get_host()  # refuses a host that is not ours
    grant = grants.read(text)
    body = json.loads(request.body)
    if grant.uuid != uuid or not isinstance(body, dict):
        raise ValueError
    answers = read_answers(body.get("responses"), faces_of(grant.paper_id))
    return save_answers(grant, answers, at=now())
