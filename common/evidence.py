"""Where an appraisal gets its figures: the app that owns evidence registers a source here, in ``apps.ready``.

Whoever computes asks every source the same questions and knows none of them, so that spot checks, attendance or
contests join by registering. Reading time, sign-ins and practice are no evidence: nothing registers them, and a test
holds it so.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Post:
    """One post of one person inside the span; both days count."""

    team_id: int
    division_code: str
    role: str
    staff_category: str
    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True)
class Inquiry:
    """What a source is asked: about whom, for which days, and what was known at ``cutoff``.

    ``people`` maps ids of people to their posts, in order; ``division`` is the twelve-digit code of the division that
    appraises, ``settings`` what the indicator says to the source.
    """

    division: str
    starts_on: date
    ends_on: date
    cutoff: datetime
    people: Mapping[int, Sequence[Post]]
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence that a person can check. ``ref`` is the key of its source and what it finds it by.

    Such as ``exams:<uuid of the attempt>``. ``value`` of ``of`` (points of points); either may be None.
    """

    label: str
    ref: str
    on: date | None = None
    value: Decimal | None = None
    of: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a source knows of one person. ``percent`` of what can be reached (0 to 100); None: no evidence.

    ``explanation`` says in plain words how the percent came about. ``counts`` are occurrences for veto conditions,
    under the names that ``Source.countable`` lists. ``waiting`` says what is not settled yet; with it nothing can be
    published.
    """

    percent: Decimal | None
    explanation: str = ""
    pieces: tuple[Piece, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    waiting: str = ""


class SettingsForm(forms.Form):
    """The settings of one indicator as its source declares them; ``cleaned_data`` is stored as JSON.

    ``division`` is a twelve-digit code.
    """

    def __init__(self, *args: Any, division: str, starts_on: date, ends_on: date, **kwargs: Any) -> None:
        self.division, self.starts_on, self.ends_on = division, starts_on, ends_on
        super().__init__(*args, **kwargs)

    def offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        """Set the choices of a field that depend on the division or the days."""
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)


class Source(ABC):
    """One kind of evidence. ``key`` is stored with indicators: it never changes."""

    key: ClassVar[str]
    name: ClassVar[str | Promise]
    # What it gives, in a sentence, for who writes a scheme.
    description: ClassVar[str | Promise] = ""
    settings_form: ClassVar[type[SettingsForm]] = SettingsForm

    def countable(self, division: str) -> Mapping[str, str]:
        """What it counts for veto conditions: name and label."""
        return {}

    # Most have nothing to settle.
    def settle(self, inquiry: Inquiry) -> None:  # noqa: B027
        """Bring the evidence up to date before it is read: close what is overdue."""

    def problems(self, inquiry: Inquiry) -> Iterable[str]:
        """What keeps the span from being settled, whoever it concerns: an exam that still runs."""
        return ()

    def changed_since(self, inquiry: Inquiry) -> Iterable[str]:
        """What was put right in the evidence after ``inquiry.cutoff``, for who counted it then: a sentence for each."""
        return ()

    @abstractmethod
    def find(self, inquiry: Inquiry) -> Mapping[int, Finding]:
        """A finding for each person of whom there is something to say. Constant queries, however many people."""

    def link(self, ref: str) -> str:
        """Where a piece can be looked at by the person it is about; empty where there is no such page."""
        return ""

    def office_link(self, ref: str) -> str:
        """Where somebody of the office looks at a piece."""
        return ""


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Make a source available to schemes; the same key again replaces the former."""
    _sources[source.key] = source


def forget_source(key: str) -> None:
    _sources.pop(key, None)


def sources() -> dict[str, Source]:
    """Every source by its key, in the order of registration."""
    return dict(_sources)


def source_of(ref: str) -> Source | None:
    """The source whose pieces look like this: the part before the colon is its key."""
    return _sources.get(ref.partition(":")[0])
