from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Knowledge")

    def ready(self) -> None:
        from wagtail.documents import get_document_model
        from wagtail.images import get_image_model
        from wagtail.permissions import register_permission_policy

        from cms.domain.news import reading_steps
        from cms.domain.next_steps import register
        from cms.domain.office_answers import office_answers
        from cms.models import BasePage
        from cms.models.desk import DeskPolicy
        from cms.models.file_desk import FilePolicy
        from cms.permissions import make_ready

        register(reading_steps)
        post_migrate.connect(make_ready, sender=self, dispatch_uid="cms.ready")
        register(office_answers)
        register_permission_policy(BasePage, DeskPolicy(BasePage))
        for model in (get_document_model(), get_image_model()):
            # Exactly: Wagtail registers its own for the same models when its apps are ready, which is later.
            register_permission_policy(model, FilePolicy(model._meta.label), exact_class=True)
        _tell_instead_of_wagtail()


def _tell_instead_of_wagtail() -> None:
    """Under the identifiers of Wagtail's own receivers, which are connected later and so are not connected at all."""
    from wagtail.models import TaskState, WorkflowState
    from wagtail.signals import task_submitted, workflow_approved, workflow_rejected

    from cms.domain.telling import tell_approved, tell_reviewers, tell_sent_back

    task_submitted.connect(
        tell_reviewers, sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification"
    )
    for signal, receiver, what in (
        (workflow_approved, tell_approved, "approved"),
        (workflow_rejected, tell_sent_back, "rejected"),
    ):
        signal.connect(receiver, sender=WorkflowState, dispatch_uid=f"workflow_state_{what}_email_notification")
