"""What those who are asked need of the bank."""

from django.urls import path

from question_bank.rest.figures import FigureView

urlpatterns = [
    # For those who keep the bank; everybody else is given addresses with a seal by the page that shows the picture.
    path("question-figures/<slug:digest>/", FigureView.as_view(), name="question_figure"),
    path("question-figures/<slug:digest>/<slug:seal>/", FigureView.as_view(), name="question_figure_shown"),
]
