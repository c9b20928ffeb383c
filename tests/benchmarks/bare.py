"""The least that Django can do: one view, no middleware, no database. What everything else is measured against."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="bare", MIDDLEWARE=[], ROOT_URLCONF=__name__)


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("healthz", nothing)]
application = get_wsgi_application()
