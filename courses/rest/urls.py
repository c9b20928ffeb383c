"""Addresses of the API of training."""

from django.urls import URLPattern, path

from courses.rest import courses

urlpatterns: list[URLPattern] = [
    path("courses/", courses.MyCourseListView.as_view(), name="api_courses"),
    path("courses/<uuid:uuid>/", courses.MyCourseView.as_view(), name="api_course"),
    path("courses/<uuid:uuid>/gaps/", courses.GapListView.as_view(), name="api_course_gaps"),
]
