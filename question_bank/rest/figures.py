"""The pictures of questions, for browsers and programs alike."""

from typing import cast

from django.http import Http404, HttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from members.models import User
from members.rest.negotiation import AlwaysJson
from question_bank.domain.showing import may_look_at
from question_bank.models import Figure


class FigureView(APIView):
    """A figure by what is in it; the bytes never change. The same 404 for one that is absent and one not shown."""

    content_negotiation_class = AlwaysJson

    def get(self, request: Request, digest: str, seal: str = "") -> HttpResponse:
        person = cast(User, request.user)
        found = Figure.objects.filter(digest=digest).first() if may_look_at(digest, seal, person) else None
        if found is None:
            raise Http404
        headers = {
            "Cache-Control": "private, max-age=31536000, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return HttpResponse(bytes(found.content), content_type=found.content_type, headers=headers)
