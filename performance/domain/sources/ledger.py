"""The ledger of positive and negative items as a source."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.evidence import Finding, Inquiry, Piece, Post, SettingsForm, Source
from members.models.division import ancestor_codes, prefix_of
from performance.enums import LedgerState
from performance.models import LedgerEntry, LedgerKind

FULL, NOTHING = Decimal(100), Decimal(0)
CHUNK = 2000


def kinds_of(division: str) -> QuerySet[LedgerKind]:
    """The kinds of a division and of those above it."""
    return LedgerKind.objects.filter(division__code__in=ancestor_codes(prefix_of(division)))


class LedgerSettings(SettingsForm):
    """Where everybody begins, and how far the two lists reach."""

    base = forms.DecimalField(
        label=gettext_lazy("Base points (of 100)"), min_value=0, max_value=100, decimal_places=2, initial=80
    )
    positive_cap = forms.DecimalField(
        label=gettext_lazy("The positive list adds at most"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=False,
    )
    negative_cap = forms.DecimalField(
        label=gettext_lazy("The negative list takes off at most"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=False,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Which items"), required=False, help_text=gettext_lazy("None chosen: all.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kinds", [(kind.code, str(kind)) for kind in kinds_of(self.division)])

    def clean(self) -> dict[str, Any]:
        """Decimals as text: JSON knows none."""
        cleaned = super().clean() or {}
        for name in ("base", "positive_cap", "negative_cap"):
            if isinstance(cleaned.get(name), Decimal):
                cleaned[name] = str(cleaned[name])
        return cleaned


@dataclass(frozen=True, slots=True)
class _Item:
    """One entry, as far as it counts."""

    uuid: UUID
    kind: str
    title: str
    cap: Decimal | None
    occurred_on: date
    points: Decimal
    description: str
    state: str
    is_being_reversed: bool
    person_id: int | None
    team_id: int | None

    @property
    def is_waiting(self) -> bool:
        return self.state == LedgerState.WAITING or self.is_being_reversed


class LedgerSource(Source):
    """Base points, more for items of the positive list, less for those of the negative one."""

    key: ClassVar[str] = "ledger"
    name = gettext_lazy("Ledger of positive and negative items")
    description = gettext_lazy("Base points, plus positive and minus negative items that were confirmed.")
    settings_form = LedgerSettings

    def countable(self, division: str) -> Mapping[str, str]:
        return {f"kind:{kind.code}": kind.title for kind in kinds_of(division)}

    def find(self, inquiry: Inquiry) -> Mapping[int, Finding]:
        """Everybody has base points, so there is a finding for everybody."""
        by_person: dict[int, list[_Item]] = defaultdict(list)
        served = _by_team(inquiry)
        for item in _items(inquiry):
            for person in _concerned(item, inquiry.people, served):
                by_person[person].append(item)
        return {person: _finding(by_person.get(person, []), inquiry.settings) for person in inquiry.people}

    def link(self, ref: str) -> str:
        return reverse("performance:ledger_entry", args=[ref.partition(":")[2]])

    def office_link(self, ref: str) -> str:
        return reverse("ledger:inspect", args=[ref.partition(":")[2]])


def _items(inquiry: Inquiry) -> Iterator[_Item]:
    """Entries of these days, confirmed or waiting, that nobody has reversed; one query."""
    rows = (
        LedgerEntry.objects.between(inquiry.starts_on, inquiry.ends_on)
        .within_any([prefix_of(inquiry.division)])
        .filter(reverses=None, entered_at__lte=inquiry.cutoff)
        .exclude(state=LedgerState.DECLINED)
        .exclude(reversals__state=LedgerState.CONFIRMED)
        .annotate(
            is_being_reversed=Exists(LedgerEntry.objects.filter(reverses=OuterRef("pk"), state=LedgerState.WAITING))
        )
        .order_by("occurred_on", "pk")
    )
    if chosen := inquiry.settings.get("kinds"):
        rows = rows.filter(kind__code__in=chosen)
    columns = rows.values_list(
        *("uuid", "kind__code", "kind__title", "kind__quarter_cap", "occurred_on", "points", "description", "state"),
        *("is_being_reversed", "person_id", "team_id"),
    )
    for row in columns.iterator(chunk_size=CHUNK):
        yield _Item(*row)


def _by_team(inquiry: Inquiry) -> Mapping[int, list[tuple[int, Post]]]:
    served: dict[int, list[tuple[int, Post]]] = defaultdict(list)
    for person, posts in inquiry.people.items():
        for post in posts:
            served[post.team_id].append((person, post))
    return served


def _concerned(
    item: _Item, people: Mapping[int, Sequence[Post]], served: Mapping[int, list[tuple[int, Post]]]
) -> Iterable[int]:
    """The person; or of a team, everybody who served in it on that day."""
    if item.person_id is not None:
        return [item.person_id] if item.person_id in people else []
    if item.team_id is None:
        return []
    posts = served.get(item.team_id, [])
    return [person for person, post in posts if post.starts_on <= item.occurred_on <= post.ends_on]


def _finding(items: Sequence[_Item], settings: Mapping[str, Any]) -> Finding:
    counted = [item for item in items if item.state == LedgerState.CONFIRMED]
    added = _summed((item for item in counted if item.points > 0), settings.get("positive_cap"))
    taken = _summed((item for item in counted if item.points < 0), settings.get("negative_cap"))
    base = Decimal(settings.get("base", "80"))
    percent = min(max(base + added - taken, NOTHING), FULL)
    return Finding(
        percent=percent,
        explanation=_("%(base)s base points, %(added)s added, %(taken)s taken off.")
        % {"base": _plain(base), "added": _plain(added), "taken": _plain(taken)},
        pieces=tuple(_piece(item) for item in items),
        counts=_counts(counted),
        waiting=_("A ledger entry waits for a second person.") if any(item.is_waiting for item in items) else "",
    )


def _summed(items: Iterable[_Item], cap: str | None) -> Decimal:
    """Points without sign, each kind up to its own cap, all of them up to ``cap``."""
    by_kind: dict[str, Decimal] = defaultdict(Decimal)
    caps: dict[str, Decimal | None] = {}
    for item in items:
        by_kind[item.kind] += abs(item.points)
        caps[item.kind] = item.cap
    total = sum((_capped(points, caps[kind]) for kind, points in by_kind.items()), NOTHING)
    return _capped(total, Decimal(cap) if cap else None)


def _capped(points: Decimal, cap: Decimal | None) -> Decimal:
    return points if cap is None else min(points, cap)


def _piece(item: _Item) -> Piece:
    notes = {True: _("waits for a second person"), False: item.description}
    return Piece(
        label=item.title,
        ref=f"{LedgerSource.key}:{item.uuid}",
        on=item.occurred_on,
        value=item.points,
        note=notes[item.is_waiting],
    )


def _counts(items: Iterable[_Item]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for item in items:
        counts[f"kind:{item.kind}"] += 1
    return dict(counts)


def _plain(points: Decimal) -> str:
    return f"{points.normalize():f}"
