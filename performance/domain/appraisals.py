"""A whole quarter in memory: everybody who served, by one scheme, from the evidence of one moment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from common.evidence import Finding, Post, sources
from members.enums import RequestState
from members.models import User
from performance.domain.arithmetic import Graded, Limit, Line, Standing, graded, lines_of, vetoes_of
from performance.domain.roster import posts_of_quarter
from performance.domain.schemes import grades_of, inquiry_of, rules_of, vetoes_of_scheme
from performance.models import Correction, Exemption, Quarter, Scheme

# More than a database takes in one statement are looked up otherwise.
FEW = 500
# In a list of people that lack something; the number is always whole.
MOST_NAMED = 500


@dataclass(frozen=True, slots=True)
class Card:
    """What was found of one person, before it is stored."""

    person: int
    posts: Sequence[Post]
    lines: Sequence[Line]
    corrections: Sequence[Correction]
    vetoes: tuple[Limit, ...]
    exempt: str = ""

    @property
    def last(self) -> Post:
        return self.posts[-1]

    @property
    def total(self) -> Decimal:
        points = sum((line.points for line in self.lines), Decimal(0))
        return points + sum((correction.points for correction in self.corrections), Decimal(0))


@dataclass(frozen=True)
class Appraisal:
    """A whole quarter in memory: cards in the order of staff numbers, their grades, and what is missing."""

    scheme: Scheme
    cards: Sequence[Card]
    grades: Mapping[int, Graded]
    missing: Sequence[dict[str, Any]]


def appraise(quarter: Quarter, scheme: Scheme, *, at: datetime) -> Appraisal:
    """Everybody's card by ``scheme``; nothing is stored. The number of queries does not grow with the people."""
    people = posts_of_quarter(quarter)
    exempt = dict(
        Exemption.objects.filter(quarter=quarter, state=RequestState.APPROVED).values_list("person_id", "reason")
    )
    asked = {person: posts for person, posts in people.items() if person not in exempt}
    findings, problems = _findings(quarter, scheme, asked, at=at)
    cards = _cards(quarter, scheme, people, exempt, findings)
    over_quota = _("More people reach this grade than it may have.")
    standings = [
        Standing(card.person, card.last.staff_category, card.total, card.vetoes) for card in cards if not card.exempt
    ]
    grades = graded(standings, grades_of(scheme), over_quota=over_quota)
    return Appraisal(scheme, cards, grades, [*problems, *_missing(quarter, cards)])


def _findings(
    quarter: Quarter, scheme: Scheme, people: Mapping[int, Sequence[Post]], *, at: datetime
) -> tuple[dict[int, Mapping[int, Finding]], list[dict[str, Any]]]:
    """By indicator and person; and what keeps a source from being settled, each said once."""
    found: dict[int, Mapping[int, Finding]] = {}
    problems: dict[str, dict[str, Any]] = {}
    for indicator in scheme.indicators.all():
        source = sources().get(indicator.source)
        if source is None:
            text = _("There is no source “%(source)s” for “%(title)s”.")
            text = text % {"source": indicator.source, "title": indicator.title}
            problems[text] = _lack("source", text)
            continue
        inquiry = inquiry_of(quarter, indicator, at=at, people=people)
        found[indicator.pk] = source.find(inquiry)
        problems |= {text: _lack("source", text) for text in source.problems(inquiry)}
    return found, list(problems.values())


def _cards(
    quarter: Quarter,
    scheme: Scheme,
    people: Mapping[int, Sequence[Post]],
    exempt: Mapping[int, str],
    findings: Mapping[int, Mapping[int, Finding]],
) -> list[Card]:
    rules, vetoes = rules_of(scheme), vetoes_of_scheme(scheme)
    corrections: dict[int, list[Correction]] = defaultdict(list)
    titles = {rule.title for rule in rules}
    for correction in Correction.objects.filter(quarter=quarter, indicator_title__in=titles):
        corrections[correction.person_id].append(correction)
    cards = []
    for person, posts in people.items():
        if person in exempt:
            cards.append(Card(person, posts, (), (), (), exempt[person]))
            continue
        own = {indicator: by_person[person] for indicator, by_person in findings.items() if person in by_person}
        lines = lines_of(rules, posts, own)
        cards.append(Card(person, posts, lines, corrections[person], vetoes_of(vetoes, _counts(lines))))
    return cards


def _counts(lines: Iterable[Line]) -> dict[tuple[str, str], int]:
    """Occurrences by source and name: two indicators of one source may count the same thing."""
    counts: dict[tuple[str, str], int] = {}
    for line in lines:
        for name, number in (line.finding.counts if line.finding else {}).items():
            key = (line.rule.source, name)
            counts[key] = max(counts.get(key, 0), number)
    return counts


# -- What is missing -------------------------------------------------------------------------


def _lack(code: str, text: str, people: Sequence[str] = ()) -> dict[str, Any]:
    return {"code": code, "text": text, "count": len(people), "people": list(people[:MOST_NAMED])}


def _missing(quarter: Quarter, cards: Sequence[Card]) -> list[dict[str, Any]]:
    """What people lack, each kind once with the staff numbers of all of them."""
    by_text: dict[tuple[str, str], list[int]] = defaultdict(list)
    for card in cards:
        for code, text in _lacks_of(card):
            by_text[code, text].append(card.person)
    for person in Exemption.objects.filter(quarter=quarter, state=RequestState.WAITING).values_list(
        "person_id", flat=True
    ):
        by_text["exemption", _("An exemption waits for a second person.")].append(person)
    ids = {person for people in by_text.values() for person in people}
    codes = dict(User.objects.filter(pk__in=ids).values_list("pk", "code")) if len(ids) < FEW else _codes(ids)
    lacks = [_lack(code, text, sorted(codes[pk] for pk in people)) for (code, text), people in by_text.items()]
    return [*lacks, *([] if cards else [_lack("nobody", _("Nobody served in this division in the quarter."))])]


def _codes(ids: set[int]) -> dict[int, str]:
    """Of many people: a list of that length would be more than a database takes in one statement."""
    pairs = User.objects.values_list("pk", "code").iterator(chunk_size=5000)
    return {pk: code for pk, code in pairs if pk in ids}


def _lacks_of(card: Card) -> Iterator[tuple[str, str]]:
    if not card.exempt and all(line.percent is None for line in card.lines):
        yield "nothing", _("There is no evidence at all.")
    for line in card.lines:
        if line.is_missing:
            yield "evidence", _("There is no evidence for “%(title)s”.") % {"title": line.rule.title}
        if line.finding and line.finding.waiting:
            yield "waiting", line.finding.waiting


def over_quota() -> str:
    return _("More people reach this grade than it may have.")
