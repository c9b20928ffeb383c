"""Registration only: what this app adds to the staff interface."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from performance.staff import reports


@hooks.register("register_admin_urls")
def register_report_urls() -> list[URLPattern | URLResolver]:
    return [path("quarters/", include((reports.urlpatterns, "quarter_reports")))]


REPORT_ACTIONS = (
    ("performance.ask_report", _("Ask for a file of a quarter"), _("A file of the quarter was asked for")),
    ("performance.cancel_report", _("Cancel a file of a quarter"), _("A file of the quarter was cancelled")),
    ("performance.download_report", _("Download a file of a quarter"), _("A file of the quarter was downloaded")),
)


@hooks.register("register_log_actions")
def register_report_actions(actions: LogActionRegistry) -> None:
    for action, label, message in REPORT_ACTIONS:
        actions.register_action(action, label, message)
