"""My courses: what is next for me, how far I am, and one of them with all that belongs to it."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.clock import now
from courses.domain import mine
from courses.domain.material import material_for
from courses.models import Course
from exams.models import Candidate
from members.models import User


@never_cache
@login_required
@require_safe
def my_courses(request: HttpRequest) -> HttpResponse:
    person, moment = cast(User, request.user), now()
    found = mine.my_courses(person, at=moment)
    current = [each for each in found if each.is_current]
    ahead = [each.next_session(at=moment) for each in current]
    coming = sorted((each for each in ahead if each), key=lambda each: each.session.starts_at)
    lead = coming[0] if coming else None
    context = {
        "current": current,
        "past": [each for each in found if not each.is_current],
        "lead": lead,
        "signs_in": lead is not None and lead.takes_me_in(at=moment),
        "now": moment,
    }
    return render(request, "courses/my_courses.html", context)


@never_cache
@login_required
@require_safe
def course(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same 404 for what does not exist, what is not shown yet and what is not mine."""
    person, moment = cast(User, request.user), now()
    found = mine.my_course(person, uuid, at=moment)
    if found is None:
        raise Http404
    ahead = found.next_session(at=moment)
    context = {
        "mine": found,
        "course": found.course,
        "progress": found.progress,
        "ahead": ahead,
        "signs_in": ahead is not None and ahead.takes_me_in(at=moment),
        "material": material_for(found.course, person, on=localdate(moment)),
        "is_invited": _is_invited(found.course, person),
        "now": moment,
    }
    return render(request, "courses/course.html", context)


def _is_invited(course: Course, person: User) -> bool:
    return course.exam_id is not None and Candidate.objects.filter(exam=course.exam_id, person=person).exists()
