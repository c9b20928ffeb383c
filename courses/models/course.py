"""The course: what is taught to whom, and when it is done."""

import uuid
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.enums import EDITABLE_COURSE_STATES, SHOWN_COURSE_STATES, CourseState
from courses.models.kind import BoundedQuerySet, CourseKind
from exams.models import Exam
from members.enums import PostingRole
from members.models import Division, User


class CourseQuerySet(BoundedQuerySet["Course"]):
    def open(self) -> Self:
        return self.filter(state=CourseState.OPEN)

    def for_member(self, person: User) -> Self:
        """Courses this person is enrolled in; those still in preparation are nobody's."""
        return self.filter(state__in=SHOWN_COURSE_STATES, enrolments__person=person)


class Course(models.Model):
    """Sessions that belong together, for people whom a rule names, with a rule for when somebody has completed it.

    The cohort's rule is what the fields below ``audience_division`` say, all of them together; while the course is
    open its enrolments follow the roster (``courses.domain.cohorts``).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(pgettext_lazy("course", "title"), max_length=120)
    kind = models.ForeignKey(CourseKind, models.PROTECT, related_name="courses", verbose_name=_("kind"))
    division = models.ForeignKey(
        Division,
        models.PROTECT,
        related_name="+",
        verbose_name=_("division"),
        help_text=_("Whose course this is; people outside it cannot be enrolled."),
    )
    goals = models.TextField(_("goals"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CourseState, default=CourseState.DRAFT, editable=False)

    audience_division = models.ForeignKey(
        Division,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("people of which division"),
        help_text=_("Empty: of the course's own division."),
    )
    audience_role = models.CharField(
        _("which role"), max_length=20, choices=PostingRole, blank=True, help_text=_("Empty: both.")
    )
    posted_since = models.DateField(
        _("posted since"),
        null=True,
        blank=True,
        help_text=_("Only people whose first post here began on this day or later."),
    )
    failed_exam = models.ForeignKey(
        Exam,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("who did not pass this exam"),
        help_text=_("Those who stayed away, too."),
    )
    missed_course = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("who has not completed this course"),
    )

    sessions_needed = models.PositiveSmallIntegerField(
        _("sessions to attend"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: all of them."),
    )
    catches_up = models.BooleanField(
        _("newcomers make up what was before them"),
        default=True,
        help_text=_("Otherwise only sessions since somebody joined are theirs."),
    )
    exam = models.ForeignKey(
        Exam, models.PROTECT, related_name="courses", null=True, blank=True, verbose_name=_("follow-up test")
    )
    needs_test = models.BooleanField(_("the follow-up test has to be passed"), default=False)
    gives_certificate = models.BooleanField(_("gives a certificate"), default=False)
    asks_feedback = models.BooleanField(_("asks for feedback"), default=True)
    remind_hours = models.PositiveSmallIntegerField(
        _("remind so many hours before"), default=24, help_text=_("0: no reminder.")
    )

    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [
            models.CheckConstraint(
                condition=Q(needs_test=False) | Q(exam__isnull=False),
                name="courses_test_that_is_needed_exists",
                violation_error_message=_("Choose the follow-up test that has to be passed."),
            ),
            models.CheckConstraint(
                condition=Q(sessions_needed=None) | Q(sessions_needed__gte=1), name="courses_some_sessions_needed"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_by__isnull=False, closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_by=None, closed_at=None)),
                name="courses_course_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def where(self) -> Division:
        """The division its people come from."""
        return self.audience_division or self.division

    def is_editable(self) -> bool:
        return self.state in EDITABLE_COURSE_STATES


class Material(models.Model):
    """Something to read for a course: a page, or a document."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="material")
    page = models.ForeignKey(
        "cms.BasePage", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("page")
    )
    document = models.ForeignKey(
        "wagtaildocs.Document",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("material", "document"),
    )
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("material")
        verbose_name_plural = _("material")
        constraints = [
            models.CheckConstraint(
                condition=Q(page__isnull=False, document=None) | Q(page=None, document__isnull=False),
                name="courses_material_is_one_thing",
                violation_error_message=_("Choose a page or a document."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.page or self.document)
