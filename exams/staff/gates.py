"""Who gets to an exam here: the same 404 for what does not exist and what lies outside one's divisions."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from exams.models import Attempt, Exam, KeyRepair
from exams.rules import may_manage_exam, may_overrule, repairable_exams
from members.models import User
from question_bank.models import QuestionVersion

ExamRule = Callable[[User, Exam], bool]


def person_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def exam_for(request: HttpRequest, uuid: UUID, *, rule: ExamRule = may_manage_exam) -> Exam:
    exams = Exam.objects.select_related("division", "audience_division", "blueprint", "retake_of")
    exam = get_object_or_404(exams, uuid=uuid)
    if not rule(person_of(request), exam):
        raise Http404
    return exam


def attempt_for(request: HttpRequest, uuid: UUID) -> Attempt:
    """An attempt that this administrator could overrule marks of."""
    attempts = Attempt.objects.select_related(
        "candidate__exam__division", "candidate__exam__blueprint", "candidate__person", "candidate__team", "paper"
    )
    attempt = get_object_or_404(attempts, uuid=uuid)
    if not may_overrule(person_of(request), attempt.exam):
        raise Http404
    return attempt


def asked_version_for(request: HttpRequest, number: int) -> QuestionVersion:
    """A question version that an exam of this administrator asked."""
    version = get_object_or_404(QuestionVersion.objects.select_related("question"), pk=number)
    if not repairable_exams(version, person_of(request)).exists():
        raise Http404
    return version


def repair_for(request: HttpRequest, uuid: UUID) -> KeyRepair:
    """A repair that concerns an exam of this administrator."""
    repairs = KeyRepair.objects.visible_to(person_of(request))
    return get_object_or_404(repairs.select_related("version", "proposed_by", "decided_by"), uuid=uuid)
