"""Who was there, who was not, and why."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.enums import ATTENDED_STATES, MISSED_STATES, AbsenceReason, ArrivalWay, AttendanceState
from courses.models.enrolment import PostHeld, PostQuerySet
from courses.models.session import Session
from members.enums import RequestState
from members.models import User


class AttendanceQuerySet(PostQuerySet["Attendance"]):
    def attended(self) -> Self:
        return self.filter(state__in=ATTENDED_STATES)

    def missed(self) -> Self:
        return self.filter(state__in=MISSED_STATES)


class Attendance(PostHeld):
    """One person in one session, as it stands now; what it was before is in its changes.

    Who signs in has a row at once, everybody else who was expected when the session is over.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances", verbose_name=_("session"))
    person = models.ForeignKey(User, models.PROTECT, related_name="attendances", verbose_name=_("person"))
    state = models.CharField(_("attendance"), max_length=10, choices=AttendanceState)
    way = models.CharField(_("how it became known"), max_length=10, choices=ArrivalWay, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=12, choices=AbsenceReason, blank=True)
    # Whoever came without being expected: counted as there, never in the denominator.
    is_guest = models.BooleanField(_("not expected"), default=False)
    gave_feedback = models.BooleanField(default=False)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["session", "division_code", "team__code", "person__code"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="courses_signed_in_once"),
            models.CheckConstraint(
                condition=(Q(state__in=["present", "late"], reason="", arrived_at__isnull=False) & ~Q(way=""))
                | Q(state__in=["excused", "absent"], arrived_at=None, way=""),
                name="courses_there_with_a_time_or_not_there",
            ),
            models.CheckConstraint(
                condition=~Q(state="excused") | Q(reason__in=["leave", "rotation", "illness", "duty"]),
                name="courses_excused_with_an_excuse",
            ),
        ]
        indexes = [models.Index(fields=["person", "session"], name="courses_attendance_of_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.session}"


class AttendanceChange(models.Model):
    """What somebody entered by hand, or corrected. It only grows."""

    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="changes")
    # Empty where there was no row before.
    from_state = models.CharField(max_length=10, choices=AttendanceState, blank=True)
    from_reason = models.CharField(max_length=12, choices=AbsenceReason, blank=True)
    to_state = models.CharField(max_length=10, choices=AttendanceState)
    to_reason = models.CharField(max_length=12, choices=AbsenceReason, blank=True)
    why = models.CharField(_("why"), max_length=300)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        ordering = ["changed_at", "pk"]
        verbose_name = _("change of an attendance")
        verbose_name_plural = _("changes of attendances")
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="courses_change_says_why")]

    def __str__(self) -> str:
        return f"{self.attendance}: {self.get_to_state_display()}"


class LeaveQuerySet(models.QuerySet["Leave"]):
    def waiting(self) -> Self:
        return self.filter(state=RequestState.WAITING)


class Leave(models.Model):
    """Leave from one session: asked for by the person, or entered for them by the office, with a document."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, models.PROTECT, related_name="leaves")
    person = models.ForeignKey(User, models.PROTECT, related_name="leaves", verbose_name=_("person"))
    reason = models.CharField(_("reason"), max_length=12, choices=AbsenceReason)
    text = models.CharField(_("what for"), max_length=300)
    file = models.FileField(pgettext_lazy("leave", "document"), upload_to="leaves/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.WAITING)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=["leave", "rotation", "illness", "duty"]), name="courses_leave_for_an_excuse"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("person")), name="courses_nobody_excuses_themselves"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="courses_leave_decided_whole",
            ),
            models.UniqueConstraint(
                fields=["session", "person"], condition=~Q(state="declined"), name="courses_one_leave_a_session"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.session}"


class SessionFeedback(models.Model):
    """What somebody thought of a session; nobody wrote down who. The attendance knows only that it was given."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="feedback")
    content = models.PositiveSmallIntegerField(_("content"))
    lecturer = models.PositiveSmallIntegerField(_("lecturer"))
    usefulness = models.PositiveSmallIntegerField(_("usefulness"))
    text = models.CharField(_("remark"), max_length=500, blank=True)

    class Meta:
        # In no order of time, which would say whose it is.
        ordering = ["session", "text", "pk"]
        verbose_name = _("feedback on a session")
        verbose_name_plural = _("feedback on sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(content__range=(1, 5), lecturer__range=(1, 5), usefulness__range=(1, 5)),
                name="courses_feedback_from_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.content}/{self.lecturer}/{self.usefulness}"
