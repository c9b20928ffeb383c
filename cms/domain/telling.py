"""Telling people what waits for their review, what became of what they sent, and what was remarked about it.

In place of Wagtail's letters: those go to every trainer of every township, with titles of what is closed to them, a
letter for each page of a book.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from wagtail.models import AbstractGroupApprovalTask, Comment, CommentReply, PageSubscription, TaskState, WorkflowState

from cms.models import BasePage, HandbookPage
from cms.models.audience import OWNER_PATH
from cms.models.desk import is_closed
from cms.models.review import hands_in
from members.domain.messages import send_messages
from members.models import Message, User

_is_told_as_one: ContextVar[bool] = ContextVar("cms_is_told_as_one", default=False)


class Matter(NamedTuple):
    """What is told about: a handbook as a whole, a lecture, a notice, or everything of a kind that is no page.

    ``link`` leads reviewers to it. ``may_be_more``: further things of it wait or are done by the time one looks.
    """

    key: str
    title: str
    link: str
    may_be_more: bool


@contextmanager
def told_as_one() -> Iterator[None]:
    """What happens to many pages here is told by whoever makes it happen, not page by page."""
    token = _is_told_as_one.set(True)
    try:
        yield
    finally:
        _is_told_as_one.reset(token)


def matter_of(thing: Any) -> Matter:
    if not isinstance(thing, BasePage):
        return matter_of_kind(type(thing))
    return matter_of_owner(BasePage.objects.get(path=thing.path[:OWNER_PATH]))


def matter_of_owner(owner: BasePage) -> Matter:
    if owner.specific_class is HandbookPage:
        link = reverse("book_review:approve", args=[owner.pk])
        return Matter(f"page:{owner.pk}", owner.draft_title, link, may_be_more=True)
    return Matter(f"page:{owner.pk}", owner.draft_title, _editor_of(owner), may_be_more=False)


def matter_of_kind(kind: Any) -> Matter:
    link = reverse(kind.snippet_viewset.get_url_name("list"))
    return Matter(kind._meta.label_lower, str(kind._meta.verbose_name_plural), link, may_be_more=True)


def tell_reviewers(sender: Any, instance: TaskState, **kwargs: Any) -> None:
    """Receiver of ``task_submitted``: those who may approve it hear of it, unless they have not yet opened what they
    were told of the same matter.
    """
    task, thing = instance.task.specific, instance.workflow_state.content_object
    if _is_told_as_one.get() or not isinstance(task, AbstractGroupApprovalTask):
        return
    with override(settings.LANGUAGE_CODE):
        matter = matter_of(thing)
        people = _without_unread(User.objects.exclude(pk__in=hands_in(thing)), _key("review", matter))
        by = instance.workflow_state.requested_by
        said = _("%(person)s has sent “%(title)s” to review.") % {"person": _name(by), "title": _title(thing)}
        _tell_of_review(_reviewers(task, thing, people), matter, said, of=instance, at=instance.started_at)


def tell_of_sent_book(book: HandbookPage, sent: Sequence[WorkflowState], *, by: User, at: datetime) -> None:
    """As ``tell_reviewers``, once for all the pages of a book that ``by`` has sent."""
    first = sent[0].current_task_state
    pages = BasePage.objects.filter(pk__in=[state.object_id for state in sent])
    writers = set(pages.order_by().values_list("latest_revision__user", flat=True))
    # Of those who wrote a part each, everybody approves the parts of the others.
    alone = {by.pk, *(writers if len(writers) == 1 else ())} - {None}
    with override(settings.LANGUAGE_CODE):
        count = len(sent)
        said = ngettext(
            "%(person)s has sent %(n)s page to review.", "%(person)s has sent %(n)s pages to review.", count
        ) % {"person": _name(by), "n": count}
        people = _reviewers(first.task.specific, book, User.objects.exclude(pk__in=alone))
        _tell_of_review(people, matter_of(book), said, of=first, at=at)


def tell_approved(sender: Any, instance: WorkflowState, user: User | None = None, **kwargs: Any) -> None:
    """Receiver of ``workflow_approved``: whoever sent it hears of it; of many questions once, until they look."""
    thing, person = instance.content_object, instance.requested_by
    if _is_told_as_one.get() or not _is_told(person, user):
        return
    with override(settings.LANGUAGE_CODE):
        said = _("%(person)s has approved “%(title)s”.") % {"person": _name(user), "title": _title(thing)}
        matter, title = matter_of(thing), _title(thing)
        people = User.objects.filter(pk=person.pk)
        if not isinstance(thing, BasePage):
            people, title = _without_unread(people, _key("approved", matter)), matter.title
        _tell_sender(people, "approved", _("Approved: %(title)s") % {"title": title}, said, instance)


def tell_of_approved_book(book: HandbookPage, senders: Iterable[User | None], *, by: User, at: datetime) -> None:
    """``senders``: for each page that was approved, whoever sent it."""
    counts = Counter(sender for sender in senders if sender is not None and _is_told(sender, by))
    with override(settings.LANGUAGE_CODE):
        matter = matter_of(book)
        for sender, count in counts.items():
            said = ngettext("%(person)s has approved %(n)s page.", "%(person)s has approved %(n)s pages.", count)
            send_messages(
                [sender],
                key=f"{_key('approved', matter)}{int(at.timestamp())}",
                subject=_("Approved: %(title)s") % {"title": matter.title},
                text=said % {"person": _name(by), "n": count},
                link=reverse("wagtailadmin_explore", args=[book.pk]),
                at=at,
            )


def tell_sent_back(sender: Any, instance: WorkflowState, user: User | None = None, **kwargs: Any) -> None:
    """Receiver of ``workflow_rejected``: whoever sent it hears why."""
    thing, person = instance.content_object, instance.requested_by
    if not _is_told(person, user):
        return
    with override(settings.LANGUAGE_CODE):
        said = _("%(person)s has sent “%(title)s” back.") % {"person": _name(user), "title": _title(thing)}
        said = "\n".join(part for part in (said, instance.current_task_state.comment) if part)
        _tell_sender([person], "sent_back", _("Sent back: %(title)s") % {"title": _title(thing)}, said, instance)


def tell_remarked(page: BasePage, people: Iterable[User], *, by: User, at: datetime) -> None:
    """Those who take part in the remarks on a page hear that there are others."""
    with override(settings.LANGUAGE_CODE):
        send_messages(
            [person for person in people if person != by and person.is_active and not is_closed(page, person)],
            key=f"cms.remarked:{page.pk}:{at.timestamp()}",
            subject=_("Remarks: %(title)s") % {"title": page.draft_title},
            text=_("%(person)s has written or settled remarks.") % {"person": _name(by)},
            link=_editor_of(page),
            at=at,
        )


def taking_part(page: BasePage, remarks: Iterable[Comment]) -> QuerySet[User]:
    """Whoever asked to hear of all remarks on ``page``, and who wrote these or answered them."""
    keys = [remark.pk for remark in remarks]
    asked = PageSubscription.objects.filter(page=page, comment_notifications=True)
    wrote = Comment.objects.filter(pk__in=keys)
    answered = CommentReply.objects.filter(comment__in=keys)
    return User.objects.filter(
        Q(pk__in=asked.values("user")) | Q(pk__in=wrote.values("user")) | Q(pk__in=answered.values("user"))
    )


def _reviewers(task: Any, thing: Any, people: Any) -> list[User]:
    found = people.filter(is_active=True, groups__in=task.groups.all()).distinct().order_by("pk")
    return [person for person in found if not isinstance(thing, BasePage) or not is_closed(thing, person)]


def _key(what: str, matter: Matter) -> str:
    return f"cms.{what}:{matter.key}:"


def _without_unread(people: Any, key: str) -> Any:
    """Those of ``people`` who have opened everything they were told under keys that begin with ``key``."""
    return people.filter(~Exists(Message.objects.unread().filter(person=OuterRef("pk"), key__startswith=key)))


def _tell_of_review(people: Iterable[User], matter: Matter, said: str, *, of: TaskState, at: datetime) -> None:
    send_messages(
        people,
        key=f"{_key('review', matter)}{of.pk}",
        subject=_("For your review: %(title)s") % {"title": matter.title},
        text="\n".join([said, _("There may be more by the time you look.")]) if matter.may_be_more else said,
        link=matter.link,
        at=at,
    )


def _tell_sender(people: Iterable[User], what: str, subject: str, said: str, state: WorkflowState) -> None:
    decided = state.current_task_state
    send_messages(
        people,
        key=f"{_key(what, matter_of(state.content_object))}{decided.pk}",
        subject=subject,
        text=said,
        link=_editor_of(state.content_object),
        at=decided.finished_at,
    )


def _is_told(sender: User | None, by: User | None) -> bool:
    return sender is not None and sender != by and sender.is_active


def _name(person: User | None) -> str:
    return person.name if person else _("Somebody")


def _title(thing: Any) -> str:
    return str(thing.draft_title if isinstance(thing, BasePage) else thing)


def _editor_of(thing: Any) -> str:
    if isinstance(thing, BasePage):
        return reverse("wagtailadmin_pages:edit", args=[thing.pk])
    return reverse(type(thing).snippet_viewset.get_url_name("edit"), args=[thing.pk])
