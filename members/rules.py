"""May this person? Asked by pages and forms before a verb is called.

A bound holds always: whoever administers a township sees and changes what lies inside it, and nothing
that would give more than they have themselves. A superuser is bound by nothing.
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from members.enums import Role
from members.models import Division, Feedback, Posting, RoleAssignment, Team, User
from members.models.division import inside

# Who sees people, teams and postings; only the first also changes them.
VIEWING_ROLES = (Role.ADMINISTRATOR, Role.INSPECTOR, Role.AUDITOR)
# Who reads complaints and suggestions; only the first answers them.
ANSWERED_ROLES = (Role.ADMINISTRATOR, Role.AUDITOR)


def may_administer(user: User, division: Division) -> bool:
    return user.covers(division.code, Role.ADMINISTRATOR)


def may_view(user: User, division: Division) -> bool:
    return user.covers(division.code, *VIEWING_ROLES)


def may_grant(user: User, role: Role, division: Division, *, person: User) -> bool:
    """An administrator grants what they outrank, inside their own division, and nothing to themselves.

    They outrank members, trainers and inspectors, and administrators of a smaller division. Auditors watch the
    administrators, so only a superuser makes them.
    """
    if user.is_superuser:
        return True
    if person == user or role == Role.AUDITOR or not may_administer(user, division):
        return False
    return role != Role.ADMINISTRATOR or any(
        division.prefix.startswith(prefix) and division.prefix != prefix for prefix in user.scope(Role.ADMINISTRATOR)
    )


def may_revoke(user: User, assignment: RoleAssignment) -> bool:
    return may_grant(user, Role(assignment.role), assignment.division, person=assignment.user)


def may_manage(user: User, person: User, *, on: date) -> bool:
    """May ``user`` change the particulars of ``person``, reset the password or close the account?

    Whoever can do that can sign in as that person, so no role of that person may reach beyond the user's own.
    """
    if user.is_superuser:
        return True
    if person.is_superuser:
        return False
    prefixes = user.scope(Role.ADMINISTRATOR)
    held = person.roles_held
    if any(each.role == Role.AUDITOR or not user.covers(each.division.code, Role.ADMINISTRATOR) for each in held):
        return False
    return bool(held) or person.postings.serving(on=on).within_any(prefixes).exists()


def people_visible_to(user: User, *, on: date) -> QuerySet[User]:
    """People with a role or a posting of that day inside the divisions that ``user`` may look into."""
    if user.is_superuser:
        return User.objects.all()
    prefixes = user.scope(*VIEWING_ROLES)
    if not prefixes:
        return User.objects.none()
    roles = RoleAssignment.objects.filter(inside(prefixes, field="division__code"), user=OuterRef("pk"))
    postings = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), inside(prefixes, field="team__division__code"), person=OuterRef("pk")
    )
    return User.objects.filter(Exists(roles) | Exists(postings))


def teams_visible_to(user: User) -> QuerySet[Team]:
    return Team.objects.within_any(user.scope(*VIEWING_ROLES))


def postings_visible_to(user: User) -> QuerySet[Posting]:
    return Posting.objects.within_any(user.scope(*VIEWING_ROLES))


def divisions_visible_to(user: User) -> QuerySet[Division]:
    return Division.objects.within_any(user.scope(*VIEWING_ROLES))


def divisions_administered_by(user: User) -> QuerySet[Division]:
    return Division.objects.within_any(user.scope(Role.ADMINISTRATOR))


def feedback_visible_to(user: User) -> QuerySet[Feedback]:
    """For those who answer and those who watch them; of people without a place only a superuser reads."""
    if user.is_superuser:
        return Feedback.objects.all()
    return Feedback.objects.filter(inside(user.scope(*ANSWERED_ROLES), field="division__code"))


def may_answer(user: User, feedback: Feedback) -> bool:
    return user.is_superuser or (feedback.division is not None and may_administer(user, feedback.division))
