from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Training")

    def ready(self) -> None:
        from cms.domain.files import register_opener
        from cms.domain.next_steps import register as register_steps
        from common.evidence import register_source
        from courses.domain.evidence import AttendanceSource
        from courses.domain.material import opens_material
        from courses.domain.next_steps import course_steps
        from courses.domain.records import register as register_records
        from courses.permissions import give_permissions

        register_opener(opens_material)
        register_source(AttendanceSource())
        register_records()
        register_steps(course_steps)
        post_migrate.connect(give_permissions, sender=self, dispatch_uid="courses.permissions")
