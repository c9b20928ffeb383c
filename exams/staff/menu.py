"""The group of this app in the menu."""

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSetGroup

from exams.staff.blueprints import BlueprintViewSet
from exams.staff.exams import ExamViewSet
from exams.staff.marking import MarkingViewSet
from exams.staff.repairs import RepairsViewSet
from exams.staff.scores import ScoresViewSet


class ExamsGroup(ViewSetGroup):
    items = (ExamViewSet, BlueprintViewSet, MarkingViewSet, ScoresViewSet, RepairsViewSet)
    menu_label = gettext_lazy("Exams")
    menu_name = "exams"
    menu_icon = "clipboard-list"
    menu_order = 100
