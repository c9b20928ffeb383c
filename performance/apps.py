from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PerformanceConfig(AppConfig):
    name = "performance"
    verbose_name = _("Appraisal")

    def ready(self) -> None:
        from cms.domain.next_steps import register as register_steps
        from performance.domain.next_steps import quarter_steps
        from performance.domain.sources import register

        register()
        register_steps(quarter_steps)
