"""What waits for review, on the first page of the staff interface."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from cms.domain.waiting_reviews import waiting_reviews
from cms.staff.pages import person_of

MOST = 12


class ReviewsPanel(Component):
    """Nothing at all for whoever has nothing to review."""

    name = "cms_reviews"
    template_name = "cms/staff/reviews.html"
    # Below exams (10), of which one may be running.
    order = 20

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        waiting = waiting_reviews(person_of(parent_context["request"]))
        return {"waiting": waiting[:MOST], "left_out": len(waiting) - MOST}


def show_reviews(request: HttpRequest, panels: list[Any]) -> None:
    """Hook ``construct_homepage_panels``."""
    panels.append(ReviewsPanel())
