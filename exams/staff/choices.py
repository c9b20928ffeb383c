"""What may be chosen in the forms of this app, bounded by the divisions of the person who chooses."""

from django.db.models import QuerySet

from members.enums import Role
from members.models import Division, Team, User

NOT_A_VILLAGE = "000"


def offices_of(person: User) -> QuerySet[Division]:
    """Counties and townships this administrator runs exams for; a village has no office."""
    divisions = Division.objects.within_any(person.scope(Role.ADMINISTRATOR))
    return divisions.filter(code__endswith=NOT_A_VILLAGE)


def teams_of(person: User) -> QuerySet[Team]:
    return Team.objects.within_any(person.scope(Role.ADMINISTRATOR)).select_related("division")
