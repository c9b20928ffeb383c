"""People who sit an exam."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.models.exam import Exam
from members.enums import SCORE_ROLES, PostingRole, StaffCategory
from members.models import Team, User
from members.models.division import inside


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def within_any(self, prefixes: Iterable[str]) -> Self:
        return self.filter(inside(prefixes, field="division_code"))

    def visible_to(self, person: User) -> Self:
        """For the office: people of the divisions whose scores this person may see."""
        return self.within_any(person.scope(*SCORE_ROLES))

    def arrived(self) -> Self:
        return self.filter(attempts__isnull=False).distinct()

    def absent(self) -> Self:
        return self.filter(attempts__isnull=True)


class Candidate(models.Model):
    """A person in one exam, with the post they held when it was published."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="candidates", verbose_name=_("exam"))
    person = models.ForeignKey(User, models.PROTECT, related_name="candidacies", verbose_name=_("person"))
    # The post of that day: a score is read by it even after the person moved on.
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+", verbose_name=_("team"))
    division_code = models.CharField(max_length=12)
    role = models.CharField(_("role in the team"), max_length=20, choices=PostingRole, blank=True)
    staff_category = models.CharField(_("staff category"), max_length=20, choices=StaffCategory, blank=True)
    # What counts of their attempts, by the exam's rule; written with the marks in one transaction.
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True)
    attempts_used = models.PositiveSmallIntegerField(_("attempts used"), default=0)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["division_code", "person__code"]
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        constraints = [models.UniqueConstraint(fields=["exam", "person"], name="exams_candidate_once_per_exam")]
        indexes = [models.Index(fields=["exam", "division_code"], name="exams_candidate_place")]

    def __str__(self) -> str:
        return f"{self.person} · {self.exam}"
