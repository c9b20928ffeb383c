"""Sessions: when and where people come together."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.enums import SessionState
from courses.models.course import Course
from courses.models.kind import Lecturer
from members.models import Division, Team


class SessionQuerySet(models.QuerySet["Session"]):
    def taking_place(self) -> Self:
        """What is planned or was held."""
        return self.exclude(state=SessionState.CANCELLED)

    def planned(self) -> Self:
        return self.filter(state=SessionState.PLANNED)

    def over(self, *, at: datetime) -> Self:
        return self.filter(ends_at__lte=at)

    def between(self, first: datetime, last: datetime) -> Self:
        """Sessions that touch the span; its end is not part of it."""
        return self.filter(starts_at__lt=last, ends_at__gt=first)


class Session(models.Model):
    """One coming together. What is taught again for others names the first one as ``repeat_of``.

    The first and its repeats are one content: who attended any of them has attended it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions", verbose_name=_("course"))
    repeat_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="repeats",
        verbose_name=_("repeats"),
        help_text=_("For a make-up, or the same for another township: the session whose content is given again."),
    )
    topic = models.CharField(_("topic"), max_length=120)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    online_url = models.URLField(_("online at"), max_length=500, blank=True)
    # People of this division alone; empty: the whole cohort.
    division = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("for people of"),
        help_text=_("Empty: for the whole cohort. In a repeat: for everybody who still lacks it."),
    )
    host_team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("host team")
    )
    lecturers = models.ManyToManyField(Lecturer, blank=True, related_name="sessions", verbose_name=_("lecturers"))
    state = models.CharField(
        _("state"), max_length=10, choices=SessionState, default=SessionState.PLANNED, editable=False
    )
    cancel_reason = models.CharField(_("why it was called off"), max_length=200, blank=True, editable=False)
    # What the code on the screen is computed from (RFC 6238), base 32; it never leaves the server.
    code_secret = models.CharField(max_length=32, editable=False)
    # How many people were expected, once it is held.
    expected = models.PositiveIntegerField(_("expected"), default=0, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="courses_session_ends_after_it_begins",
                violation_error_message=_("The session ends before it begins."),
            ),
            models.CheckConstraint(condition=~Q(code_secret=""), name="courses_session_has_a_secret"),
            models.CheckConstraint(
                condition=Q(repeat_of=None) | ~Q(repeat_of=F("id")), name="courses_session_repeats_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""), name="courses_session_called_off_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="courses_session_when")]

    def __str__(self) -> str:
        return self.topic

    @property
    def content_id(self) -> int:
        """What the session and its repeats share: the key of the first one."""
        return self.repeat_of_id or self.pk

    @property
    def is_repeat(self) -> bool:
        return self.repeat_of_id is not None

    def opens_at(self) -> datetime:
        """From when people can sign in; ``course.kind`` is looked at."""
        return self.starts_at - timedelta(minutes=self.course.kind.opens_before_minutes)

    def late_from(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.course.kind.late_after_minutes)

    def takes_arrivals(self, *, at: datetime) -> bool:
        return self.state == SessionState.PLANNED and self.opens_at() <= at < self.ends_at

    def covers(self, division_code: str) -> bool:
        """Is it for people who serve there?"""
        return self.division is None or self.division.contains(division_code)
