"""Frozen papers, and the work of making them."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.enums import PublicationState
from exams.models.candidate import Candidate
from exams.models.exam import Exam
from members.models import User
from question_bank.models import QuestionVersion


class Publication(models.Model):
    """One run of making everybody's papers: its progress, and the seed everything random in it comes from."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exam = models.ForeignKey(Exam, models.CASCADE, related_name="publications", verbose_name=_("exam"))
    state = models.CharField(_("state"), max_length=8, choices=PublicationState, default=PublicationState.WAITING)
    algorithm = models.CharField(max_length=32)
    seed = models.CharField(max_length=64)
    done = models.PositiveIntegerField(_("papers made"), default=0)
    total = models.PositiveIntegerField(_("papers to make"), default=0)
    error = models.TextField(_("what went wrong"), blank=True)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("requested by"))
    requested_at = models.DateTimeField(_("requested at"))
    # A worker that died stops renewing this; then another may take over.
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.UniqueConstraint(
                fields=["exam"],
                condition=Q(state__in=[PublicationState.WAITING, PublicationState.RUNNING]),
                name="exams_one_publication_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam} · {self.get_state_display()}"

    def is_abandoned(self, *, at: datetime) -> bool:
        return self.state == PublicationState.RUNNING and self.lease_until is not None and self.lease_until < at


class Item(NamedTuple):
    """One question on a paper: which version, for how many points, its options in which order.

    ``order`` holds places in the version's own list of options: ``(2, 0, 1)`` shows the third first.
    """

    number: int
    version_id: int
    points: Decimal
    order: tuple[int, ...]


class PaperQuerySet(models.QuerySet["Paper"]):
    def of_publication(self, publication: Publication) -> Self:
        return self.filter(publication=publication)


class Paper(models.Model):
    """The questions one candidate gets at one attempt. Frozen before anyone starts; starting only reads.

    ``items`` is a list of ``[version id, points as text, [places of the options]]`` in the order asked.
    One row a paper, not fifty: 25,000 papers stay small, and nothing ever asks for half a paper.
    """

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="papers", verbose_name=_("candidate"))
    number = models.PositiveSmallIntegerField(_("for attempt"), default=1)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="papers")
    items = models.JSONField()

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [models.UniqueConstraint(fields=["candidate", "number"], name="exams_one_paper_per_attempt")]

    def __str__(self) -> str:
        return f"{self.candidate} · {self.number}"

    def rows(self) -> list[Item]:
        return [
            Item(number, version, Decimal(points), tuple(order))
            for number, (version, points, order) in enumerate(self.items, start=1)
        ]


class ExamQuestion(models.Model):
    """How many papers of an exam carry a question version: its exposure, and why it can never be deleted."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="questions")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="exposures")
    papers = models.PositiveIntegerField(_("papers"))

    class Meta:
        verbose_name = _("question of an exam")
        verbose_name_plural = _("questions of an exam")
        constraints = [models.UniqueConstraint(fields=["exam", "version"], name="exams_question_counted_once")]

    def __str__(self) -> str:
        return f"{self.exam_id} · {self.version_id}"
