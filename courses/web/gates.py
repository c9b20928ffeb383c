"""Who gets to a session: the same 404 for what does not exist and what is not theirs."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from common.clock import now
from courses.enums import CourseState
from courses.models import Session
from courses.rules import may_host, may_see_session
from members.models import User


def person_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def announced_session(uuid: UUID) -> Session:
    """A session of a course that is not in preparation any more, whosever it is."""
    sessions = Session.objects.exclude(course__state=CourseState.DRAFT)
    looked_at = ("course__kind", "course__division", "division", "repeat_of", "host_team")
    return get_object_or_404(sessions.select_related(*looked_at), uuid=uuid)


def session_for(request: HttpRequest, uuid: UUID) -> Session:
    """A session the signed-in person takes part in, hosts or looks after."""
    session = announced_session(uuid)
    if not may_see_session(person_of(request), session, on=timezone.localdate(now())):
        raise Http404
    return session


def own_session(request: HttpRequest, uuid: UUID) -> Session:
    """A session of a course the signed-in person is in: leave is asked and feedback given for oneself."""
    session = announced_session(uuid)
    if not session.course.enrolments.filter(person=person_of(request)).exists():
        raise Http404
    return session


def hosted_session(request: HttpRequest, uuid: UUID) -> Session:
    """A session whose code the signed-in person may show and whose arrivals they may mark."""
    session = announced_session(uuid)
    if not may_host(person_of(request), session, on=timezone.localdate(now())):
        raise Http404
    return session
