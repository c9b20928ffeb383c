"""What the pages of members need of the bank."""

from django.urls import path

from question_bank.web import figures

urlpatterns = [path("question-figures/<slug:digest>/", figures.figure, name="question_figure")]
