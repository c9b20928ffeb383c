"""The group of this app in the menu."""

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSetGroup

from performance.staff.evidence_kinds import LedgerKindViewSet, RatingKindViewSet
from performance.staff.ledger import LedgerViewSet
from performance.staff.quarters import QuartersViewSet
from performance.staff.ratings import RatingViewSet
from performance.staff.sheets import RatingSheetViewSet


class AppraisalGroup(ViewSetGroup):
    items = (
        QuartersViewSet,
        LedgerViewSet,
        LedgerKindViewSet,
        RatingViewSet,
        RatingSheetViewSet,
        RatingKindViewSet,
    )
    menu_label = gettext_lazy("Appraisal")
    menu_name = "appraisal"
    menu_icon = "rotate"
    menu_order = 150
