"""Addresses of the exams API."""

from django.urls import path

from exams.rest import attempts, exams

urlpatterns = [
    path("exams/", exams.ExamListView.as_view(), name="api_exams"),
    path("exams/<uuid:uuid>/attempts/", attempts.StartView.as_view(), name="api_start"),
    path("exams/<uuid:uuid>/scores/", exams.ScoresView.as_view(), name="api_scores"),
    path("attempts/<uuid:uuid>/", attempts.AttemptView.as_view(), name="api_attempt"),
    path("attempts/<uuid:uuid>/responses/", attempts.ResponsesView.as_view(), name="api_responses"),
    path("attempts/<uuid:uuid>/leaves/", attempts.LeavesView.as_view(), name="api_leaves"),
    path("attempts/<uuid:uuid>/submit/", attempts.SubmitView.as_view(), name="api_submit"),
]
