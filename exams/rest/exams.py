"""Exams and their scores through the API."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.clock import now
from exams.domain.closing import close_overdue
from exams.domain.exporting import export_scores
from exams.domain.refusals import NotAllowed
from exams.domain.scores import score_rows, scored_candidates
from exams.enums import ExportFormat
from exams.models import Attempt, Candidate, Exam
from exams.rest.people import asking
from exams.rest.serializers import ExamSerializer, ScoreRowSerializer
from exams.rules import may_see_scores

FILE_FORMATS = {"xlsx": ExportFormat.XLSX, "csv": ExportFormat.CSV}
API_REASON = "API"


class ExamListView(ListAPIView):
    """Exams the person asking is a candidate of, newest first."""

    serializer_class = ExamSerializer

    def get_queryset(self) -> Any:
        running = Attempt.objects.open().filter(candidate=OuterRef("pk"), closes_at__gt=now())
        candidates = Candidate.objects.filter(person=asking(self.request), exam__in=Exam.objects.settled())
        return candidates.select_related("exam").annotate(is_sitting=Exists(running)).order_by("-exam__opens_at", "pk")

    def get_serializer(self, candidates: Any = (), **kwargs: Any) -> Any:
        return ExamSerializer([exam_body(candidate) for candidate in candidates], **kwargs)


def exam_body(candidate: Any) -> dict[str, Any]:
    """An exam in the shape of ``ExamSerializer``; ``candidate.is_sitting`` was annotated."""
    exam = candidate.exam
    return {
        "uuid": exam.uuid,
        "title": exam.title,
        "opens_at": exam.opens_at,
        "closes_at": exam.closes_at,
        "minutes": exam.minutes,
        "total_points": exam.total_points,
        "pass_points": exam.pass_points,
        "attempts_left": exam.attempts_allowed - candidate.attempts_used,
        "state": _state(candidate),
    }


def _state(candidate: Any) -> str:
    exam, at = candidate.exam, now()
    if candidate.is_sitting:
        return "running"
    if exam.is_over(at=at):
        return "over"
    if at < exam.opens_at:
        return "upcoming"
    return "open" if candidate.attempts_used < exam.attempts_allowed else "used_up"


class ScoresView(APIView):
    """Scores of an exam for the office, as JSON pages or as a file."""

    @extend_schema(
        parameters=[
            OpenApiParameter("format", OpenApiTypes.STR, enum=["json", "xlsx", "csv"]),
            OpenApiParameter("reason", OpenApiTypes.STR, description="What the file is for; it is logged."),
            OpenApiParameter("page", OpenApiTypes.INT),
        ],
        responses={200: ScoreRowSerializer(many=True)},
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponseBase:
        exam = _exam_for_scores(request, uuid)
        at = now()
        close_overdue(at=at, exam=exam)
        wanted = request.query_params.get("format", "json")
        if wanted in FILE_FORMATS:
            reason = request.query_params.get("reason", "").strip() or API_REASON
            file = export_scores(
                exam, format=FILE_FORMATS[wanted], reason=reason, with_phones=False, by=asking(request), at=at
            )
            return FileResponse(file.file, as_attachment=True, filename=file.name, content_type=file.content_type)
        if wanted != "json":
            raise Http404
        return self._page(exam, request, at)

    def _page(self, exam: Exam, request: Request, at: Any) -> Response:
        paginator = PageNumberPagination()
        scored = scored_candidates(exam, by=asking(request))
        chosen = paginator.paginate_queryset(scored, request, view=self) or []
        page = scored.filter(pk__in=[candidate.pk for candidate in chosen])
        rows = [row._asdict() for row in score_rows(exam, by=asking(request), at=at, candidates=page)]
        return paginator.get_paginated_response(ScoreRowSerializer(rows, many=True).data)


def _exam_for_scores(request: Request, uuid: UUID) -> Exam:
    """404 for what this person may not even know of, 403 for what they may know but not read."""
    exam = Exam.objects.settled().select_related("division", "blueprint").filter(uuid=uuid).first()
    if exam is None:
        raise Http404
    if may_see_scores(asking(request), exam):
        return exam
    if exam.candidates.filter(person=asking(request)).exists():
        raise NotAllowed(_("You may not see the scores of this exam."))
    raise Http404
