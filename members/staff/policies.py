"""Who sees and changes which rows on the staff pages, in the form that Wagtail asks for."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.timezone import localdate
from wagtail.permission_policies import ModelPermissionPolicy

from common.clock import now
from members import rules
from members.enums import Role
from members.models import Division, Feedback, Posting, RosterImport, SendingUnit, Team, User

Visible = Callable[[User], QuerySet[Any]]
Manages = Callable[[User, Any], bool]


class ScopedPolicy(ModelPermissionPolicy):
    """Permissions of the role's group, and beside them the bounds of the division."""

    def __init__(self, model: type[Model], *, visible: Visible, manages: Manages) -> None:
        super().__init__(model)
        self.visible = visible
        self.manages = manages

    def user_has_permission_for_instance(self, user: User, action: str, instance: Model) -> bool:
        if not self.user_has_permission(user, action):
            return False
        if action == "view":
            return self.visible(user).filter(pk=instance.pk).exists()
        return self.manages(user, instance)

    def instances_user_has_any_permission_for(self, user: User, actions: Iterable[str]) -> QuerySet[Any]:
        return self.visible(user) if self.user_has_any_permission(user, actions) else self.model.objects.none()


class PeoplePolicy(ScopedPolicy):
    """Changing people is asked of the role, not of a permission of Django's.

    Whoever held ``members.change_user`` could use Wagtail's own user pages, which know no divisions.
    """

    def user_has_permission(self, user: User, action: str) -> bool:
        if action == "view":
            return bool(super().user_has_permission(user, action))
        return user.is_active and (user.is_superuser or (action != "delete" and user.holds(Role.ADMINISTRATOR)))

    def user_has_any_permission(self, user: User, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


def _units_visible_to(user: User) -> QuerySet[SendingUnit]:
    return SendingUnit.objects.all()


def _manages_unit(user: User, unit: SendingUnit) -> bool:
    """A unit that also sends teams elsewhere is not one administrator's to rename."""
    teams = set(unit.teams.values_list("pk", flat=True))
    inside = Team.objects.within_any(user.scope(Role.ADMINISTRATOR)).filter(pk__in=teams)
    return user.is_superuser or inside.count() == len(teams)


def _rosters_visible_to(user: User) -> QuerySet[RosterImport]:
    return RosterImport.objects.filter(division__in=rules.divisions_visible_to(user))


PEOPLE = PeoplePolicy(
    User,
    visible=lambda user: rules.people_visible_to(user, on=localdate(now())),
    manages=lambda user, person: rules.may_manage(user, person, on=localdate(now())),
)
DIVISIONS = ScopedPolicy(Division, visible=rules.divisions_visible_to, manages=rules.may_administer)
TEAMS = ScopedPolicy(
    Team, visible=rules.teams_visible_to, manages=lambda user, team: rules.may_administer(user, team.division)
)
POSTINGS = ScopedPolicy(
    Posting,
    visible=rules.postings_visible_to,
    manages=lambda user, posting: rules.may_administer(user, posting.team.division),
)
UNITS = ScopedPolicy(SendingUnit, visible=_units_visible_to, manages=_manages_unit)
FEEDBACK = ScopedPolicy(Feedback, visible=rules.feedback_visible_to, manages=rules.may_answer)
ROSTERS = ScopedPolicy(
    RosterImport,
    visible=_rosters_visible_to,
    manages=lambda user, roster: rules.may_administer(user, roster.division),
)
