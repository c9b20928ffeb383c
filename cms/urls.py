"""The pages everybody starts from, and what Wagtail's tree has no page for."""

from django.urls import path

from cms.web import books, handbooks, search
from cms.web.home import home

urlpatterns = [
    path("", home, name="home"),
    path("search/", search.search, name="search"),
    path("handbooks/<int:pk>/pdf/", books.pdf, name="handbook_pdf"),
    path("handbooks/<int:pk>/page/", books.page, name="handbook_single_page"),
    path("reading/<int:pk>/", handbooks.say_read, name="say_read"),
]
