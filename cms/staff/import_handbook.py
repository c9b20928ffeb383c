"""Bringing in a handbook: upload, dry run, carry out."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views import View
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from cms.domain.importing import Book, Lack, UnreadableBook, carry_out_import, plan_import, read_book
from cms.domain.importing.reading import MOST_BYTES
from cms.domain.importing.waiting import WaitingFile, drop_waiting, keep_waiting, waiting_file
from cms.models import HandbookIndexPage
from common.clock import now
from common.refusals import Refusal
from members.staff.requests import StaffRequest


def may_bring_in(user: Any) -> bool:
    """Whoever may add a handbook to the shelf by hand may bring one in."""
    # Asked for the menu of every staff page: making sure of all the shelves would cost nine queries there.
    shelf = HandbookIndexPage.objects.first()
    return bool(shelf and shelf.permissions_for_user(user).can_add_subpage())


class HandbookFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Word (.docx) or Markdown (.md, .txt), at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".docx,.md,.markdown,.txt"}),
    )


class _WritersOnly:
    """Everything here is for writers of handbooks."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_bring_in(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class UploadView(_WritersOnly, WagtailAdminTemplateMixin, FormView):
    request: StaffRequest
    template_name = "cms/staff/import_upload.html"
    page_title = gettext_lazy("Bring in a handbook")
    header_icon = "upload"
    form_class = HandbookFileForm

    def form_valid(self, form: HandbookFileForm) -> HttpResponse:
        file = form.cleaned_data["file"]
        try:
            # Asked before the file is in memory; asked again by whoever reads it.
            content = file.read(MOST_BYTES + 1)
            read_book(content)
        except UnreadableBook as refusal:
            form.add_error("file", str(refusal))
            return self.form_invalid(form)
        token = keep_waiting(WaitingFile(file.name, content), by=self.request.user, at=now())
        return redirect("handbook_import:plan", token)

    def get_breadcrumbs_items(self) -> list[Any]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


def _book_of(request: StaffRequest, token: UUID) -> tuple[str, Book]:
    """Name and content; the same 404 for a file that is gone and one of somebody else."""
    found = waiting_file(token, of=request.user)
    if found is None:
        raise Http404
    return found.name, read_book(found.content)


class PlanView(_WritersOnly, WagtailAdminTemplateMixin, TemplateView):
    """The dry run."""

    request: StaffRequest

    template_name = "cms/staff/import_plan.html"
    page_title = pgettext_lazy("handbook", "Dry run")
    header_icon = "clipboard-list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name, book = _book_of(self.request, self.kwargs["uuid"])
        plan = plan_import(book, by=self.request.user)
        missing = [problem for problem in book.to_mend if problem.lack == Lack.MISSING]
        return super().get_context_data(
            file_name=name,
            book=book,
            plan=plan,
            counts=plan.counts(),
            missing=missing,
            not_understood=[problem for problem in book.to_mend if problem.lack != Lack.MISSING],
            digest=plan.digest(),
            token=self.kwargs["uuid"],
            **kwargs,
        )

    def get_page_subtitle(self) -> str:
        return str(_("nothing has been stored yet"))

    def get_breadcrumbs_items(self) -> list[Any]:
        above = {"url": reverse("handbook_import:index"), "label": _("Bring in a handbook")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]


class CarryOutView(_WritersOnly, View):
    def post(self, request: StaffRequest, uuid: UUID) -> HttpResponse:
        _name, book = _book_of(request, uuid)
        try:
            handbook = carry_out_import(
                book,
                shown=request.POST.get("shown", ""),
                by=request.user,
                at=now(),
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("handbook_import:plan", uuid)
        drop_waiting(uuid, of=request.user)
        messages.success(
            request,
            _("Brought in as drafts. Members see them when another person has approved them."),
            buttons=[
                messages.button(reverse("book_review:submit", args=[handbook.pk]), _("Send the whole book to review …"))
            ],
        )
        return redirect("wagtailadmin_explore", handbook.pk)


class ImportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_bring_in(request.user)


class HandbookImportViewSet(ViewSet):
    name = "handbook_import"
    url_prefix = "handbook-import"
    icon = "upload"
    menu_label = gettext_lazy("Bring in a handbook")
    menu_order = 110
    add_to_admin_menu = True
    menu_item_class = ImportMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", UploadView.as_view(), name="index"),
            path("<uuid:uuid>/", PlanView.as_view(), name="plan"),
            path("<uuid:uuid>/carry-out/", CarryOutView.as_view(), name="carry_out"),
        ]
