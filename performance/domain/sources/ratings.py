"""Scores that others give as a source."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.evidence import Finding, Inquiry, Piece, SettingsForm, Source
from members.models.division import ancestor_codes, prefix_of
from performance.models import Rating, RatingKind

CHUNK = 5000
_FOUR_PLACES = Decimal("0.0001")


def rating_kinds_of(division: str) -> QuerySet[RatingKind]:
    return RatingKind.objects.filter(division__code__in=ancestor_codes(prefix_of(division)))


class RatingSettings(SettingsForm):
    """Which of the ratings."""

    kind = forms.ChoiceField(label=gettext_lazy("Which rating"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kind", [(kind.code, kind.title) for kind in rating_kinds_of(self.division)])


class RatingSource(Source):
    """A score between nothing and the highest, entered by hand or from a file."""

    key: ClassVar[str] = "ratings"
    name = gettext_lazy("Scores given by others")
    description = gettext_lazy("Such as the opinion of the township or the satisfaction of villagers.")
    settings_form = RatingSettings

    def find(self, inquiry: Inquiry) -> Mapping[int, Finding]:
        rows = Rating.objects.in_force().filter(
            quarter__starts_on=inquiry.starts_on,
            quarter__ends_on=inquiry.ends_on,
            quarter__division__code=inquiry.division,
            kind__code=inquiry.settings.get("kind", ""),
            entered_at__lte=inquiry.cutoff,
        )
        columns = rows.values_list(
            *("pk", "person_id", "score", "kind__highest", "kind__title", "entered_at", "sheet__file_name", "place")
        )
        by_hand, found = _("entered by hand"), {}
        for pk, person, score, highest, title, entered_at, file, place in columns.iterator(chunk_size=CHUNK):
            if person in inquiry.people:
                piece = Piece(
                    label=title,
                    ref=f"{self.key}:{pk}",
                    on=timezone.localdate(entered_at),
                    value=score,
                    of=highest,
                    note=" ".join(filter(None, (file, place))) or by_hand,
                )
                found[person] = _finding(score, highest, piece)
        return found

    def office_link(self, ref: str) -> str:
        """The story of the score: every change with who entered it and why."""
        return reverse("ratings:rating", args=[ref.partition(":")[2]])


def _finding(score: Decimal, highest: Decimal, piece: Piece) -> Finding:
    return Finding(
        percent=(100 * score / highest).quantize(_FOUR_PLACES, ROUND_HALF_UP),
        explanation=_("%(score)s of %(highest)s points.") % {"score": _plain(score), "highest": _plain(highest)},
        pieces=(piece,),
    )


def _plain(points: Decimal) -> str:
    return f"{points.normalize():f}"
