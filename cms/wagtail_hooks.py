"""Registration only: what this app adds to Wagtail."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from cms.staff import closed_files, closed_pages
from cms.staff.book_reviews import BookReviewViewSet, book_buttons
from cms.staff.checking import CheckedViewSet, checked_button
from cms.staff.editing import PagesViewSet
from cms.staff.home import show_reviews
from cms.staff.import_handbook import HandbookImportViewSet
from cms.staff.reading import ReadingViewSet, reading_menu_item
from cms.web.files import check_reader
from cms.web.serving import show_page

hooks.register("before_serve_page", show_page)
hooks.register("before_serve_document", check_reader)
# After that of exams, which puts its own panel in the place of Wagtail's.
hooks.register("construct_homepage_panels", show_reviews, order=1)
hooks.register("construct_page_chooser_queryset", closed_pages.choosable)
hooks.register("register_page_header_buttons", checked_button)
hooks.register("register_page_header_buttons", book_buttons)
hooks.register("register_reports_menu_item", reading_menu_item)
# After Wagtail's of the same names, in whose place they stand.
hooks.register("construct_admin_api", closed_files.register_for_programs, order=1)
for action in (*closed_pages.BULK_ACTIONS, *closed_files.BULK_ACTIONS):
    hooks.register("register_bulk_action", action, order=1)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    return [PagesViewSet(), HandbookImportViewSet(), ReadingViewSet(), CheckedViewSet(), BookReviewViewSet()]


@hooks.register("insert_editor_js")
def link_waiting_for_drafts() -> SafeString:
    """For every editor that stores drafts by itself, those of questions too."""
    return format_html('<script type="module" src="{}"></script>', static("js/staff-drafts.js"))


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("cms.import_handbook", _("Bring in handbook"), _("Handbook brought in"))
    actions.register_action("cms.renew_handbook", _("Renew handbook"), _("Handbook renewed from a file"))
    actions.register_action("cms.submit_book", _("Send book to review"), _("Whole book sent to review"))
    actions.register_action("cms.approve_book", _("Approve book"), _("Whole book approved"))
    actions.register_action("cms.note_checked", _("Note as checked"), _("Checked, and it still holds"))
