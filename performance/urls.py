"""Pages of the appraisal."""

from django.urls import URLPattern, path

from performance.web import verifying

urlpatterns: list[URLPattern] = [
    path("verify/", verifying.verify_number, name="verify_number"),
    path("verify/<str:key>/", verifying.verify, name="verify"),
]
