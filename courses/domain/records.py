"""What is held about a person's training, for that person. Feedback is not: nobody wrote down whose it is."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from courses.domain.reading_certificates import certificates_of
from courses.models import Attendance, AttendanceChange, Exemption, Leave
from members.domain.records import register_record
from members.models import User


def enrolments_record(person: User) -> list[dict[str, Any]]:
    """Courses they are or were in, with what became of it, and exemptions that were asked for."""
    rows = person.enrolments.select_related("course__kind", "course__division", "team").order_by("joined_on", "pk")
    asked = Exemption.objects.filter(person=person).order_by("asked_at")
    exemptions: dict[int, list[dict[str, Any]]] = {}
    for each in asked:
        said = {"reason": each.reason, "state": each.get_state_display(), "asked_at": each.asked_at}
        exemptions.setdefault(each.course_id, []).append(said)
    return [
        {
            "course": row.course.title,
            "kind": row.course.kind.title,
            "division": row.course.division.name,
            "came_in": row.get_origin_display(),
            "team": row.team.name if row.team else "",
            "joined_on": row.joined_on,
            "left_on": row.left_on,
            "reason": row.get_reason_display(),
            "remark": row.reason_note,
            "completed_at": row.completed_at,
            "outcome": row.get_outcome_display(),
            "exemptions": exemptions.get(row.course_id, []),
        }
        for row in rows
    ]


def attendance_record(person: User) -> list[dict[str, Any]]:
    """Session by session, with everything that was entered or corrected by hand."""
    changes = Prefetch("changes", AttendanceChange.objects.order_by("changed_at", "pk"))
    rows = person.attendances.select_related("session__course").prefetch_related(changes)
    return [_attendance(row) for row in rows.order_by("session__starts_at", "pk")]


def _attendance(row: Attendance) -> dict[str, Any]:
    return {
        "course": row.session.course.title,
        "session": row.session.topic,
        "began_at": row.session.starts_at,
        "attendance": row.get_state_display(),
        "how_it_became_known": row.get_way_display(),
        "arrived_at": row.arrived_at,
        "reason": row.get_reason_display(),
        "was_not_expected": row.is_guest,
        "gave_feedback": row.gave_feedback,
        "changes": [
            {
                "from": change.get_from_state_display(),
                "to": change.get_to_state_display(),
                "reason": change.get_to_reason_display(),
                "why": change.why,
                "changed_at": change.changed_at,
            }
            for change in row.changes.all()
        ],
    }


def leaves_record(person: User) -> list[dict[str, Any]]:
    rows = Leave.objects.filter(person=person).select_related("session__course").order_by("asked_at", "pk")
    return [
        {
            "course": row.session.course.title,
            "session": row.session.topic,
            "reason": row.get_reason_display(),
            "what_for": row.text,
            "document": row.file_name,
            "state": row.get_state_display(),
            "asked_at": row.asked_at,
            "decided_at": row.decided_at,
            "answer": row.answer,
        }
        for row in rows
    ]


def certificates_record(person: User) -> list[dict[str, Any]]:
    return [
        {
            "number": row.serial,
            "name": row.person_name,
            "course": row.course_title,
            "completed_on": row.completed_on,
            "issued_at": row.issued_at,
            "digital_certificate": row.credential,
            "revoked_at": row.revoked_at,
            "revocation_reason": row.revocation_reason,
        }
        for row in certificates_of(person)
    ]


def register() -> None:
    register_record("enrolments", _("My courses"), enrolments_record)
    register_record("attendance", _("My attendance"), attendance_record)
    register_record("leaves", _("My requests for leave"), leaves_record)
    register_record("certificates", _("My certificates"), certificates_record)
