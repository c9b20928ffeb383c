"""Pages about a question that the storeys above have, told by them: this app knows nothing of what is on them."""

from typing import NamedTuple

from django.utils.functional import Promise

from members.models import User


class FurtherPage(NamedTuple):
    """A page about one question: ``url_name`` takes its number; ``permission`` is what a reader needs."""

    label: str | Promise
    url_name: str
    icon_name: str
    permission: str


_pages: list[FurtherPage] = []


def register(page: FurtherPage) -> None:
    """Link to ``page`` too. Registering it again changes nothing."""
    if page not in _pages:
        _pages.append(page)


def further_pages(person: User) -> list[FurtherPage]:
    """Those that ``person`` may open."""
    return [page for page in _pages if person.has_perm(page.permission)]
