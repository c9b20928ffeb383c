"""Is this paper what was issued? Open to whoever holds one; it says nothing of whom it is about."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.pdf.paper import grouped
from courses.domain.serials import as_typed, is_sound
from performance.models import Document

SHORTEST = 8
_NOT_HEX = re.compile(r"[^0-9a-f]")


class DigestForm(forms.Form):
    """The first characters of the digest that stand on the paper, however they are spaced."""

    digest = forms.CharField(
        label=gettext_lazy("First eight characters of the digest on your paper"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Also called the check code; it stands at the foot of the page."),
    )

    def clean_digest(self) -> str:
        digest = _NOT_HEX.sub("", str(self.cleaned_data["digest"]).casefold())
        if len(digest) < SHORTEST:
            raise forms.ValidationError(_("Type eight characters at least: digits and letters from a to f."))
        return digest


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Document number"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def clean_number(self) -> Document:
        number = re.sub(r"\s+", "", str(self.cleaned_data["number"]))
        # Typed with the brackets a keyboard has, in place of those of official papers.
        number = number.translate(str.maketrans("[【（(]】）)", "〔〔〔〔〕〕〕〕"))
        document = Document.objects.filter(number=number).first()
        if document is None:
            raise forms.ValidationError(_("No paper with this number was issued here. Look at every digit again."))
        return document


@require_safe
def verify(request: HttpRequest, key: str) -> HttpResponse:
    """What was issued under this key, and whether the typed digest is that of it."""
    document = Document.objects.select_related("computation__quarter__division").filter(key=key).first()
    if document is None:
        return render(request, "performance/verify_unknown.html", {"form": NumberForm()}, status=404)
    form = DigestForm(request.GET) if "digest" in request.GET else DigestForm()
    context: dict[str, Any] = {
        "document": document,
        "digest": grouped(document.digest),
        "quarter": document.computation.quarter,
        "form": form,
    }
    if form.is_bound and form.is_valid():
        context["matches"] = document.digest.startswith(form.cleaned_data["digest"])
        context["answered"] = True
    return render(request, "performance/verify.html", context)


@require_safe
def verify_number(request: HttpRequest) -> HttpResponse:
    """From the number of a paper to its page."""
    form = NumberForm(request.GET) if "number" in request.GET else NumberForm()
    if form.is_bound and form.is_valid():
        return redirect("performance:verify", key=form.cleaned_data["number"].key)
    # A certificate of a course has a number of another form, and a page of its own.
    serial = as_typed(request.GET.get("number", "")[:80])
    if is_sound(serial):
        return redirect(f"{reverse('courses:verify_certificate')}?number={serial}")
    return render(request, "performance/verify_number.html", {"form": form})
