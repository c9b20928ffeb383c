"""Pages of the appraisal outside the staff interface."""

from django.urls import path

from performance.web import files

app_name = "performance"

urlpatterns = [
    path("ledger/files/<uuid:uuid>/", files.ledger_file, name="ledger_file"),
]
