"""Part of ``/api/v1/``."""

from django.urls import path

from members.rest import views

urlpatterns = [
    path("token/", views.TokenView.as_view(), name="api_token"),
    path("me/", views.MeView.as_view(), name="api_me"),
]
