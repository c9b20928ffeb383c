"""The pages that every installation has: a root, and a shelf each for handbooks, lectures and notices."""

from typing import NamedTuple, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Locale, Site

from cms.models import BasePage, HandbookIndexPage, LectureIndexPage, NoticeIndexPage

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


def _home() -> BasePage:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site:
        return BasePage.objects.get(pk=site.root_page_id)
    Locale.objects.get_or_create(language_code="zh-hans")
    root = BasePage.get_first_root_node() or BasePage.add_root(instance=_plain("Root", "root"))
    home = root.get_children().first() or root.add_child(instance=_plain("应知", "home"))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return BasePage.objects.get(pk=home.pk)


def _plain(title: str, slug: str) -> BasePage:
    return BasePage(title=title, slug=slug, content_type=ContentType.objects.get_for_model(BasePage))


def _shelf(home: BasePage, model: type[Index], slug: str, title: str) -> Index:
    return model.objects.first() or home.add_child(instance=model(title=title, slug=slug))
