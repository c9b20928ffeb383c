"""How many have read what: counts for trainers, never names. It counts nothing towards any appraisal."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from cms.models import AudienceRule, EntryPage, HandbookPage, NoticePage, ReadingRecord
from members.enums import Role
from members.models import Posting, RoleAssignment, User
from members.models.division import ancestor_codes, inside

Readers = QuerySet[User, Any] | Collection[int]
Pages = TypeVar("Pages", bound=QuerySet[Any])


class Only(StrEnum):
    """Which entries are asked for."""

    UNREAD = "unread"
    OUTDATED = "outdated"


class NoticeFigures(NamedTuple):
    """A notice, how many have read it as it is published now or only an older version, and for how many it is."""

    notice: NoticePage
    read_now: int
    read_before: int
    readers: int


class _Reader(NamedTuple):
    """What decides what a member may read."""

    # The codes of the places a member serves or holds a role in, and of everything above these.
    codes: frozenset[str]
    # Where a role other than that of a member reaches down from.
    above: tuple[str, ...]
    roles: frozenset[str]


def readers_of(handbook: HandbookPage, *, within: Iterable[str], on: date) -> Readers:
    """The active members in the divisions ``within`` (prefixes) who may read ``handbook`` on that day.

    By the same rules as ``readable_pages``, turned round: there one person and all pages, here one book and everybody.
    """
    members = _members(within)
    rules = list(AudienceRule.objects.filter(page=handbook.pk).select_related("division"))
    if not rules:
        return members.order_by().values("pk")
    return [pk for pk, reader in _readers(members, on=on).items() if any(_means(rule, reader) for rule in rules)]


def reading_figures(handbook: HandbookPage, readers: Readers, *, only: Only | None = None) -> QuerySet[EntryPage]:
    """The published entries in their order, each with ``read_now`` and ``read_before``.

    How many of ``readers`` have read the version that is published now, and how many have read only an older one.
    Counted by the database, in one query.
    """
    return _counted(EntryPage.objects.of_handbook(handbook).live(), readers, only)


def notices_read(notices: Pages, *, within: Iterable[str], only: Only | None = None) -> Pages:
    """The published ones, the newest first; ``only`` is held against all members in the divisions ``within``."""
    return _counted(notices.live(), _members(within), only).order_by("-issued_on", "-pk")  # type: ignore[attr-defined,no-any-return]


def notice_figures(notices: Iterable[NoticePage], *, within: Iterable[str], on: date) -> Iterator[NoticeFigures]:
    """Of each notice how many of its own readers have read it: every one is addressed to others.

    A constant number of queries; meant for as many notices as a page of the report shows.
    """
    shown = list(notices)
    readers = _readers(_members(within), on=on)
    rules: dict[int, list[AudienceRule]] = {notice.pk: [] for notice in shown}
    for rule in AudienceRule.objects.filter(page__in=rules).select_related("division"):
        rules[rule.page_id].append(rule)
    read: dict[int, dict[int, int | None]] = {notice.pk: {} for notice in shown}
    for page, person, revision in ReadingRecord.objects.filter(page__in=read).values_list(
        "page_id", "person_id", "revision_id"
    ):
        read[page][person] = revision
    for notice in shown:
        lines = rules[notice.pk]
        its = {pk for pk, reader in readers.items() if not lines or any(_means(line, reader) for line in lines)}
        versions = [revision for person, revision in read[notice.pk].items() if person in its]
        now = versions.count(notice.live_revision_id)
        yield NoticeFigures(notice, now, len(versions) - now, len(its))


def _members(within: Iterable[str]) -> QuerySet[User]:
    held = RoleAssignment.objects.filter(user=OuterRef("pk"), role=Role.MEMBER)
    return User.objects.filter(Exists(held.filter(inside(within, field="division__code"))), is_active=True)


def _counted(pages: Pages, readers: Readers, only: Only | None) -> Pages:
    by_readers = Q(readings__person__in=readers)
    is_current = Q(readings__revision=F("live_revision"))
    pages = pages.annotate(read_now=Count("readings", filter=by_readers & is_current))
    pages = pages.annotate(read_before=Count("readings", filter=by_readers) - F("read_now"))
    if only == Only.UNREAD:
        return pages.filter(read_now=0, read_before=0)
    return pages.filter(read_now=0, read_before__gt=0) if only == Only.OUTDATED else pages


def _readers(members: QuerySet[User], *, on: date) -> dict[int, _Reader]:
    """Three queries, however many members there are."""
    people = members.order_by().values("pk")
    roles: dict[int, list[RoleAssignment]] = {pk: [] for pk in people.values_list("pk", flat=True)}
    for assignment in RoleAssignment.objects.filter(user__in=people).select_related("division"):
        roles[assignment.user_id].append(assignment)
    serving = Posting.objects.serving(on=on).filter(person__in=people).order_by("starts_on")
    places = {posting.person_id: posting.team.division.prefix for posting in serving.select_related("team__division")}
    return {pk: _reader(held, places.get(pk)) for pk, held in roles.items()}


def _reader(held: Iterable[RoleAssignment], place: str | None) -> _Reader:
    assignments = list(held)
    prefixes = [assignment.division.prefix for assignment in assignments] + ([place] if place is not None else [])
    return _Reader(
        codes=frozenset(code for prefix in prefixes for code in ancestor_codes(prefix)),
        above=tuple(each.division.prefix for each in assignments if each.role != Role.MEMBER),
        roles=frozenset(each.role for each in assignments),
    )


def _means(rule: AudienceRule, reader: _Reader) -> bool:
    if rule.role and rule.role not in reader.roles:
        return False
    return rule.division is None or rule.division.code in reader.codes or rule.division.code.startswith(reader.above)
