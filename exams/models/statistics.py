"""What the answers tell about questions and exams; computed again from them at any time."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.models.exam import Exam
from question_bank.models import QuestionVersion


class ItemStatisticsQuerySet(models.QuerySet["ItemStatistics"]):
    """Words for sets of figures."""

    def all_time(self) -> Self:
        return self.filter(quarter="")

    def flagged(self) -> Self:
        return self.filter(is_flagged=True)


class ItemStatistics(models.Model):
    """How one version of a question fared, over all time or in one quarter. A figure that is None is not said.

    ``distractors``, of choice questions with enough answers, by lower, middle and upper third::

        {"people": [n, n, n], "rows": [{"option": id or null for no answer, "picked": [n, n, n]}, ...]}

    ``flags``, of the row over all time, is ``[{"code": str, ...what its sentence needs}, ...]``.
    """

    version = models.ForeignKey(QuestionVersion, models.CASCADE, related_name="statistics")
    # "" is all time; otherwise as in "2026Q3", by the day the paper was begun.
    quarter = models.CharField(_("quarter"), max_length=6, blank=True)
    n = models.PositiveIntegerField(_("answers"))
    facility = models.FloatField(_("facility"), null=True)
    facility_low = models.FloatField(null=True)
    facility_high = models.FloatField(null=True)
    discrimination = models.FloatField(_("discrimination"), null=True)
    discrimination_low = models.FloatField(null=True)
    discrimination_high = models.FloatField(null=True)
    # How many of the answers it rests on: a paper of one question has no rest.
    discrimination_n = models.PositiveIntegerField(default=0)
    distractors = models.JSONField(null=True)
    seconds_median = models.PositiveIntegerField(null=True)
    seconds_lower = models.PositiveIntegerField(null=True)
    seconds_upper = models.PositiveIntegerField(null=True)
    # How many answers came one at a time, so that the time before them can be told.
    seconds_n = models.PositiveIntegerField(default=0)
    # Of the row over all time: people who had it on a paper they opened within so many days before it was computed.
    exposed_people = models.PositiveIntegerField(_("people who met it lately"), null=True)
    exposure_days = models.PositiveSmallIntegerField(null=True)
    flags = models.JSONField(default=list)
    is_flagged = models.BooleanField(default=False)
    computed_at = models.DateTimeField(_("computed at"))

    objects = ItemStatisticsQuerySet.as_manager()

    class Meta:
        ordering = ["version", "quarter"]
        verbose_name = _("figures of a question")
        verbose_name_plural = _("figures of questions")
        constraints = [
            models.UniqueConstraint(fields=["version", "quarter"], name="exams_figures_once_a_quarter"),
            models.CheckConstraint(
                condition=Q(facility=None, facility_low=None, facility_high=None)
                | Q(facility__isnull=False, facility_low__isnull=False, facility_high__isnull=False),
                name="exams_facility_has_its_interval",
            ),
        ]
        indexes = [
            models.Index(fields=["version"], condition=Q(is_flagged=True), name="exams_flagged_figures"),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.quarter or '∞'}"


class ExamStatistics(models.Model):
    """How well an exam measured, over the first paper of everybody who sat it. A figure that is None is not said."""

    exam = models.OneToOneField(Exam, models.CASCADE, related_name="statistics")
    persons = models.PositiveIntegerField(_("people"))
    mean = models.FloatField(_("mean"), null=True)
    deviation = models.FloatField(_("standard deviation"), null=True)
    reliability = models.FloatField(_("reliability"), null=True)
    standard_error = models.FloatField(_("standard error of measurement"), null=True)
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("figures of an exam")
        verbose_name_plural = _("figures of exams")

    def __str__(self) -> str:
        return str(self.exam)
