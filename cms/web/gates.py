"""Who gets to a page: the same 404 for what does not exist and what is not addressed to this person."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.timezone import localdate

from cms.models import BasePage, readable_pages
from common.clock import now
from members.models import User

Anything = TypeVar("Anything", bound=BasePage)


def reader(request: HttpRequest) -> User | None:
    """The person who reads, or None when nobody is signed in."""
    return request.user if isinstance(request.user, User) else None


def readable(request: HttpRequest, pages: QuerySet[Anything]) -> QuerySet[Anything]:
    return readable_pages(pages, reader(request), on=localdate(now()))


def check_readable(request: HttpRequest, page: BasePage) -> None:
    """Raises Http404 unless whoever asks may read ``page``."""
    if not readable(request, BasePage.objects.filter(pk=page.pk)).exists():
        raise Http404
