"""What the appraisal asks of a person now, for the first page."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cms.domain.next_steps import Step
from exams.domain.wording import moment, time_left
from members.models import User
from performance.domain.reading_cards import to_look_at


def quarter_steps(person: User, *, at: datetime) -> list[Step]:
    """A provider for :mod:`cms.domain.next_steps`: a published quarter, while one may object to it. One query."""
    found = []
    for card in to_look_at(person, at=at):
        quarter = card.computation.quarter
        until = quarter.objections_until
        if until is None:
            continue
        found.append(
            Step(
                title=_("My quarter: %(quarter)s") % {"quarter": quarter},
                detail=_("You can object until %(moment)s, %(left)s")
                % {"moment": moment(until), "left": time_left(until, at=at)},
                url=reverse("performance:my_quarter", args=[card.uuid]),
                action=_("Look at my quarter"),
                headline=_("Your quarter is published"),
                weight=50,
                due_at=until,
            )
        )
    return found
