"""The pages everybody starts from, and what Wagtail's tree has no page for."""

from django.urls import path

from cms.web import books, files, links, offline, search, standing
from cms.web.home import home

urlpatterns = [
    path("", home, name="home"),
    path("search/", search.search, name="search"),
    path("handbooks/<int:pk>/pdf/", books.pdf, name="handbook_pdf"),
    path("handbooks/<int:pk>/page/", books.page, name="handbook_single_page"),
    # All that is uploaded: no web server in front may serve the folder itself.
    path("media/<path:path>", files.media, name="media"),
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("offline/", offline.offline, name="offline"),
    path("e/<int:pk>/", links.entry_link, name="entry_link"),
    path("e/<int:pk>/qr.svg", links.entry_code, name="entry_code"),
    path("reading/<int:pk>/", standing.say_read, name="say_read"),
]
