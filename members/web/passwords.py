"""The page on which a person changes the password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common.clock import now
from members.domain.passwords import PasswordRefused, WrongPassword
from members.domain.passwords import change_password as carry_out
from members.models import User
from members.web.forms import PasswordForm


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    person: User = request.user  # type: ignore[assignment]
    forced, outdated = person.must_change_password, person.password_is_too_old(at=now())
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _changed(person, form):
        update_session_auth_hash(request, person)
        messages.success(request, _("Your password has been changed."))
        return HttpResponseRedirect("/" if forced or outdated else reverse("me"))
    context = {
        "form": form,
        "forced": forced,
        "outdated": outdated,
        "rules": password_validators_help_texts(),
    }
    return render(request, "members/change_password.html", context)


def _changed(person: User, form: PasswordForm) -> bool:
    try:
        carry_out(person, old=form.cleaned_data["old"], new=form.cleaned_data["new"], at=now())
    except WrongPassword as refusal:
        form.add_error("old", str(refusal))
    except PasswordRefused as refusal:
        for reason in refusal.reasons:
            form.add_error("new", reason)
    return form.is_valid()


change_password.open_to_all_passwords = True  # type: ignore[attr-defined]
