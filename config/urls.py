"""Where each address leads."""

from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms.staff import closed_pages
from cms.web import files
from config import views
from members.staff import audit

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("language/", views.choose_language, name="choose_language"),
    path("text-size/", views.choose_text_size, name="choose_text_size"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", views.api_docs, name="api_docs"),
    path("api/v1/", include("members.rest.urls")),
    path("api/v1/", include("exams.rest.urls")),
    path("api/v1/", include("courses.rest.urls")),
    path("api/v1/", include("performance.rest.urls")),
    # One sign-in page for everybody: Wagtail's own two lead there too.
    path("admin/login/", RedirectView.as_view(pattern_name="sign_in", query_string=True)),
    path("_util/login/", RedirectView.as_view(pattern_name="sign_in", query_string=True)),
    # In place of Wagtail's reports of the same addresses, which show all staff everything.
    path("admin/reports/site-history/", audit.audit_log),
    path("admin/reports/site-history/results/", audit.audit_log_results),
    path("admin/reports/page-types-usage/", closed_pages.page_types_usage),
    path("admin/reports/page-types-usage/results/", closed_pages.page_types_usage_results),
    path("admin/choose-page/", closed_pages.choose_page),
    path("admin/", include(wagtailadmin_urls)),
    # In place of Wagtail's view, which sends every file whole.
    path("documents/<int:pk>/<path:name>", files.document),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("members.urls")),
    path("", include("exams.urls")),
    path("", include("performance.urls")),
    path("", include("courses.urls")),
    path("", include("question_bank.urls")),
    path("", include("cms.urls")),
    path("", include(wagtail_urls)),
]
