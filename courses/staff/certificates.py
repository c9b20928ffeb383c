"""The certificates of one course: who holds which, those that are missing, all of them on paper, and revoking."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View

from common.clock import now
from courses.domain.badges.signing import gives_credentials
from courses.domain.certificates import (
    LONGEST_REASON,
    issue_certificate,
    issue_certificates,
    revoke_certificate,
    without_certificate,
)
from courses.domain.reading_certificates import certificates_of_course, parts_of_papers, take_papers
from courses.models import Certificate
from courses.staff.pages import CourseAction, OfCourse
from exams.staff.pages import ReadingPage

_PAGE = 100


class OfCertificates(OfCourse):
    """Below the certificates of a course."""

    header_icon = "doc-full"

    def certificates_url(self, name: str = "index", *args: Any) -> str:
        return reverse(f"course_certificates:{name}", args=[self.course.uuid, *args])


class CertificatesPage(OfCertificates, ReadingPage):
    page_title = gettext_lazy("Certificates")
    template_name = "courses/staff/certificates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = certificates_of_course(self.course, person=self.person)
        page = Paginator(found, _PAGE).get_page(self.request.GET.get("p"))
        facts = {
            "page": page,
            "parts": parts_of_papers(self.course, person=self.person),
            "missing": without_certificate(self.course).count() if self.course.gives_certificate else 0,
            "again": self.to_be_given_again(list(page.object_list)),
            "gives_credentials": gives_credentials(),
        }
        return super().get_context_data(**facts, **kwargs)

    @staticmethod
    def to_be_given_again(rows: Sequence[Certificate]) -> set[int]:
        """Revoked ones whose person has no valid one now."""
        enrolments = {each.enrolment_id for each in rows if each.revoked_at}
        valid = Certificate.objects.valid().filter(enrolment__in=enrolments)
        lacking = enrolments - set(valid.values_list("enrolment_id", flat=True))
        return {each.pk for each in rows if each.revoked_at and each.enrolment_id in lacking}


class CertificateAction(OfCertificates, CourseAction):
    def breadcrumbs_between(self) -> list[dict[str, Any]]:
        return [*super().breadcrumbs_between(), {"url": self.certificates_url(), "label": _("Certificates")}]

    def get_cancel_url(self) -> str:
        return self.certificates_url()

    def after(self, outcome: Any) -> str:
        return self.certificates_url()


class OfOneCertificate(CertificateAction):
    @cached_property
    def certificate(self) -> Certificate:
        found = Certificate.objects.select_related("enrolment__course__division", "enrolment__person")
        return get_object_or_404(found, uuid=self.kwargs["certificate"], enrolment__course=self.course)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Both gates come before the form.
        _gates = self.course, self.certificate
        return super().dispatch(request, *args, **kwargs)


class IssueMissingPage(CertificateAction):
    page_title = gettext_lazy("Issue certificates")
    submit_label = gettext_lazy("Issue them")
    success_message = gettext_lazy("The certificates have been issued.")

    def get_explanation(self) -> list[str]:
        number = without_certificate(self.course).count() if self.course.gives_certificate else 0
        if not number:
            return [_("Nobody who completed the course lacks a certificate.")]
        said = ngettext(
            "%(number)s person completed the course and has no certificate. They get one, with a number of its own.",
            "%(number)s people completed the course and have no certificate. Each gets one, with a number of its own.",
            number,
        )
        return [said % {"number": number}, _("They find it on their page. It can be revoked, but not deleted.")]

    def act(self, cleaned: dict[str, Any]) -> int:
        return issue_certificates(self.course, by=self.person, at=now())


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it revoked?"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("The person reads it. Whoever verifies the certificate sees only that it was revoked."),
    )


class RevokePage(OfOneCertificate):
    page_title = gettext_lazy("Revoke a certificate")
    form_class = RevokeForm
    submit_label = gettext_lazy("Revoke it")
    success_message = gettext_lazy("The certificate has been revoked.")

    def get_explanation(self) -> list[str]:
        said = _("The certificate of %(name)s, number %(number)s, no longer counts. This cannot be undone.")
        names = {"name": self.certificate.person_name, "number": self.certificate.serial}
        return [said % names, _("A new one with another number can be issued afterwards.")]

    def act(self, cleaned: dict[str, Any]) -> Certificate:
        return revoke_certificate(self.certificate, reason=cleaned["reason"], by=self.person, at=now())


class IssueAgainPage(OfOneCertificate):
    page_title = gettext_lazy("Issue a new certificate")
    submit_label = gettext_lazy("Issue it")
    success_message = gettext_lazy("The certificate has been issued.")

    def get_explanation(self) -> list[str]:
        said = _("%(name)s gets a new certificate with another number. The revoked one stays revoked.")
        return [said % {"name": self.certificate.enrolment.person.name}]

    def act(self, cleaned: dict[str, Any]) -> Certificate:
        return issue_certificate(self.certificate.enrolment, by=self.person, at=now())


class PapersFile(OfCertificates, View):
    """All valid certificates, so many to a file: pages to be printed and sealed, or a file each to be sent out."""

    ending = "pdf"

    def get(self, request: HttpRequest, uuid: UUID, part: int) -> HttpResponse:
        papers = take_papers(self.course, part=part, ending=self.ending, by=self.person, at=now())
        if papers is None:
            raise Http404
        name = _("%(course)s: certificates %(part)s") % {"course": self.course.title, "part": part}
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.{self.ending}",
            "Cache-Control": "private, no-store",
        }
        return HttpResponse(papers, content_type=f"application/{self.ending}", headers=headers)


urlpatterns: list[URLPattern] = [
    path("<uuid:uuid>/certificates/", CertificatesPage.as_view(), name="index"),
    path("<uuid:uuid>/certificates/issue/", IssueMissingPage.as_view(), name="issue"),
    path("<uuid:uuid>/certificates/papers-<int:part>.pdf", PapersFile.as_view(), name="papers"),
    path("<uuid:uuid>/certificates/papers-<int:part>.zip", PapersFile.as_view(ending="zip"), name="papers_apart"),
    path("<uuid:uuid>/certificates/<uuid:certificate>/revoke/", RevokePage.as_view(), name="revoke"),
    path("<uuid:uuid>/certificates/<uuid:certificate>/again/", IssueAgainPage.as_view(), name="again"),
]
