"""The menu of this app in the staff interface."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from members.staff.feedback import FeedbackViewSet
from members.staff.people import PeopleViewSet
from members.staff.places import DivisionViewSet, PostingViewSet, SendingUnitViewSet, TeamViewSet
from members.staff.rosters import RosterViewSet


class MembersGroup(ViewSetGroup):
    menu_label = _("People and teams")
    menu_name = "members"
    menu_icon = "group"
    menu_order = 300
    items = (
        PeopleViewSet,
        TeamViewSet,
        PostingViewSet,
        RosterViewSet,
        SendingUnitViewSet,
        DivisionViewSet,
        FeedbackViewSet,
    )
