"""Pages of a test: which there are, its rules, taking it, its result."""

from django.urls import path

from exams.web import attempts, draws, exams, reports

urlpatterns = [
    path("exams/", exams.exam_list, name="exam_list"),
    path("exams/<uuid:uuid>/", exams.exam_intro, name="exam_intro"),
    path("exams/<uuid:uuid>/start/", exams.exam_start, name="exam_start"),
    path("attempts/<uuid:uuid>/", attempts.attempt, name="attempt"),
    path("attempts/<uuid:uuid>/report/<int:number>/", reports.report_question, name="report_question"),
    path("draws/<uuid:uuid>/", draws.draw, name="draw"),
    path("draws/<uuid:uuid>/record.json", draws.draw_record, name="draw_record"),
]
