"""What there is to read anew, among the next steps of a person. It may be left; nothing is counted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.domain.next_steps import Step
from cms.models import BasePage, EntryPage, NoticePage, ReadingRecord, readable_pages
from members.models import User

# So long a page counts as new.
NEWS = timedelta(days=14)
# So many of the newest are looked at; of more than MANY the figure says nothing more.
MOST = 99
MANY = 50


def reading_steps(person: User, *, at: datetime) -> list[Step]:
    """A provider for :mod:`cms.domain.next_steps`: new notices in one step, what is new in the handbooks in another."""
    pages = _news(person, at=at)
    entries = [page for page in pages if page.specific_class is EntryPage]
    changed, new = [page for page in entries if page.changed], [page for page in entries if not page.read]
    notices = [page for page in pages if page.specific_class is NoticePage and (page.changed or not page.read)]
    steps = [_notices(notices) if notices else None, _entries(changed, new) if changed or new else None]
    return [step for step in steps if step]


def _news(person: User, *, at: datetime) -> Sequence[Any]:
    """Pages that came lately or changed since they were read, in one query; ``read`` and ``changed`` say which."""
    readings = ReadingRecord.objects.of(person)
    outdated = readings.exclude(revision_id=F("page__live_revision_id"))
    # Cut before anything is asked about readers: after a book was brought in thousands are new.
    lately = BasePage.objects.live().type(EntryPage, NoticePage).filter(first_published_at__gt=at - NEWS)
    newest = lately.order_by("-first_published_at", "-pk")
    pages = BasePage.objects.filter(Q(pk__in=newest.values("pk")[:MOST]) | Q(pk__in=outdated.values("page")))
    holding = pages.exclude(pk__in=EntryPage.objects.expired(on=localdate(at)).values("pk"))
    told = holding.annotate(
        read=Exists(readings.filter(page=OuterRef("pk"))), changed=Exists(outdated.filter(page=OuterRef("pk")))
    )
    readable = readable_pages(told, person, on=localdate(at)).order_by("-last_published_at", "-pk")
    return list(readable.only("title", "url_path", "content_type"))


def _notices(notices: Sequence[Any]) -> Step:
    only = notices[0] if len(notices) == 1 else None
    several = ngettext("%(n)s new notice", "%(n)s new notices", len(notices)) % {"n": len(notices)}
    return Step(
        title=only.title if only else several,
        detail=_("Changed since you read it")
        if all(page.changed for page in notices)
        else _("Notices of the last two weeks"),
        url=only.url if only else "/notices/",
        action=_("Read the notice") if only else _("See the notices"),
        headline=_("There is a new notice"),
        weight=30,
    )


def _entries(changed: Sequence[BasePage], new: Sequence[BasePage]) -> Step:
    only = (*changed, *new)[0] if len(changed) + len(new) == 1 else None
    return Step(
        title=only.title if only else _("The handbooks have changed"),
        detail=_("Changed since you read them: %(changed)s; new: %(new)s")
        % {"changed": _figure(changed), "new": _figure(new)},
        url=reverse("entry_link", args=[only.pk]) if only else "/handbooks/",
        action=_("Read the entry") if only else _("See the handbooks"),
        headline=_("There is something new to read"),
        weight=10,
    )


def _figure(pages: Sequence[BasePage]) -> str:
    return f"{MANY}+" if len(pages) > MANY else str(len(pages))
