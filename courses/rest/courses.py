"""Courses for other systems: one's own with attendance, and the gap list for the office. Read only."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.clock import now
from courses.domain.gap_list import behind
from courses.domain.mine import MyCourse, MySession, my_course, my_courses
from courses.domain.progress import Missing, Progress
from courses.models import Course
from courses.rest.serializers import GapSerializer, MyCourseDetailSerializer, MyCourseSerializer
from courses.rules import may_see_course
from exams.rest.people import asking
from members.enums import STAFF_ROLES
from members.models import Division
from members.models.division import prefix_of


class MyCourseListView(ListAPIView):
    """Courses one belongs or belonged to; the newest first."""

    serializer_class = MyCourseSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Course.objects.none()
        return my_courses(asking(self.request), at=now())

    def get_serializer(self, found: Iterable[MyCourse] = (), **kwargs: Any) -> Any:
        return MyCourseSerializer([_course_body(each) for each in found], **kwargs)


class MyCourseView(APIView):
    """One of them with its sessions and one's own attendance; 404 for what is absent or not one's own alike."""

    @extend_schema(responses=MyCourseDetailSerializer)
    def get(self, request: Request, uuid: Any) -> Response:
        found = my_course(asking(request), uuid, at=now())
        if found is None:
            raise Http404
        course = found.course
        body = _course_body(found) | {
            "goals": course.goals,
            "exam": course.exam.uuid if course.exam else None,
            "sessions": _session_bodies(found.sessions),
        }
        return Response(MyCourseDetailSerializer(body).data)


class GapListView(ListAPIView):
    """Who is still missing from a course, with the reason as far as it is known; for the office, of its divisions."""

    serializer_class = GapSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Course.objects.none()
        person = asking(self.request)
        courses = Course.objects.select_related("division", "exam")
        course = get_object_or_404(courses, uuid=self.kwargs["uuid"])
        if not may_see_course(person, course):
            raise Http404
        scope = person.scope(*STAFF_ROLES)
        if township := self.request.query_params.get("township", ""):
            scope = _narrowed(scope, township)
        return behind(course, at=now(), within=scope)

    def get_serializer(self, found: Sequence[Progress] = (), **kwargs: Any) -> Any:
        codes = {_township_code(each) for each in found}
        names = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
        return GapSerializer([_gap_body(each, names) for each in found], **kwargs)

    @extend_schema(
        parameters=[
            OpenApiParameter("township", OpenApiTypes.STR, description="Twelve-digit code: only people serving there.")
        ],
        responses=GapSerializer(many=True),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


def _narrowed(scope: Iterable[str], code: str) -> list[str]:
    """The parts of ``scope`` that lie in the division with this code."""
    if not re.fullmatch(r"\d{12}", code, re.ASCII):
        raise Http404
    asked = prefix_of(code)
    return [max(own, asked, key=len) for own in scope if own.startswith(asked) or asked.startswith(own)]


def _course_body(each: MyCourse) -> dict[str, Any]:
    progress = each.progress
    return {
        "uuid": each.course.uuid,
        "title": each.course.title,
        "kind": each.course.kind.title,
        "division": each.course.division.code,
        "state": each.course.state,
        "joined_on": each.enrolment.joined_on,
        "left_on": each.enrolment.left_on,
        "progress": {
            "attended": progress.attended,
            "required": progress.required,
            "passed": progress.passed,
            "is_completed": progress.is_completed,
            "is_exempt": progress.is_exempt,
        },
    }


def _session_bodies(sessions: Sequence[MySession]) -> list[dict[str, Any]]:
    uuids = {each.session.pk: each.session.uuid for each in sessions}
    return [
        {
            "uuid": each.session.uuid,
            "topic": each.session.topic,
            "repeat_of": uuids.get(each.session.repeat_of_id or 0),
            "starts_at": each.session.starts_at,
            "ends_at": each.session.ends_at,
            "place": each.session.place,
            "online_url": each.session.online_url,
            "lecturers": [lecturer.name for lecturer in each.session.lecturers.all()],
            "state": each.session.state,
            "is_expected": each.is_expected and each.attendance is None,
            "attendance": each.attendance,
        }
        for each in sessions
    ]


def _township_code(each: Progress) -> str:
    return each.enrolment.division_code[:9].ljust(12, "0")


def _gap_body(each: Progress, names: dict[str, str]) -> dict[str, Any]:
    row, township = each.enrolment, _township_code(each)
    return {
        "code": row.person.code,
        "name": row.person.name,
        "township": {"code": township, "name": names.get(township, "")},
        "team": row.team.name if row.team else "",
        "attended": each.attended,
        "required": each.required,
        "passed": each.passed,
        "reason": row.reason,
        "is_explained": not each.lacks_reason,
        "missing": [_lack_body(lack) for lack in each.missing],
    }


def _lack_body(lack: Missing) -> dict[str, Any]:
    ahead = lack.next_session
    return {
        "session": lack.session.uuid,
        "topic": lack.session.topic,
        "state": lack.state,
        "reason": lack.reason,
        "next_session": ahead.uuid if ahead else None,
        "next_starts_at": ahead.starts_at if ahead else None,
    }
