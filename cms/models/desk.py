"""Whose desk a page lies on: staff work on what is addressed to their divisions, drafts included.

Wagtail's permissions are given to groups and know no divisions. What is told here is asked by every view of the staff
interface: of one page by ``BasePage.permissions_for_user``, of many by the policy that Wagtail looks up for pages.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.db.models.lookups import In
from wagtail.models import PagePermissionTester
from wagtail.permission_policies.pages import PagePermissionPolicy

from cms.models.audience import OWNER_DEPTH, OWNER_PATH, AudienceRule
from cms.models.page import BasePage
from members.enums import Role
from members.models import Division, User
from members.models.division import ancestor_codes

COUNTY_PREFIX_LENGTH = 6

# The code of a division, or None for everywhere, and a role, or "" for everybody.
Line = tuple[str | None, str]
Pages = TypeVar("Pages", bound=QuerySet[Any])


def closed_owners(person: User) -> Collection[str]:
    """Paths of the handbooks, lectures and notices that ``person`` may not work on; asked once for a person in hand.

    What members read and the draft above it may be addressed to different people: both must let a person in.
    """
    if person.is_superuser:
        return ()
    known: Collection[str] | None = getattr(person, "_closed_owners", None)
    if known is None:
        may_work_on = _desk_of(person)
        audiences = (*_published_audiences().items(), *_draft_audiences())
        known = {path for path, lines in audiences if lines and not any(map(may_work_on, lines))}
        person._closed_owners = known  # type: ignore[attr-defined]
    return known


def works_for_county(person: User) -> bool:
    """Whether every page lies on the person's desk, whoever it is addressed to."""
    return person.is_superuser or any(len(prefix) <= COUNTY_PREFIX_LENGTH for prefix in _works_for(person))


def is_closed(page: BasePage, person: Any) -> bool:
    owner = (page.path or "")[:OWNER_PATH]
    # The shelves are everybody's, and asked for on every page of the staff interface.
    return isinstance(person, User) and len(owner) == OWNER_PATH and owner in closed_owners(person)


def on_desk(pages: Pages, person: User) -> Pages:
    """Those of ``pages`` that are not closed to ``person``."""
    closed = closed_owners(person)
    if not closed:
        return pages
    # By key: the search backends read the conditions of a query and know no functions of columns.
    below = BasePage.objects.filter(In(Substr("path", 1, OWNER_PATH), closed))
    return pages.exclude(pk__in=below.order_by().values("pk"))


def _desk_of(person: User) -> Callable[[Line], bool]:
    """Whether a line of an audience means ``person``, or people of the divisions that ``person`` works for."""
    works_for = _works_for(person)
    roles = {held.role for held in person.roles_held}
    own = {code for held in person.roles_held for code in ancestor_codes(held.division.prefix)}
    for_everywhere = works_for_county(person)

    def may_work_on(line: Line) -> bool:
        code, role = line
        if code is None:
            return for_everywhere or role in roles
        return code.startswith(works_for) or (code in own and (not role or role in roles))

    return may_work_on


def _works_for(person: User) -> tuple[str, ...]:
    """Prefixes of the divisions in which ``person`` is staff."""
    return tuple(person.scope(*(role for role in Role if role != Role.MEMBER)))


def _published_audiences() -> dict[str, list[Line]]:
    audiences: dict[str, list[Line]] = {}
    for path, code, role in AudienceRule.objects.values_list("page__path", "division__code", "role"):
        audiences.setdefault(path, []).append((code, role))
    return audiences


def _draft_audiences() -> Iterator[tuple[str, list[Line]]]:
    """What the newest drafts say, which is in no table until they are published."""
    drafts = BasePage.objects.filter(Q(has_unpublished_changes=True) | Q(live=False), depth=OWNER_DEPTH)
    said = list(drafts.values_list("path", "latest_revision__content__audience_rules"))
    codes = _codes(rule["division"] for _path, rules in said for rule in rules or ())
    for path, rules in said:
        yield path, [(codes[rule["division"]], rule["role"]) for rule in rules or ()]


def _codes(keys: Iterable[int | None]) -> dict[int | None, str | None]:
    """Codes by key. A division that is gone is nobody's."""
    named = {key for key in keys if key is not None}
    codes = dict(Division.objects.filter(pk__in=named).values_list("pk", "code")) if named else {}
    return {None: None, **{key: codes.get(key, "-") for key in named}}


class DeskPolicy(PagePermissionPolicy):
    """Wagtail's permissions on pages, as far as a page lies on the person's desk."""

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        permitted: bool = super().user_has_any_permission_for_instance(user, actions, instance)
        return permitted and not is_closed(instance, user)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> Any:
        return on_desk(super().instances_user_has_any_permission_for(user, actions), user)

    def explorable_instances(self, user: Any) -> Any:
        return on_desk(super().explorable_instances(user), user)


def _never(*args: Any, **kwargs: Any) -> bool:
    return False


# Every question there is and every one that Wagtail will come to ask.
_QUESTIONS = [name for name in dir(PagePermissionTester) if name.startswith("can_")]


class ClosedPage(PagePermissionTester):
    """What somebody may do with a page that does not lie on their desk: nothing."""

    def __init__(self, user: User, page: BasePage) -> None:
        super().__init__(user, page)
        self.permissions: set[str] = set()
        for question in _QUESTIONS:
            setattr(self, question, _never)
