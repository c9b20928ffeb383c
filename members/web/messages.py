"""My messages: the list, opening one, and marking all of them read."""

from uuid import UUID

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.clock import now
from members.domain.feedback import own_page
from members.domain.messages import mark_all_read, mark_read, unread_of
from members.models import Message, User

PAGE = 30


@never_cache
@login_required
@require_safe
def my_messages(request: HttpRequest) -> HttpResponse:
    person: User = request.user  # type: ignore[assignment]
    page = Paginator(Message.objects.of(person), PAGE).get_page(request.GET.get("page"))
    return render(request, "members/messages.html", {"page": page, "unread": unread_of(person)})


@login_required
@require_POST
def open_message(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Mark it read and lead to what it is about; a form, because a link may be followed by a program ahead of time."""
    message = get_object_or_404(Message.objects.of(request.user), uuid=uuid)  # type: ignore[arg-type]
    mark_read(message, at=now())
    # The link was written by this product; whatever else stands there leads nowhere but back.
    page = own_page(message.link)
    return HttpResponseRedirect(page) if page else redirect("my_messages")


@login_required
@require_POST
def read_all_messages(request: HttpRequest) -> HttpResponse:
    person: User = request.user  # type: ignore[assignment]
    count = mark_all_read(person, at=now())
    notes.success(
        request,
        ngettext("%(count)s message is marked as read.", "%(count)s messages are marked as read.", count)
        % {"count": count},
    )
    return redirect("my_messages")
