"""The lecture hall as members see it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms.models import LectureIndexPage, LecturePage
from cms.web.gates import readable

A_PAGE = 30


def hall(request: HttpRequest, page: LectureIndexPage) -> HttpResponse:
    lectures = readable(request, LecturePage.objects.child_of(page)).order_by("-held_on", "-pk")
    shown = Paginator(lectures, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "cms/lecture_index.html", {"page": page, "lectures": shown})


def lecture(request: HttpRequest, page: LecturePage) -> HttpResponse:
    return render(request, "cms/lecture.html", {"page": page})
