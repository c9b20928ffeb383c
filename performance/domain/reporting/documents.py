"""Documents: each paper has a number, and a page on which anybody can hold its digest against what was issued."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from members.models import Division, User
from performance.enums import ReportKind
from performance.models import Computation, Document, Quarter

KEY_BYTES = 12
RUNNING_DIGITS = 3
_LEVEL_NAMES = ("自治县", "自治州", "县", "区", "市", "镇", "乡", "州", "旗")
_SHORTEST_NAME = 2


class Content(NamedTuple):
    """What stands on a paper: its title, which must name nobody, and the digest of everything on it.

    ``division``: whose people stand there, where it is not about one person.
    """

    title: str
    digest: str
    kind: ReportKind
    division: Division | None = None


def document_prefix(quarter: Quarter) -> str:
    """``岚溪考〔2026〕3季度-``: who appraised, and when."""
    return f"{short_name(quarter.division.name)}考〔{quarter.year}〕{quarter.number}季度-"


def document_number(quarter: Quarter, running: int) -> str:
    """``岚溪考〔2026〕3季度-001``; the year in hexagonal brackets, as numbers of official papers have it."""
    return f"{document_prefix(quarter)}{running:0{RUNNING_DIGITS}d}"


def short_name(name: str) -> str:
    """``岚溪县`` is ``岚溪`` in numbers; a name of two characters stays whole."""
    for level in _LEVEL_NAMES:
        if name.endswith(level) and len(name) - len(level) >= _SHORTEST_NAME:
            return name.removesuffix(level)
    return name


def issue(computation: Computation, content: Content, *, by: User, at: datetime) -> Document:
    """The document with this content: the one issued before, or a new one with the next number."""
    return issue_all(computation, [content], by=by, at=at)[0]


@transaction.atomic
def issue_all(computation: Computation, contents: Sequence[Content], *, by: User, at: datetime) -> list[Document]:
    """A document for each content, in their order. The quarter's row is held: no number is given twice."""
    quarter = Quarter.objects.select_for_update(of=("self",)).select_related("division").get(pk=computation.quarter_id)
    wanted = {content.digest: content for content in contents}
    known = _known(computation, list(wanted))
    running = Document.objects.filter(number__startswith=document_prefix(quarter)).count()
    fresh = [
        Document(
            key=secrets.token_urlsafe(KEY_BYTES),
            number=document_number(quarter, running + place),
            title=content.title[:200],
            digest=content.digest,
            kind=content.kind,
            division=content.division,
            computation=computation,
            issued_by=by,
            issued_at=at,
        )
        for place, content in enumerate((wanted[digest] for digest in wanted if digest not in known), start=1)
    ]
    Document.objects.bulk_create(fresh, batch_size=500)
    known |= {document.digest: document for document in fresh}
    return [known[content.digest] for content in contents]


def _known(computation: Computation, digests: list[str]) -> dict[str, Document]:
    found = Document.objects.filter(computation=computation, digest__in=digests)
    return {document.digest: document for document in found}


def address(document: Document) -> str:
    """The page that verifies it, as its code carries it."""
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse('performance:verify', args=[document.key])}"
