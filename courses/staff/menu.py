"""The group of this app in the menu."""

from django.utils.translation import pgettext_lazy
from wagtail.admin.viewsets.base import ViewSetGroup

from courses.staff.calendar import CalendarViewSet
from courses.staff.courses import CourseViewSet
from courses.staff.kinds import KindViewSet
from courses.staff.lecturers import LecturerViewSet
from courses.staff.report_pages import TrainingReportsViewSet


class TrainingGroup(ViewSetGroup):
    items = (
        CourseViewSet,
        CalendarViewSet,
        LecturerViewSet,
        KindViewSet,
        TrainingReportsViewSet,
    )
    menu_label = pgettext_lazy("training", "Training")
    menu_name = "training"
    menu_icon = "calendar-check"
    menu_order = 130
