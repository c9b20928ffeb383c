"""Draws, open to everybody: what was drawn, from whom, and how to repeat it."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from exams.domain.drawing import draw_is_true
from exams.models import Draw
from members.models import Division, User


@require_safe
def draw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The published record and whether repeating it gives the same people. Names only for those signed in."""
    draw = get_object_or_404(Draw.objects.select_related("exam__division"), uuid=uuid)
    context = {
        "draw": draw,
        "is_true": draw_is_true(draw),
        "townships": _townships(draw.record),
        "drawn": _drawn(draw.record, named=request.user.is_authenticated),
        "latest": draw.exam.draws.order_by("-number").first(),
    }
    return render(request, "exams/draw.html", context)


@require_safe
def draw_record(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The record as a file, for ``manage.py verify_draw --record`` or anybody's own twenty lines."""
    draw = get_object_or_404(Draw, uuid=uuid)
    headers = {"Content-Disposition": f'attachment; filename="draw-{draw.uuid}.json"'}
    return JsonResponse(draw.record, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _townships(record: dict[str, Any]) -> list[dict[str, Any]]:
    """How many could be and how many were drawn in every township."""
    home = dict(record["population"])
    population, drawn = Counter(home.values()), Counter(home[code] for code in record["drawn"])
    names = dict(Division.objects.filter(code__in=population).values_list("code", "name"))
    return [
        {"name": names.get(code, code), "population": population[code], "drawn": drawn[code]}
        for code in sorted(population)
    ]


def _drawn(record: dict[str, Any], *, named: bool) -> list[dict[str, str]]:
    """The drawn in the order drawn."""
    names = dict(User.objects.filter(code__in=record["drawn"]).values_list("code", "name")) if named else {}
    return [{"code": code, "name": names.get(code, "")} for code in record["drawn"]]
