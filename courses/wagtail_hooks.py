"""Registration only: what this app adds to the staff interface."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from courses.staff import certificates

CERTIFICATE_ACTIONS = (
    ("courses.issue_certificate", _("Issue a certificate"), _("A certificate was issued")),
    ("courses.revoke_certificate", _("Revoke a certificate"), _("A certificate was revoked")),
    ("courses.print_certificates", _("Print certificates"), _("Certificates were taken out as PDF")),
)


@hooks.register("register_log_actions")
def register_certificate_actions(actions: LogActionRegistry) -> None:
    for action, label, message in CERTIFICATE_ACTIONS:
        actions.register_action(action, label, message)


@hooks.register("register_admin_urls")
def register_certificate_urls() -> list[URLPattern | URLResolver]:
    return [path("courses/", include((certificates.urlpatterns, "course_certificates")))]
