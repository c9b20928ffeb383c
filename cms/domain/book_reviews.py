"""A whole handbook to review, and a whole handbook approved: what Wagtail does page by page, in one action.

The same review by a second person as for a single page: whoever wrote a version or asked for its review is not offered
its approval, and what they may not approve stays as it is.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.domain.telling import tell_of_approved_book, tell_of_sent_book, told_as_one
from cms.models import BasePage, ChapterPage, EntryPage, HandbookPage
from cms.models.review import APPROVE
from common.refusals import Refusal
from members.models import User


class BookHasChanged(Refusal):
    """Somebody wrote, submitted or approved pages of the book between looking and pressing the button."""

    code = "book_has_changed"


@dataclass(frozen=True)
class Bundle:
    """The pages of a book, in its order, that one action is about. ``others`` wait as well but not for this person."""

    pages: list[Any]
    others: int = 0

    def counts(self) -> dict[str, int]:
        kinds = {"handbooks": HandbookPage, "chapters": ChapterPage, "entries": EntryPage}
        return {name: sum(isinstance(page, kind) for page in self.pages) for name, kind in kinds.items()}

    def digest(self) -> str:
        """Changes with the pages and their versions: what was shown is what is done."""
        return sha256(repr([(page.pk, page.latest_revision_id) for page in self.pages]).encode()).hexdigest()


def to_submit(handbook: HandbookPage, *, by: User) -> Bundle:
    """Pages with a draft that nobody reviews yet and that ``by`` may send to review. ``others`` are locked."""
    drafts = [page for page in _pages_of(handbook) if page.has_unpublished_changes and not page.current_workflow_state]
    mine = [page for page in drafts if _may_submit(page, by)]
    return Bundle(mine, others=len(drafts) - len(mine))


def to_approve(handbook: HandbookPage, *, by: User) -> Bundle:
    """Pages in review that ``by`` may approve. ``others`` were written or sent by the same person."""
    waiting = [page for page in _pages_of(handbook) if page.current_workflow_task_state]
    theirs = [page for page in waiting if _may_approve(page, by)]
    return Bundle(theirs, others=len(waiting) - len(theirs))


@transaction.atomic
def submit_book(handbook: HandbookPage, *, shown: str, by: User, at: datetime) -> int:
    """Send to review what ``to_submit`` names; returns how many pages. All or nothing; a second time it is nothing.

    Refuses with ``BookHasChanged`` unless ``shown`` is the digest of what would be sent now.
    """
    bundle = to_submit(_held(handbook), by=by)
    _check_shown(bundle, shown)
    with told_as_one():
        sent = [page.get_workflow().start(page, by) for page in bundle.pages]
    if sent:
        tell_of_sent_book(handbook, sent, by=by, at=at)
    return _noted(handbook, "cms.submit_book", bundle, by=by, at=at)


@transaction.atomic
def approve_book(handbook: HandbookPage, *, shown: str, by: User, at: datetime) -> int:
    """Approve what ``to_approve`` names, which publishes it; returns how many pages. Like ``submit_book`` otherwise."""
    bundle = to_approve(_held(handbook), by=by)
    _check_shown(bundle, shown)
    senders = [page.current_workflow_state.requested_by for page in bundle.pages]
    with told_as_one():
        for page in bundle.pages:
            page.current_workflow_task.on_action(page.current_workflow_task_state, by, APPROVE)
    tell_of_approved_book(handbook, senders, by=by, at=at)
    return _noted(handbook, "cms.approve_book", bundle, by=by, at=at)


def _pages_of(handbook: HandbookPage) -> list[Any]:
    pages = BasePage.objects.descendant_of(handbook, inclusive=True).order_by("path")
    return list(pages.specific().prefetch_workflow_states())


def _may_submit(page: Any, person: User) -> bool:
    permissions = page.permissions_for_user(person)
    return bool(permissions.can_edit() and permissions.can_submit_for_moderation())


def _may_approve(page: Any, person: User) -> bool:
    return any(name == APPROVE for name, _label, _form in page.current_workflow_task.get_actions(page, person))


def _held(handbook: HandbookPage) -> HandbookPage:
    """The handbook, held until the transaction ends: of two people who press at once, one does it."""
    found: HandbookPage = HandbookPage.objects.select_for_update(of=("self",)).get(pk=handbook.pk)
    return found


def _check_shown(bundle: Bundle, shown: str) -> None:
    if bundle.digest() != shown:
        raise BookHasChanged(_("Pages of this handbook have changed since they were shown. Look at them again."))


def _noted(handbook: HandbookPage, action: str, bundle: Bundle, *, by: User, at: datetime) -> int:
    if bundle.pages:
        log(handbook, action, user=by, timestamp=at, data=bundle.counts())
    return len(bundle.pages)
