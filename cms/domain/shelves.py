"""The pages that every installation has: a root, and a shelf each for handbooks, lectures and notices."""

from typing import NamedTuple, TypeVar

from django.db import transaction
from wagtail.models import Collection, Locale, Site

from cms.models import BasePage, HandbookIndexPage, LectureIndexPage, NoticeIndexPage

WELCOME = "Welcome to your new Wagtail site!"
HOME = "应知"

Index = TypeVar("Index", bound=BasePage)


class Shelves(NamedTuple):
    """Where new pages go."""

    handbooks: HandbookIndexPage
    lectures: LectureIndexPage
    notices: NoticeIndexPage


@transaction.atomic
def ensure_shelves() -> Shelves:
    """The three shelves, made where they are missing. Safe to repeat; titles that an office changed stay."""
    home = _home()
    return Shelves(
        _shelf(home, HandbookIndexPage, "handbooks", "手册"),
        _shelf(home, LectureIndexPage, "lectures", "讲堂"),
        _shelf(home, NoticeIndexPage, "notices", "工作提示"),
    )


def ensure_root_collection() -> Collection:
    """Where uploaded files go; Wagtail's migrations make it, an emptied database has none."""
    return Collection.get_first_root_node() or Collection.add_root(name="Root")


def _home() -> BasePage:
    """The page at ``/``: the root of the site, made with everything above it where that is missing."""
    Locale.objects.get_or_create(language_code="zh-hans")
    site = Site.objects.filter(is_default_site=True).first()
    if site:
        # Wagtail's migrations made it under this title; staff see it above the shelves.
        BasePage.objects.filter(pk=site.root_page_id, title=WELCOME).update(title=HOME, draft_title=HOME)
        found: BasePage = BasePage.objects.get(pk=site.root_page_id)
        return found
    root = BasePage.get_first_root_node() or BasePage.add_root(instance=BasePage(title="Root", slug="root"))
    home: BasePage = root.get_children().first() or root.add_child(instance=BasePage(title=HOME, slug="home"))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return home


def _shelf(home: BasePage, model: type[Index], slug: str, title: str) -> Index:
    shelf: Index = model.objects.first() or home.add_child(instance=model(title=title, slug=slug))
    return shelf
