"""The audit log, for those who watch the administrators."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.reports.audit_logging import LogEntriesView

from common.clock import now
from members.enums import Role
from members.models import User
from members.rules import people_visible_to
from members.staff.requests import StaffRequest


def may_read_audit_log(user: User) -> bool:
    return user.is_superuser or user.holds(Role.AUDITOR)


class AuditLogView(LogEntriesView):
    """Wagtail's report of everything done, which otherwise all staff could open, bounded by the auditor's division."""

    page_title = _("Audit log")

    def dispatch(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_read_audit_log(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        entries = super().filter_queryset(queryset)
        if self.request.user.is_superuser:
            return entries
        actors = people_visible_to(self.request.user, on=localdate(now()))
        return entries.filter(Q(user=None) | Q(user__in=actors))


audit_log = require_admin_access(AuditLogView.as_view())
audit_log_results = require_admin_access(AuditLogView.as_view(results_only=True))


class AuditLogMenuItem(MenuItem):
    def is_shown(self, request: StaffRequest) -> bool:
        return may_read_audit_log(request.user)
