"""What lies on the re-check list: open re-checks, entries and questions that have expired, and what an entry changed.

Every function here asks the database the same number of times for one row and for fifty.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from wagtail.models import PageLogEntry, Revision

from cms.domain.changes import Change, changes_since
from cms.models import EntryPage
from question_bank.domain.rechecking import PUBLISHED_ACTIONS, SAYING, said_by, said_in
from question_bank.models import Question, Recheck


class FieldChange(NamedTuple):
    """One field of an entry that says something else now, sentence by sentence."""

    label: str | Promise
    sentences: list[Change]


def open_rechecks() -> QuerySet[Recheck]:
    """The oldest doubt first, with its question, topic and cited entry."""
    rows: QuerySet[Recheck] = Recheck.objects.open().select_related("question__topic", "question__entry")
    return rows.order_by("asked_at", "pk")


def expired_entries(*, on: date) -> QuerySet[EntryPage]:
    """Published entries whose last day has passed, each with the published questions that cite it in ``citing``."""
    citing = Prefetch("questions", Question.objects.live().select_related("topic").order_by("pk"), to_attr="citing")
    entries: QuerySet[EntryPage] = EntryPage.objects.live().expired(on=on).prefetch_related(citing)
    # Those that keep a question from being asked are the more urgent ones.
    entries = entries.annotate(cited=Count("questions", filter=Q(questions__live=True)))
    return entries.order_by("-cited", "valid_to", "path")


def expired_questions(*, on: date) -> QuerySet[Question]:
    """Published questions whose own last day has passed."""
    return Question.objects.live().expired(on=on).select_related("topic", "entry").order_by("valid_to", "pk")


def entry_changes(questions: Iterable[Question]) -> Mapping[int, list[FieldChange]]:
    """By the number of the question: what its entry says now against what it said when the question was last right.

    That is when it was published or confirmed, whichever was later. Questions without an entry are left out, and those
    whose entry's version of that day is gone. Three queries.
    """
    cited = [(question, question.entry) for question in questions if question.entry]
    since = _last_right([question for question, _entry in cited])
    published = _publications({entry.pk for _question, entry in cited})
    wanted = {question.pk: _at(published.get(entry.pk, []), since[question.pk]) for question, entry in cited}
    revisions = Revision.objects.in_bulk([pk for pk in wanted.values() if pk])
    pairs = [(question, entry, revisions.get(wanted[question.pk] or 0)) for question, entry in cited]
    return {question.pk: _changes(said_in(revision), said_by(entry)) for question, entry, revision in pairs if revision}


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[FieldChange]:
    return [
        FieldChange(EntryPage._meta.get_field(name).verbose_name, changes_since(before[name], after[name]))
        for name in SAYING
        if before[name] != after[name]
    ]


def _last_right(questions: Iterable[Question]) -> dict[int, datetime | None]:
    moments = {question.pk: question.last_published_at for question in questions}
    settled = Recheck.objects.filter(question__in=moments).exclude(settled_at=None).order_by()
    for pk, moment in settled.values_list("question").annotate(Max("settled_at")):
        moments[pk] = max(filter(None, (moments[pk], moment)))
    return moments


def _publications(entries: Iterable[int]) -> dict[int, list[tuple[datetime, int]]]:
    """Every publication of the entries by Wagtail's log: when, and which version; the oldest first."""
    rows = PageLogEntry.objects.filter(page__in=entries, action__in=PUBLISHED_ACTIONS, revision__isnull=False)
    published: dict[int, list[tuple[datetime, int]]] = {}
    for page, moment, revision in rows.order_by("timestamp", "pk").values_list("page", "timestamp", "revision"):
        published.setdefault(page, []).append((moment, revision))
    return published


def _at(published: list[tuple[datetime, int]], moment: datetime | None) -> int | None:
    """The version that was published at ``moment``; a question older than its entry is held against the first."""
    earlier = [revision for when, revision in published if moment is not None and when <= moment]
    return earlier[-1] if earlier else published[0][1] if published else None
