"""Pages of the appraisal outside the staff interface."""

from django.urls import path

from performance.web import files, ledger, quarters, verifying

app_name = "performance"

urlpatterns = [
    path("me/quarters/", quarters.my_quarters, name="my_quarters"),
    path("me/quarters/<uuid:uuid>/", quarters.my_quarter, name="my_quarter"),
    path("me/quarters/<uuid:uuid>/lines/<int:line>/objection/", quarters.send_objection, name="send_objection"),
    path("me/quarters/<uuid:uuid>/scorecard.pdf", quarters.scorecard_pdf, name="scorecard_pdf"),
    path("me/objections/<uuid:uuid>/file/", quarters.objection_file, name="objection_file"),
    path("ledger/<uuid:uuid>/", ledger.ledger_entry, name="ledger_entry"),
    path("ledger/files/<uuid:uuid>/", files.ledger_file, name="ledger_file"),
    path("verify/", verifying.verify_number, name="verify_number"),
    path("verify/<str:key>/", verifying.verify, name="verify"),
]
