"""The pages everybody starts from."""

from django.urls import path

from cms.web.home import home

urlpatterns = [path("", home, name="home")]
