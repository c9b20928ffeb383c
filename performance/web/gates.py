"""Who gets to a scorecard: the same 404 for what does not exist, what is not shown yet and what is somebody else's."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from members.models import User
from performance.domain.reading_cards import own_card
from performance.models import Appeal, Scorecard, ScoreLine


def person_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def card_for(request: HttpRequest, uuid: UUID) -> Scorecard:
    """The signed-in person's own card, once it was shown to them."""
    card = own_card(person_of(request), uuid)
    if card is None:
        raise Http404
    return card


def line_for(card: Scorecard, number: int) -> ScoreLine:
    return get_object_or_404(card.lines.select_related("indicator", "scorecard__computation__quarter"), pk=number)


def objection_for(request: HttpRequest, uuid: UUID) -> Appeal:
    """An objection of the signed-in person that has a document."""
    return get_object_or_404(Appeal.objects.of(person_of(request)).exclude(file=""), uuid=uuid)
