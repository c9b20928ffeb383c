from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from common.channels import register_channel
        from common.mailing import MailChannel
        from common.webhooks import WebhookChannel
        from members.checks import check_webhook
        from members.domain.messages import messages_record
        from members.domain.records import (
            account_record,
            feedback_record,
            postings_record,
            register_record,
            roles_record,
        )
        from members.permissions import announce_end_of_access, give_permissions

        user_logged_out.connect(announce_end_of_access, dispatch_uid="members.access_ended")
        post_migrate.connect(give_permissions, sender=self, dispatch_uid="members.permissions")
        register_record("account", _("Account"), account_record)
        register_record("roles", _("Roles"), roles_record)
        register_record("postings", _("Postings"), postings_record)
        register_record("feedback", _("Complaints and suggestions"), feedback_record)
        register_record("messages", _("Messages"), messages_record)
        register_channel(MailChannel())
        register_channel(WebhookChannel())
        checks.register(check_webhook)
