"""Pages of training outside the staff interface."""

from django.urls import path

from courses.web import calendar, courses

app_name = "courses"

urlpatterns = [
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("courses/", courses.my_courses, name="my_courses"),
    path("courses/<uuid:uuid>/", courses.course, name="course"),
    path("courses/calendar/", calendar.my_calendar, name="my_calendar"),
    path("courses/calendar/renew/", calendar.renew_feed, name="renew_feed"),
]
