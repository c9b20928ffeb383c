from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from cms.domain.news import reading_steps
        from cms.domain.next_steps import register
        from cms.domain.office_answers import office_answers
        from cms.models import BasePage
        from cms.models.desk import DeskPolicy
        from cms.permissions import make_ready

        register(reading_steps)
        post_migrate.connect(make_ready, sender=self, dispatch_uid="cms.ready")
        register(office_answers)
        register_permission_policy(BasePage, DeskPolicy(BasePage))
