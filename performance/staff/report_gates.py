"""Who gets to a quarter here: the same 404 for what does not exist and what lies outside one's divisions."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from exams.staff.gates import person_of
from performance.models import Quarter, Report
from performance.rules import may_see_quarter


def quarter_for(request: HttpRequest, uuid: UUID) -> Quarter:
    quarter = get_object_or_404(Quarter.objects.select_related("division", "computation__scheme"), uuid=uuid)
    if not may_see_quarter(person_of(request), quarter):
        raise Http404
    return quarter


def report_for(request: HttpRequest, uuid: UUID, *, quarter: Quarter) -> Report:
    """A file that this person asked for; to everybody else there is none."""
    reports = Report.objects.of(person_of(request)).filter(computation__quarter=quarter)
    return get_object_or_404(reports.select_related("computation__quarter", "division"), uuid=uuid)
