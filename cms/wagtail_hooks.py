"""Registration only: what this app adds to Wagtail."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from cms.staff.import_handbook import HandbookImportViewSet
from cms.web.files import check_reader
from cms.web.serving import show_page

hooks.register("before_serve_page", show_page)
hooks.register("before_serve_document", check_reader)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("cms.import_handbook", _("Bring in handbook"), _("Handbook brought in"))
    actions.register_action("cms.renew_handbook", _("Renew handbook"), _("Handbook renewed from a file"))


@hooks.register("register_admin_viewset")
def register_handbook_import() -> HandbookImportViewSet:
    return HandbookImportViewSet()
