"""Pages of the appraisal outside the staff interface."""

from django.urls import path

from performance.web import files, ledger, verifying

app_name = "performance"

urlpatterns = [
    path("ledger/<uuid:uuid>/", ledger.ledger_entry, name="ledger_entry"),
    path("ledger/files/<uuid:uuid>/", files.ledger_file, name="ledger_file"),
    path("verify/", verifying.verify_number, name="verify_number"),
    path("verify/<str:key>/", verifying.verify, name="verify"),
]
