from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Training")

    def ready(self) -> None:
        from common.evidence import register_source
        from courses.domain.evidence import AttendanceSource
        from courses.domain.records import (
            attendance_record,
            certificates_record,
            enrolments_record,
            leaves_record,
        )
        from members.domain.records import register_record

        register_record("enrolments", _("My courses"), enrolments_record)
        register_record("attendance", _("My attendance"), attendance_record)
        register_record("leaves", _("My requests for leave"), leaves_record)
        register_record("certificates", _("My certificates"), certificates_record)
        register_source(AttendanceSource())
