"""Quarters and their scorecards for other systems: read only, in pages, with an ETag of what is in the answer."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.cache import get_conditional_response, patch_cache_control
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from exams.rest.people import asking
from members.enums import SCORE_ROLES
from members.models import User
from members.models.division import inside
from performance.domain.reporting.details import Line, lines_of
from performance.domain.reporting.rows import TOWNSHIP_DIGITS, Townships
from performance.domain.reporting.words import limits_that_hold
from performance.models import Quarter, Scorecard
from performance.rest.serializers import QuarterSerializer, ScorecardSerializer

_NAME = re.compile(r"(\d{4})Q([1-4])")
_ETAG = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="An ETag given before."
)
_UNCHANGED = OpenApiResponse(description="Nothing has changed since the answer with that ETag.")


def own_cards(person: User) -> QuerySet[Scorecard]:
    """The person's scorecards that they may read: in each quarter the latest that was shown."""
    shown = Scorecard.objects.of(person).shown()
    latest = shown.filter(computation__quarter=OuterRef("computation__quarter")).order_by("-computation__number")
    return shown.filter(pk=Subquery(latest.values("pk")[:1]))


def readable_cards(person: User) -> QuerySet[Scorecard]:
    """For the office the scorecards of its scope that their quarters rest on now; for everybody their own."""
    office = inside(person.scope(*SCORE_ROLES), field="division_code")
    own = own_cards(person).values("pk")
    return Scorecard.objects.filter(office & Q(pk__in=Scorecard.objects.current().values("pk")) | Q(pk__in=own))


def readable_quarters(person: User) -> QuerySet[Quarter]:
    """Those of the office that may see scores there, and those with a scorecard of one's own to read."""
    prefixes = person.scope(*SCORE_ROLES)
    office = Quarter.objects.visible_to(person) if prefixes else Quarter.objects.none()
    own = own_cards(person).values("computation__quarter")
    return Quarter.objects.filter(Q(pk__in=office.values("pk")) | Q(pk__in=own))


class TaggedListView(ListAPIView):
    """A list whose answer carries an ETag of its content, and is 304 to who has it already."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code != 200:
            return response
        digest = sha256(JSONRenderer().render(response.data)).hexdigest()[:32]
        response.headers["ETag"] = f'"{digest}"'
        # Shared caches know nothing of tokens.
        patch_cache_control(response, private=True, no_cache=True)
        return get_conditional_response(request._request, etag=f'"{digest}"', response=response)


class QuarterListView(TaggedListView):
    """Quarters whose scorecards, or at least one's own, can be read; newest first."""

    serializer_class = QuarterSerializer

    def get_queryset(self) -> Any:
        quarters = readable_quarters(asking(self.request)).select_related("division", "computation")
        return quarters.order_by("-year", "-number", "division__code")

    def get_serializer(self, quarters: Any = (), **kwargs: Any) -> Any:
        return QuarterSerializer([_quarter_body(quarter) for quarter in quarters], **kwargs)

    @extend_schema(parameters=[_ETAG], responses={200: QuarterSerializer(many=True), 304: _UNCHANGED})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


def _quarter_body(quarter: Quarter) -> dict[str, Any]:
    computation = quarter.computation
    return {
        "name": quarter.name,
        "division": {"code": quarter.division.code, "name": quarter.division.name},
        "year": quarter.year,
        "number": quarter.number,
        "starts_on": quarter.starts_on,
        "ends_on": quarter.ends_on,
        "state": quarter.state,
        "edition": quarter.edition,
        "counts_what_was_known_at": computation.cutoff if computation else None,
        "published_at": computation.published_at if computation else None,
        "closed_at": computation.closed_at if computation else None,
        "digest": computation.digest if computation else None,
    }


class ScorecardListView(TaggedListView):
    """Scorecards of a quarter with their lines: for the office of its scope, for a member their own once shown."""

    serializer_class = ScorecardSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Scorecard.objects.none()
        quarters = _quarters_named(self.kwargs["name"], asking(self.request))
        cards = readable_cards(asking(self.request)).filter(computation__quarter__in=quarters)
        if township := self.request.query_params.get("township", ""):
            cards = cards.filter(division_code__startswith=_township_digits(township))
        return cards.select_related(
            "computation__quarter__division", "person", "team__division", "team__sending_unit"
        ).order_by("computation__quarter__division__code", "division_code", "person__code", "pk")

    def get_serializer(self, cards: Any = (), **kwargs: Any) -> Any:
        found = list(cards)
        lines, townships = lines_of(card.pk for card in found), Townships()
        bodies = [_card_body(card, lines[card.pk], townships) for card in found]
        return ScorecardSerializer(bodies, **kwargs)

    @extend_schema(
        parameters=[
            OpenApiParameter("name", OpenApiTypes.STR, OpenApiParameter.PATH, description="Such as 2026Q3."),
            OpenApiParameter("township", OpenApiTypes.STR, description="Twelve-digit code: only people serving there."),
            _ETAG,
        ],
        responses={200: ScorecardSerializer(many=True), 304: _UNCHANGED},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


def _quarters_named(name: str, person: User) -> list[int]:
    """The quarters of that name that this person may know of, for every division that appraises; 404 for none."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise Http404
    year, number = map(int, match.groups())
    found = list(readable_quarters(person).filter(year=year, number=number).values_list("pk", flat=True))
    if not found:
        raise Http404
    return found


def _township_digits(code: str) -> str:
    if not re.fullmatch(r"\d{12}", code, re.ASCII):
        raise Http404
    return code[:TOWNSHIP_DIGITS]


def _card_body(card: Scorecard, lines: list[Line], townships: Townships) -> dict[str, Any]:
    quarter = card.computation.quarter
    township = card.division_code[:TOWNSHIP_DIGITS].ljust(12, "0")
    return {
        "uuid": card.uuid,
        "quarter": quarter.name,
        "quarter_state": quarter.state,
        "division": quarter.division.code,
        "code": card.person.code,
        "name": card.person.name,
        "sending_unit": card.team.sending_unit.name,
        "township": {"code": township, "name": townships.name(township)},
        "village": card.team.division.name,
        "team": card.team.name,
        "role": card.role,
        "staff_category": card.staff_category,
        "days_served": card.days_served,
        "state": card.state,
        "remark": card.remark,
        "total": card.total,
        "grade": card.grade,
        "limits": limits_that_hold(card.limits),
        "suggested_measure": card.measure,
        "lines": [_line_body(line) for line in lines],
    }


def _line_body(line: Line) -> dict[str, Any]:
    return {
        "indicator": line.title,
        "source": line.source,
        "weight": line.weight,
        "percent": line.percent,
        "points": line.points,
        "explanation": line.explanation,
        "correction": line.reason if line.is_correction else None,
        "evidence": [_piece_body(piece) for piece in line.evidence],
    }


def _piece_body(piece: Mapping[str, Any]) -> dict[str, Any]:
    figures = {name: None if piece.get(name) is None else str(piece[name]) for name in ("on", "value", "of")}
    return {**figures, **{name: str(piece.get(name) or "") for name in ("label", "ref", "note")}}
