"""Re-checking: what a question rests on has changed, so somebody looks at it again before it is asked.

Whoever publishes a changed entry need not know that questions cite it: ``question_bank.apps`` connects
``doubt_what_cites`` to Wagtail's ``page_published``, which a person, an approval and a timer all end in, and
``doubt_what_cites_withdrawn`` to ``page_unpublished``.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, Revision

from cms.models import BasePage, EntryPage
from cms.models.blocks import plain_text
from common.clock import now
from members.models import User
from question_bank.enums import RecheckOutcome, RecheckReason
from question_bank.models import Question, Recheck

# Wagtail's words for a version that went live, by hand and by its timer.
PUBLISHED_ACTIONS = ("wagtail.publish", "wagtail.publish.scheduled")
# The fields of an entry that a question may rest on.
SAYING = ("title", "short_answer", "body", "basis", "document_number", "region", "valid_from", "valid_to")


def said_by(entry: EntryPage) -> dict[str, str]:
    """What an entry says, by the name of the field. Its address and the day it was checked on are no part of it."""
    said = {name: str(getattr(entry, name) or "") for name in SAYING}
    return said | {"body": plain_text(entry.body)}


def said_in(revision: Revision) -> dict[str, str]:
    """What the entry said in ``revision``, read from its content alone: no page is asked for."""
    return said_by(EntryPage.from_serializable_data(revision.content, check_fks=False))


def doubt_what_cites(sender: type[EntryPage], instance: EntryPage, revision: Revision, **kwargs: Any) -> None:
    """Receiver of ``page_published``: an entry that says something else now sends its questions to re-check."""
    if not instance.live or instance.last_published_at is None or not _live_questions_of(instance).exists():
        return
    before = _published_before(instance)
    if before is not None and said_in(before) != said_by(instance):
        recheck_questions_of(instance, revision=revision, at=instance.last_published_at)


def doubt_what_cites_withdrawn(sender: type[BasePage], instance: BasePage, **kwargs: Any) -> None:
    """Receiver of ``page_unpublished``, which names no time: what nobody can read any more is asked of nobody.

    A chapter and a handbook take the entries below them along.
    """
    for entry in EntryPage.objects.descendant_of(instance, inclusive=True).filter(questions__live=True).distinct():
        recheck_questions_of(entry, revision=entry.latest_revision, at=now())


@transaction.atomic
def recheck_questions_of(entry: EntryPage, *, revision: Revision | None, at: datetime) -> list[Recheck]:
    """Open a re-check for every published question that cites ``entry``; returns the new ones. Safe to repeat.

    A question that waits already keeps its one row, which then names the newest ``revision``.
    """
    waiting = Recheck.objects.open().filter(reason=RecheckReason.ENTRY_CHANGED, question__entry=entry)
    waiting.update(entry_revision=revision)
    fresh = [
        Recheck(question=question, reason=RecheckReason.ENTRY_CHANGED, entry_revision=revision, asked_at=at)
        for question in _live_questions_of(entry).exclude(pk__in=waiting.values("question"))
    ]
    # Another publication may have been quicker; the constraint keeps one row of the two.
    Recheck.objects.bulk_create(fresh, ignore_conflicts=True)
    for recheck in fresh:
        log(recheck.question, "question_bank.open_recheck", timestamp=at, data={"entry": entry.pk})
    return fresh


@transaction.atomic
def confirm_questions(questions: Iterable[Question], *, by: User, at: datetime) -> list[Question]:
    """Say of each that it still holds, which settles its open re-checks; returns those that had any.

    Of two people who confirm at once, one settles. A doubt that arose after ``at`` stays.
    """
    return [question for question in questions if _settle(question, RecheckOutcome.CONFIRMED, by=by, at=at)]


def settle_as_edited(question: Question, *, by: User | None, at: datetime) -> None:
    """A published question says something else now. The caller holds the transaction."""
    _settle(question, RecheckOutcome.EDITED, by=by, at=at)


def settle_as_retired(question: Question, *, by: User | None, at: datetime) -> None:
    """Nobody is asked the question any more. The caller holds the transaction."""
    _settle(question, RecheckOutcome.RETIRED, by=by, at=at)


def cites_another_entry(question: Question) -> bool:
    """Does a doubt stand against it because of an entry that it does not cite any more?"""
    doubts = Recheck.objects.open().filter(question=question, reason=RecheckReason.ENTRY_CHANGED)
    return doubts.exclude(entry_revision=None).exclude(entry_revision__object_id=str(question.entry_id)).exists()


def _live_questions_of(entry: EntryPage) -> Any:
    return Question.objects.live().filter(entry=entry)


def _published_before(entry: EntryPage) -> Revision | None:
    """The version that was published last before this one.

    The row has been overwritten by now and a draft may have passed through it; Wagtail writes its log after the signal.
    """
    entries = PageLogEntry.objects.filter(page=entry.pk, action__in=PUBLISHED_ACTIONS, revision__isnull=False)
    newest = entries.select_related("revision").order_by("-timestamp", "-pk").first()
    return newest.revision if newest else None


def _settle(question: Question, outcome: RecheckOutcome, *, by: User | None, at: datetime) -> int:
    doubts = Recheck.objects.open().filter(question=question, asked_at__lte=at)
    settled = doubts.update(settled_at=at, settled_by=by, outcome=outcome)
    if settled:
        log(question, "question_bank.settle_recheck", user=by, timestamp=at, data={"outcome": outcome.value})
    return settled
