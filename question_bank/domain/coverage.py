"""Coverage: which entries no question tests, and which topics rest on no entry."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from cms.models import ChapterPage, EntryPage, HandbookPage
from cms.models.audience import OWNER_PATH
from cms.models.desk import on_desk
from members.models import User
from question_bank.models import Question, Topic

CHAPTER_PATH = OWNER_PATH + EntryPage.steplen
Pages = TypeVar("Pages", bound=QuerySet[Any])


@dataclass
class Covered:
    """How many entries there are in a chapter or a handbook, and how many of them a published question tests."""

    title: str
    path: str
    entries: int = 0
    tested: int = 0
    chapters: list["Covered"] = field(default_factory=list)

    @property
    def untested(self) -> int:
        return self.entries - self.tested

    @property
    def share(self) -> float:
        return self.tested / self.entries if self.entries else 0.0


def coverage(*, on: date, of: User | None = None) -> list[Covered]:
    """Every handbook with its chapters in the order of the books. Entries that have expired are not counted.

    With ``of`` those alone that lie on that person's desk.

    Three queries, however many entries there are: the database counts them.
    """
    rows = _counted(on)
    titles = dict(ChapterPage.objects.values_list("path", "title"))
    handbooks = _on_desk(HandbookPage.objects.live(), of).order_by("path").values_list("path", "title")
    books = {path: Covered(title, path) for path, title in handbooks}
    for path, entries, tested in rows:
        book = books.get(path[:OWNER_PATH])
        if book:
            book.chapters.append(Covered(titles.get(path, ""), path, entries, tested))
            book.entries += entries
            book.tested += tested
    return list(books.values())


def untested_entries(*, on: date, handbook: HandbookPage | None = None, of: User | None = None) -> QuerySet[EntryPage]:
    """Published entries that hold on that day and that no published question cites, in the order of the books."""
    entries = _on_desk(_entries(on).filter(~_tested()), of)
    if handbook:
        entries = entries.filter(path__startswith=handbook.path)
    return entries.order_by("path")


def topics_without_entry() -> QuerySet[Any]:
    """Topics of which no published question cites an entry, with the ``asked`` number of their published questions."""
    cited = Question.objects.live().filter(topic=OuterRef("pk"), entry__isnull=False)
    topics = Topic.objects.filter(~Exists(cited))
    return topics.annotate(asked=Count("questions", filter=Q(questions__live=True))).order_by("code")


def _on_desk(pages: Pages, person: User | None) -> Pages:
    return on_desk(pages, person) if person else pages


def _entries(on: date) -> QuerySet[EntryPage]:
    entries: QuerySet[EntryPage] = EntryPage.objects.live().current(on=on)
    return entries


def _tested() -> Exists:
    return Exists(Question.objects.live().filter(entry=OuterRef("pk")))


def _counted(on: date) -> list[tuple[str, int, int]]:
    counted = _entries(on).annotate(is_tested=_tested(), chapter=Substr("path", 1, CHAPTER_PATH)).order_by()
    rows = counted.values("chapter").annotate(entries=Count("pk"), tested=Count("pk", filter=Q(is_tested=True)))
    return list(rows.order_by("chapter").values_list("chapter", "entries", "tested"))
