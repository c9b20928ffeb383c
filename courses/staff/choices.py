"""What may be chosen in the forms of this app, bounded by the divisions of the person who chooses."""

from django.db.models import QuerySet

from courses.models import Course, CourseKind, Lecturer
from courses.rules import TRAINING_ROLES
from exams.models import Exam
from members.models import Division, Team, User
from members.models.division import ancestor_codes, inside

NOT_A_VILLAGE = "000"


def may_organise(person: User) -> bool:
    """Anywhere at all? In which divisions is asked of the rules."""
    return bool(person.scope(*TRAINING_ROLES))


def offices_of(person: User) -> QuerySet[Division]:
    """Counties and townships this person organises training in; a village has no office."""
    divisions = Division.objects.within_any(person.scope(*TRAINING_ROLES))
    return divisions.filter(code__endswith=NOT_A_VILLAGE)


def parts_of(division: Division) -> QuerySet[Division]:
    """The division and its townships."""
    return Division.objects.within(division).filter(code__endswith=NOT_A_VILLAGE)


def kinds_for(person: User) -> QuerySet[CourseKind]:
    return CourseKind.objects.visible_to(person).filter(is_active=True).select_related("division")


def lecturers_for(person: User) -> QuerySet[Lecturer]:
    return Lecturer.objects.visible_to(person).filter(is_active=True)


def teams_in(division: Division) -> QuerySet[Team]:
    return Team.objects.within_any([division.prefix]).select_related("division")


def exams_for(person: User) -> QuerySet[Exam]:
    """Exams of a division this person organises training in, or of one that contains it."""
    prefixes = person.scope(*TRAINING_ROLES)
    above = [code for prefix in prefixes for code in ancestor_codes(prefix)]
    own = inside(prefixes, field="division__code")
    return Exam.objects.filter(own) | Exam.objects.filter(division__code__in=above)


def courses_for(person: User) -> QuerySet[Course]:
    return Course.objects.visible_to(person)
