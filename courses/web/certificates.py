"""Certificates: verified by whoever holds one, taken home by whom they are about."""

from collections.abc import Callable
from io import BytesIO
from typing import cast
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.rates import Rate
from common.refusals import Refusal
from courses.domain import reading_certificates as reading
from courses.domain.badges.images import badge_image
from courses.domain.badges.signing import credential_of, gives_credentials
from courses.domain.certificate_papers import write_certificates
from courses.domain.serials import as_typed, is_sound
from courses.models import Certificate
from courses.rules import may_take_certificate
from members.models import User

# Of sound numbers that were never given: somebody who only slips is told so before anything is looked up.
WRONG_NUMBERS = Rate("certificate_serial", most=20, seconds=600)
# A picture that is opened as a page runs and loads nothing.
PICTURE_POLICY = "default-src 'none'; style-src 'none'; sandbox"


class SerialForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Certificate number"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "inputmode": "numeric"}),
        help_text=gettext_lazy("Twenty-four digits, at the foot of the certificate beside the code."),
    )

    def clean_number(self) -> str:
        serial = as_typed(str(self.cleaned_data["number"]))
        if not is_sound(serial):
            raise forms.ValidationError(_("A digit is wrong or missing. Compare it with the certificate once more."))
        return serial


@never_cache
@require_safe
def verify_serial(request: HttpRequest) -> HttpResponse:
    """From the number on a certificate to its page. Who tries many numbers that were never given has to wait."""
    form = SerialForm(request.GET) if "number" in request.GET else SerialForm()
    if not (form.is_bound and form.is_valid()):
        return render(request, "courses/verify_certificate.html", {"form": form})
    # Behind a proxy everybody has its address: the rate then holds for all together.
    who = str(request.META.get("REMOTE_ADDR", ""))
    if WRONG_NUMBERS.is_used_up(who):
        form.add_error("number", _("Too many wrong numbers. Try again in ten minutes, or scan the code."))
        return render(request, "courses/verify_certificate.html", {"form": form}, status=429)
    found = reading.by_serial(form.cleaned_data["number"])
    if found is None:
        WRONG_NUMBERS.count(who)
        form.add_error("number", _("No certificate with this number was issued here."))
        return render(request, "courses/verify_certificate.html", {"form": form})
    return redirect("courses:certificate", uuid=found.uuid)


@never_cache
@require_safe
def certificate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """For whoever holds it: is it valid, whose, for which course, of which day. Nothing more."""
    found = reading.by_uuid(uuid)
    if found is None:
        response = render(request, "courses/no_certificate.html", {"form": SerialForm()}, status=404)
    else:
        response = render(request, "courses/certificate.html", {"certificate": found})
    # It shows a name to whoever has the address, and shall not be found by looking for the name.
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@login_required
@require_safe
def my_certificates(request: HttpRequest) -> HttpResponse:
    certificates = list(reading.certificates_of(cast(User, request.user)))
    context = {"certificates": certificates, "gives_credentials": gives_credentials()}
    return render(request, "courses/my_certificates.html", context)


def _certificate_for(request: HttpRequest, uuid: UUID) -> Certificate:
    """A valid one that this person may take: the same 404 for absent, revoked and somebody else's."""
    found = reading.by_uuid(uuid)
    if found is None or found.revoked_at or not may_take_certificate(cast(User, request.user), found):
        raise Http404
    return found


@never_cache
@login_required
@require_safe
def certificate_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _certificate_for(request, uuid)
    paper = BytesIO()
    write_certificates(paper, [found])
    name = _("Certificate %(number)s") % {"number": found.serial}
    return _file(paper.getvalue(), "application/pdf", f"{name}.pdf")


@never_cache
@login_required
@require_safe
def credential(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Open Badges 3.0, section 5.2: the compact JWS as text, under a name that ends in .jwt."""
    return _signed(request, uuid, "text/plain; charset=utf-8", "jwt", lambda token: token)


@never_cache
@login_required
@require_safe
def badge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same, baked into a picture."""
    return _signed(request, uuid, "image/svg+xml", "svg", badge_image)


def _signed(
    request: HttpRequest, uuid: UUID, content_type: str, ending: str, shape: Callable[[str], str]
) -> HttpResponse:
    found = _certificate_for(request, uuid)
    # It is the person's own to give on; the office keeps the paper.
    if found.enrolment.person_id != request.user.pk:
        raise Http404
    try:
        token = credential_of(found)
    except Refusal:
        raise Http404 from None
    return _file(shape(token).encode(), content_type, f"{found.serial}.{ending}")


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": PICTURE_POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
