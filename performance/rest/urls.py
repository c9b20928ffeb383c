"""Addresses of the appraisal's API."""

from django.urls import URLPattern, path

from performance.rest import quarters

urlpatterns: list[URLPattern] = [
    path("quarters/", quarters.QuarterListView.as_view(), name="api_quarters"),
    path("quarters/<str:name>/scorecards/", quarters.ScorecardListView.as_view(), name="api_scorecards"),
]
