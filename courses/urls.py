"""Pages of the training outside the staff interface."""

from django.urls import path

from courses.web import courses

app_name = "courses"

urlpatterns = [
    path("courses/", courses.my_courses, name="my_courses"),
    path("courses/<uuid:uuid>/", courses.course, name="course"),
]
