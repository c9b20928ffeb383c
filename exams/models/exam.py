"""One administration of a blueprint."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exams.enums import SETTLED_EXAM_STATES, Audience, Band, CountingAttempt, ExamState, ReleaseRule
from exams.models.blueprint import Blueprint
from members.enums import STAFF_ROLES, PostingRole
from members.models import Division, Team, User
from members.models.division import ancestor_codes, inside

# How long after the end of an exam the office may enter what was written on paper.
PAPER_ENTRY = timedelta(days=3)
_PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class ExamQuerySet(models.QuerySet["Exam"]):
    def visible_to(self, person: User) -> Self:
        """For the office: exams whose division lies in this person's, or contains it."""
        prefixes = person.scope(*STAFF_ROLES)
        above = Q(division__code__in=[code for prefix in prefixes for code in ancestor_codes(prefix)])
        return self.filter(inside(prefixes, field="division__code") | above)

    def settled(self) -> Self:
        """Published or closed: candidates and papers are final."""
        return self.filter(state__in=SETTLED_EXAM_STATES)

    def running(self, *, at: datetime) -> Self:
        return self.filter(state=ExamState.PUBLISHED, opens_at__lte=at, closes_at__gt=at)

    def for_candidate(self, person: User) -> Self:
        """Exams this person sits; those still in preparation are nobody's."""
        return self.settled().filter(candidates__person=person)


class Exam(models.Model):
    """A test at a time, for certain people, on papers of one blueprint."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(pgettext_lazy("exam", "title"), max_length=120)
    division = models.ForeignKey(
        Division,
        models.PROTECT,
        related_name="+",
        verbose_name=_("division"),
        help_text=_("Whose exam this is; people outside it cannot be examined."),
    )
    blueprint = models.ForeignKey(Blueprint, models.PROTECT, related_name="exams", verbose_name=_("blueprint"))
    state = models.CharField(_("state"), max_length=12, choices=ExamState, default=ExamState.DRAFT, editable=False)

    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=30, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts"), default=1, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    counting_attempt = models.CharField(
        _("which attempt counts"), max_length=8, choices=CountingAttempt, default=CountingAttempt.BEST
    )
    pass_percent = models.PositiveSmallIntegerField(_("pass mark (%)"), default=60, validators=_PERCENT)
    good_percent = models.PositiveSmallIntegerField(_("good from (%)"), default=80, validators=_PERCENT)
    excellent_percent = models.PositiveSmallIntegerField(_("excellent from (%)"), default=90, validators=_PERCENT)
    shuffle_questions = models.BooleanField(_("shuffle the questions of a kind"), default=True)
    shuffle_options = models.BooleanField(_("shuffle the options"), default=True)
    fresh_days = models.PositiveSmallIntegerField(
        _("days a question counts as recently met"),
        default=180,
        help_text=_("Questions a candidate met within these days come last."),
    )
    release_rule = models.CharField(
        _("results are shown"), max_length=12, choices=ReleaseRule, default=ReleaseRule.AFTER_CLOSE
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True, editable=False)

    audience = models.CharField(_("who"), max_length=10, choices=Audience, default=Audience.EVERYBODY)
    audience_division = models.ForeignKey(
        Division,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("in which division"),
        help_text=_("Empty: in the exam's own division."),
    )
    audience_role = models.CharField(
        _("which role"), max_length=20, choices=PostingRole, blank=True, help_text=_("Empty: both.")
    )
    audience_teams = models.ManyToManyField(Team, related_name="+", blank=True, verbose_name=_("which teams"))
    audience_people = models.ManyToManyField(User, related_name="+", blank=True, verbose_name=_("which people"))
    draw_count = models.PositiveIntegerField(_("draw so many people"), null=True, blank=True)
    draw_percent = models.PositiveSmallIntegerField(
        _("or so many per cent"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    draw_by_township = models.BooleanField(_("in proportion from every township"), default=False)
    draw_rest_days = models.PositiveSmallIntegerField(_("leave out people drawn in the last days"), default=0)

    retake_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="retakes",
        verbose_name=_("retake of"),
    )
    # Copied from the blueprint when published, so that lists need not add up rows.
    question_count = models.PositiveSmallIntegerField(_("questions"), default=0, editable=False)
    total_points = models.DecimalField(
        _("points in all"), max_digits=7, decimal_places=2, default=Decimal(0), editable=False
    )
    # Papers of any other publication are leftovers of one that failed.
    publication = models.ForeignKey(
        "Publication", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False, verbose_name=_("created by"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects = ExamQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at"]
        verbose_name = _("exam")
        verbose_name_plural = _("exams")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="exams_exam_closes_after_it_opens",
                violation_error_message=_("The exam closes before it opens."),
            ),
            models.CheckConstraint(
                condition=Q(
                    pass_percent__lte=F("good_percent"),
                    good_percent__lte=F("excellent_percent"),
                    excellent_percent__lte=100,
                ),
                name="exams_exam_bands_rise",
                violation_error_message=_("The limits must rise: pass, good, excellent."),
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1, attempts_allowed__gte=1), name="exams_exam_can_be_sat"),
        ]

    def __str__(self) -> str:
        return self.title

    def points_at(self, percent: int) -> Decimal:
        return (self.total_points * percent / 100).quantize(Decimal("0.01"))

    @property
    def pass_points(self) -> Decimal:
        return self.points_at(self.pass_percent)

    def band(self, score: Decimal) -> Band:
        """The name of a score in points."""
        for band, percent in (
            (Band.EXCELLENT, self.excellent_percent),
            (Band.GOOD, self.good_percent),
            (Band.PASS, self.pass_percent),
        ):
            if score >= self.points_at(percent):
                return band
        return Band.FAIL

    def is_running(self, *, at: datetime) -> bool:
        return self.state == ExamState.PUBLISHED and self.opens_at <= at < self.closes_at

    def is_over(self, *, at: datetime) -> bool:
        return self.state == ExamState.CLOSED or (self.state == ExamState.PUBLISHED and at >= self.closes_at)

    def ended_at(self) -> datetime:
        """When nobody could answer any more; while it runs, when that will be."""
        return min(self.closed_at, self.closes_at) if self.closed_at else self.closes_at

    def takes_written_papers(self, *, at: datetime) -> bool:
        """May answers on paper be entered now? Afterwards too for some days, as long as nobody has seen the keys."""
        if self.is_running(at=at):
            return True
        return self.is_over(at=at) and at < self.ended_at() + PAPER_ENTRY and not self.results_are_out(at=at)

    def results_are_out(self, *, at: datetime) -> bool:
        """May candidates see scores and keys now?"""
        if self.released_at is not None:
            return self.released_at <= at
        if self.release_rule == ReleaseRule.AFTER_CLOSE:
            return self.is_over(at=at)
        return self.release_rule == ReleaseRule.AT_ONCE and self.state in SETTLED_EXAM_STATES

    @property
    def where(self) -> Division:
        """The division its people come from."""
        return self.audience_division or self.division
