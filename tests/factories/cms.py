"""The smallest valid handbooks and notices."""

from datetime import date
from typing import Any

from wagtail.rich_text import RichText

from cms.domain.importing import Book, Chapter, Entry, shelve
from cms.domain.importing.shelving import add_page
from cms.domain.shelves import ensure_shelves
from cms.models import AudienceRule, BasePage, EntryPage, HandbookPage, LecturePage, NoticePage
from common.clock import now
from members.models import Division, User


def an_entry(title: str = "驻村天数", *, text: str = "全年二百天。每季度五十天。", **fields: Any) -> Entry:
    body = [{"type": "text", "value": f"<p>{text}</p>"}]
    return Entry(**{"title": title, "short_answer": "在村里住。", "basis": "县级制度", "body": body, **fields})


def a_handbook(*entries: Entry, title: str = "应知手册", public: bool = False, **audience: Any) -> HandbookPage:
    """Published, with one chapter; ``audience`` is a division, a role or both."""
    book = Book(title, chapters=[Chapter("第一章", entries=list(entries) or [an_entry()])])
    handbook = shelve(book, by=None, at=now(), publish=True)
    BasePage.objects.filter(pk=handbook.pk).update(is_public=public)
    if audience:
        AudienceRule.objects.create(page=BasePage.objects.get(pk=handbook.pk), **audience)
    return HandbookPage.objects.get(pk=handbook.pk)


def entry_of(handbook: HandbookPage, place: int = 0) -> EntryPage:
    return EntryPage.objects.of_handbook(handbook)[place]


def a_notice(title: str = "开会通知", *, division: Division | None = None) -> NoticePage:
    page = NoticePage(
        title=title,
        slug=f"notice-{title}",
        issue="2026年第1期",
        issued_on=date(2026, 1, 1),
        body=[("text", RichText("<p>请到会。</p>"))],
    )
    if division:
        page.audience_rules = [AudienceRule(division=division)]
    add_page(ensure_shelves().notices, page, by=None, publish=True)
    return NoticePage.objects.get(pk=page.pk)


def rewrite(entry: EntryPage, short_answer: str, *, by: User | None = None) -> EntryPage:
    """Publish another version."""
    entry.short_answer = short_answer
    entry.save_revision(user=by).publish(user=by)
    return EntryPage.objects.get(pk=entry.pk)


def a_lecture(title: str = "政策讲解", *, division: Division | None = None, **fields: Any) -> LecturePage:
    said = {"speaker": "李老师", "held_on": date(2026, 1, 2), "summary": "讲清一件事。", **fields}
    page = LecturePage(title=title, slug=f"lecture-{title}", **said)
    if division:
        page.audience_rules = [AudienceRule(division=division)]
    ensure_shelves().lectures.add_child(instance=page)
    page.save_revision().publish()
    return LecturePage.objects.get(pk=page.pk)
