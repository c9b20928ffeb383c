from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PerformanceConfig(AppConfig):
    name = "performance"
    verbose_name = _("Appraisal")

    def ready(self) -> None:
        from cms.domain.next_steps import register as register_steps
        from members.domain.records import register_record
        from performance.domain.next_steps import quarter_steps
        from performance.domain.records import quarters_record
        from performance.domain.sources import register
        from performance.permissions import give_permissions

        register()
        register_steps(quarter_steps)
        post_migrate.connect(give_permissions, sender=self, dispatch_uid="performance.permissions")
        register_record("quarters", _("My quarters"), quarters_record)
