"""Sitting an exam through the API: start, save, hand in, see the result."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.exceptions import NotAuthenticated, ParseError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.clock import now
from exams.domain import grants
from exams.domain.answers import faces_of, read_answers
from exams.domain.closing import close_if_overdue, hand_in
from exams.domain.refusals import AnswerRefused
from exams.domain.results import result_of
from exams.domain.saving import Saved, save_answers
from exams.domain.sitting import SheetRow, count_page_leave, open_attempt, paper_sheet
from exams.models import Attempt, Candidate
from exams.rest.authentication import GrantAuthentication
from exams.rest.people import asking
from exams.rest.serializers import (
    AttemptResultSerializer,
    OpenAttemptSerializer,
    SavedSerializer,
    SaveSerializer,
    SubmittedSerializer,
)
from members.models import User
from members.rest.negotiation import AlwaysJson
from question_bank.domain.asking import AskedFigure
from question_bank.domain.showing import shown_address

# A whole paper of long answers fits; a megabyte in one blank does not.
BODY_BYTES = 256 * 1024


def attempt_for(request: Request, uuid: UUID) -> Attempt:
    """The attempt of the person asking; the same 404 for one that is absent and one that is not theirs."""
    attempts = Attempt.objects.of(asking(request)).select_related("candidate__exam__blueprint", "paper")
    attempt = attempts.filter(uuid=uuid).first()
    if attempt is None:
        raise Http404
    return attempt


def paper_row(row: SheetRow, *, to: User) -> dict[str, Any]:
    return {
        "number": row.number,
        "kind": row.kind,
        "stem": row.stem,
        "points": float(row.points),
        "options": [{"id": option.id, "text": option.text} for option in row.options],
        "blanks": row.blanks,
        "figures": [_figure(figure, to=to) for figure in row.figures],
    }


def _figure(figure: AskedFigure, *, to: User) -> dict[str, Any]:
    url = shown_address(figure.digest, to)
    return {"url": url, "width": figure.width, "height": figure.height, "description": figure.description}


def open_attempt_body(attempt: Attempt, *, to: User) -> dict[str, Any]:
    """An open attempt in the shape of ``OpenAttemptSerializer``."""
    sheet = paper_sheet(attempt)
    return {
        "uuid": attempt.uuid,
        "exam": attempt.exam.uuid,
        "opened_at": attempt.opened_at,
        "closes_at": attempt.closes_at,
        "server_time": now(),
        "grant": grants.issue(attempt),
        "paper": [paper_row(row, to=to) for row in sheet.rows],
        "responses": {
            str(row.number): {"answer": row.answer, "sequence": row.sequence, "flagged": row.flagged}
            for row in sheet.rows
            if row.sequence or row.answer or row.flagged
        },
    }


class StartView(APIView):
    """Start an exam, or go on with the attempt that is open."""

    @extend_schema(request=None, responses={200: OpenAttemptSerializer, 201: OpenAttemptSerializer})
    def post(self, request: Request, uuid: UUID) -> Response:
        candidates = Candidate.objects.filter(person=asking(request), exam__in=_settled_exams(uuid))
        candidate = candidates.select_related("exam__blueprint").first()
        if candidate is None:
            raise Http404
        attempt, created = open_attempt(candidate, at=now())
        return Response(open_attempt_body(attempt, to=asking(request)), status=201 if created else 200)


def _settled_exams(uuid: UUID) -> Any:
    from exams.models import Exam

    return Exam.objects.settled().filter(uuid=uuid)


class AttemptView(APIView):
    """An attempt: its paper while open, its result afterwards."""

    @extend_schema(responses={200: AttemptResultSerializer})
    def get(self, request: Request, uuid: UUID) -> Response:
        attempt = attempt_for(request, uuid)
        close_if_overdue(attempt, at=now())
        if attempt.is_open():
            return Response({"state": attempt.state, **open_attempt_body(attempt, to=asking(request))})
        return Response(_ended_body(attempt, to=asking(request)))


def _ended_body(attempt: Attempt, *, to: User) -> dict[str, Any]:
    result = result_of(attempt, at=now())
    return {
        "uuid": attempt.uuid,
        "state": attempt.state,
        "submitted_at": attempt.submitted_at,
        "receipt": result.receipt,
        "released": result.released,
        "score": result.score,
        "total_points": result.total,
        "band": result.band,
        "passed": result.passed,
        "review": [
            {
                "number": row.number,
                "kind": row.kind,
                "stem": row.stem,
                "points": row.points,
                "earned": row.earned,
                "verdict": row.verdict,
                "given": row.given,
                "expected": row.expected,
                "explanation": row.explanation,
                "basis": row.basis,
                "document_number": row.document_number,
                "repair": row.repair,
                "figures": [_figure(figure, to=to) for figure in row.figures],
            }
            for row in result.rows
        ],
        "score_changes": [
            {
                "repaired_at": change.on,
                "number": change.number,
                "reason": change.reason,
                "score_before": change.before,
                "score_after": change.after,
            }
            for change in result.changes
        ],
    }


class _GrantedView(APIView):
    """A call that an open page makes with its grant, and others with session or token."""

    authentication_classes = (GrantAuthentication, SessionAuthentication, TokenAuthentication)
    permission_classes = (AllowAny,)
    content_negotiation_class = AlwaysJson
    # Read by the middleware: no session and no user is looked up for it.
    stateless = True
    open_to_all_passwords = True

    def grant(self, request: Request, uuid: UUID) -> grants.Grant:
        if isinstance(request.auth, grants.Grant):
            if request.auth.uuid != uuid:
                raise Http404
            return request.auth
        if not request.user.is_authenticated:
            raise NotAuthenticated
        return grants.grant_of(attempt_for(request, uuid))


class ResponsesView(_GrantedView):
    """Save answers: the call that is made fifty times a sitting."""

    @extend_schema(request=SaveSerializer, responses={200: SavedSerializer})
    def patch(self, request: Request, uuid: UUID) -> Response:
        grant = self.grant(request, uuid)
        body = _small_json(request)
        answers = read_answers(body.get("responses"), faces_of(grant.paper_id))
        return Response(saved_body(save_answers(grant, answers, at=now())))


def saved_body(saved: Saved) -> dict[str, Any]:
    """In the shape of ``SavedSerializer``."""
    return {"saved": saved.saved, "stale": saved.stale, "closes_at": saved.closes_at, "server_time": now()}


class LeavesView(_GrantedView):
    """Note that the page of an attempt went out of sight."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, uuid: UUID) -> Response:
        grant = self.grant(request, uuid)
        count_page_leave(grant.attempt_id, grant.number, at=now())
        return Response(status=204)


class SubmitView(APIView):
    """Hand in. Safe to repeat: the receipt stays the same."""

    outlasts_idling = True

    @extend_schema(request=None, responses={200: SubmittedSerializer})
    def post(self, request: Request, uuid: UUID) -> Response:
        attempt = hand_in(attempt_for(request, uuid), at=now())
        return Response({"state": attempt.state, "submitted_at": attempt.submitted_at, "receipt": attempt.receipt})


def _small_json(request: Request) -> dict[str, Any]:
    """The body as an object. Raises AnswerRefused when it is too large, ParseError when it is not JSON."""
    raw = request._request.read(BODY_BYTES + 1)
    if len(raw) > BODY_BYTES:
        raise AnswerRefused(_("This is more than an answer sheet can hold."), reason="body_too_large")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ParseError(_("This is not valid JSON.")) from error
    if not isinstance(body, dict):
        raise AnswerRefused(_("Send an object with responses."), reason="not_an_object")
    return body
