"""May this person? Predicates about exams; lists use the QuerySet words ``visible_to``."""

from datetime import datetime

from django.db.models import QuerySet

from exams.enums import RULING_REPAIR_STATES, ExamState
from exams.models import Attempt, Blueprint, Candidate, Exam, KeyRepair
from members.enums import SCORE_ROLES, Role
from members.models import User
from members.models.division import inside
from question_bank.models import QuestionVersion

MARKING_ROLES = (Role.ADMINISTRATOR, Role.TRAINER)


def may_manage_exam(person: User, exam: Exam) -> bool:
    """Draw, publish, close, release: an administrator whose division contains the exam's."""
    return person.covers(exam.division.code, Role.ADMINISTRATOR)


def may_manage_blueprint(person: User, blueprint: Blueprint) -> bool:
    return person.covers(blueprint.division.code, Role.ADMINISTRATOR)


def may_edit_blueprint(person: User, blueprint: Blueprint) -> bool:
    """Once an exam rests on it a blueprint stays as it is; a changed plan is a copy."""
    in_use = blueprint.exams.exclude(state=ExamState.DRAFT).exists()
    return may_manage_blueprint(person, blueprint) and not in_use


def may_see_scores(person: User, exam: Exam) -> bool:
    """Somebody of the office above or inside the exam's division; rows are bounded by ``score_scope``."""
    return person.meets(exam.division, *SCORE_ROLES)


def score_scope(person: User) -> list[str]:
    """Prefixes of the divisions whose people's scores this person may see."""
    return person.scope(*SCORE_ROLES)


def may_export_scores(person: User, exam: Exam) -> bool:
    return may_see_scores(person, exam)


def phone_scope(person: User) -> list[str]:
    """Prefixes of the divisions whose people's full phone numbers this person may see; elsewhere they are masked."""
    return person.scope(Role.ADMINISTRATOR)


def may_see_phones(person: User, exam: Exam) -> bool:
    """Of anybody in this exam? Of whom is asked of ``phone_scope``."""
    return person.meets(exam.division, Role.ADMINISTRATOR)


def may_mark(person: User, exam: Exam) -> bool:
    return person.covers(exam.division.code, *MARKING_ROLES)


def may_overrule(person: User, exam: Exam) -> bool:
    return may_manage_exam(person, exam)


def may_start(candidate: Candidate, *, at: datetime) -> bool:
    """The exam runs and this candidate has an attempt left (an open one is continued, not started)."""
    exam = candidate.exam
    return exam.is_running(at=at) and candidate.attempts_used < exam.attempts_allowed


def may_see_result(attempt: Attempt, *, at: datetime) -> bool:
    """Scores and keys are out: the attempt has ended, and the exam's rule says now."""
    return not attempt.is_open() and attempt.exam.results_are_out(at=at)


def repairable_exams(version: QuestionVersion, person: User) -> QuerySet[Exam]:
    """Settled exams that asked ``version`` and that this person administers: those whose results may still change."""
    own = Exam.objects.settled().filter(inside(person.scope(Role.ADMINISTRATOR), field="division__code"))
    asked = own.filter(questions__version=version).select_related("blueprint", "division")
    return asked.order_by("opens_at", "pk")


def exams_left_alone(repair: KeyRepair, person: User) -> QuerySet[Exam]:
    """Exams of this person that asked the version and that neither ``repair`` nor one that rules has touched.

    Somebody left them out, or they were published after it had been proposed.
    """
    ruling = KeyRepair.objects.filter(version=repair.version_id, state__in=RULING_REPAIR_STATES)
    touched = repair.exams.values("pk")
    return repairable_exams(repair.version, person).exclude(pk__in=touched).exclude(pk__in=ruling.values("exams"))
