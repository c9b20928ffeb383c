"""How what is shown stands with whoever reads it, and 「我读过了」 under it."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from cms.domain.changes import changes_since
from cms.domain.reading import Readable, Standing, mark_read, standings, text_when_read
from cms.models import BasePage, EntryPage, NoticePage
from cms.web.gates import readable, reader
from common.clock import now
from members.models import User


def standings_of(request: HttpRequest, pages: Sequence[Readable]) -> dict[int, str]:
    """By key; nothing for whoever is not signed in."""
    person = reader(request)
    return dict(standings(pages, of=person)) if person else {}


def read_before(request: HttpRequest, page: Readable) -> dict[str, Any]:
    """For the template of a page: its standing, and the difference to what this person read."""
    person, standing = reader(request), standings_of(request, [page]).get(page.pk, "")
    seen = text_when_read(page, by=person) if person and standing == Standing.CHANGED else None
    return {"standing": standing, "changes": changes_since(seen, page.searched_text()) if seen is not None else []}


@login_required
@require_POST
def say_read(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """The button under an entry or a notice; leads back to it."""
    pages = BasePage.objects.type(EntryPage, NoticePage)
    page = get_object_or_404(readable(request, pages), pk=pk).specific
    mark_read(page, by=cast(User, request.user), at=now())
    return HttpResponseRedirect(page.url)
