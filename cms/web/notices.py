"""Notices as members see them."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms.models import NoticeIndexPage, NoticePage
from cms.web.gates import readable

A_PAGE = 30


def notices(request: HttpRequest, page: NoticeIndexPage) -> HttpResponse:
    issues = readable(request, NoticePage.objects.child_of(page)).order_by("-issued_on", "-pk")
    shown = Paginator(issues, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "cms/notice_index.html", {"page": page, "notices": shown})


def notice(request: HttpRequest, page: NoticePage) -> HttpResponse:
    return render(request, "cms/notice.html", {"page": page})
