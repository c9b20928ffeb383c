"""Finding pages: which match is the index's answer, which comes first is ours, the same on every database."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, overload

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _
from modelsearch.backends import get_search_backend
from wagtail.query import PageQuerySet

from cms.models import BasePage, EntryPage, HandbookPage, LecturePage, NoticePage, readable_pages
from common.search_terms import plain
from members.models import User

KINDS: dict[str, tuple[type[BasePage], object]] = {
    "entry": (EntryPage, _("Entry")),
    "lecture": (LecturePage, _("Lecture")),
    "notice": (NoticePage, _("Notice")),
}
# Whoever searches for a single character has thousands of matches and reads the first twenty.
MOST_RANKED = 120
OPENING = 80
# What showing a hit needs of its page.
SHOWN = ("path", "title", "plain_text", "url_path", "content_type")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")


@dataclass(frozen=True)
class Filters:
    """What a search is narrowed to."""

    kind: str = ""
    handbook: HandbookPage | None = None
    with_expired: bool = False


class Hit(NamedTuple):
    """A page that was found, and the sentence it was found in: before, the hit itself, after."""

    page: BasePage
    kind: object
    before: str
    found: str
    after: str


class Candidate(NamedTuple):
    """What ranking needs of a page that matches: a model with its thirty columns costs more than all the ranking."""

    pk: int
    path: str
    title: str
    plain_text: str
    content_type: int


class Found(Sequence[Hit]):
    """What was found, the best first. A page is loaded and its sentence looked for when it is shown, not before."""

    def __init__(self, ranked: Sequence[Candidate] = (), words: Sequence[str] = ()) -> None:
        self._ranked, self._words = ranked, words

    def __len__(self) -> int:
        return len(self._ranked)

    @overload
    def __getitem__(self, place: int) -> Hit: ...

    @overload
    def __getitem__(self, place: slice) -> list[Hit]: ...

    def __getitem__(self, place: int | slice) -> Hit | list[Hit]:
        if isinstance(place, int):
            return self._hits([self._ranked[place]])[0]
        return self._hits(self._ranked[place])

    def __iter__(self) -> Iterator[Hit]:
        return iter(self[:])

    def _hits(self, ranked: Sequence[Candidate]) -> list[Hit]:
        """In one query, however many are shown."""
        shown = BasePage.objects.select_related("content_type").only(*SHOWN)
        pages = shown.in_bulk([candidate.pk for candidate in ranked])
        return [_hit(pages[candidate.pk], self._words) for candidate in ranked if candidate.pk in pages]


def search_pages(query: str, *, of: User | None, on: date, filters: Filters | None = None) -> Found:
    """Pages that ``of`` may read and that hold every word of ``query``, the best first. At most ``MOST_RANKED``."""
    words = _WORD.findall(plain(query))
    if not words:
        return Found()
    pages = _narrowed(readable_pages(_matching(query), of, on=on), filters or Filters(), on=on)
    # Sorted by their keys alone: with the texts in hand the database carries every one of thousands along.
    chosen = list(pages.order_by(_titles_first(query), "path").values_list("pk", flat=True)[:MOST_RANKED])
    rows = BasePage.objects.filter(pk__in=chosen).values_list(*Candidate._fields)
    candidates = [Candidate(*row) for row in rows]
    candidates.sort(key=lambda candidate: (-_worth(candidate, words), candidate.path))
    return Found(candidates, words)


def _matching(query: str) -> PageQuerySet:
    found = get_search_backend().search(query, BasePage, operator="and", order_by_relevance=False)
    pages: PageQuerySet = BasePage.objects.filter(pk__in=found.get_queryset().order_by().values("pk"))
    return pages


def _narrowed(pages: PageQuerySet, filters: Filters, *, on: date) -> PageQuerySet:
    kinds = [model for name, (model, _label) in KINDS.items() if filters.kind in ("", name)]
    pages = pages.type(*kinds)
    if filters.handbook:
        pages = pages.descendant_of(filters.handbook)
    return pages if filters.with_expired else pages.exclude(pk__in=EntryPage.objects.expired(on=on).values("pk"))


def _titles_first(query: str) -> Case:
    in_title = Q()
    for word in query.split():
        in_title &= Q(title__icontains=word)
    return Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())


def _worth(page: Candidate, words: Sequence[str]) -> float:
    """A word in the title weighs most, the more the less else stands there; then the opening, then how often.

    An entry is about one thing; a lecture or a notice of the same worth comes after it.
    """
    title, text = plain(page.title), plain(page.plain_text)
    worth = 4.0 if page.content_type == ContentType.objects.get_for_model(EntryPage).pk else 0.0
    for word in words:
        if word in title:
            worth += 10 + 10 * len(word) / len(title)
        worth += 4 * (word in text[:OPENING]) + min(text.count(word), 5)
    return worth


def _hit(page: BasePage, words: Sequence[str]) -> Hit:
    model = page.content_type.model_class()
    kind = next((label for found, label in KINDS.values() if found is model), "")
    sentences = _SENTENCE.findall(page.plain_text)
    for word in words:
        for sentence in sentences:
            place = plain(sentence).find(word)
            if place >= 0:
                return Hit(page, kind, *_parted(sentence, place, len(word)))
    return Hit(page, kind, sentences[0] if sentences else "", "", "")


def _parted(sentence: str, place: int, length: int) -> tuple[str, str, str]:
    # Where the comparable spelling is as long as the text, places are the same in both; elsewhere nothing is marked.
    if len(plain(sentence)) != len(sentence):
        return sentence, "", ""
    return sentence[:place], sentence[place : place + length], sentence[place + length :]
