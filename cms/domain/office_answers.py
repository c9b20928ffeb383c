"""What the office answered to complaints and suggestions, for the first page."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from cms.domain.next_steps import Step
from members.models import Feedback, User

# An answer stays among the next steps so long; afterwards it is found on the page it was asked on.
NEWS = timedelta(days=7)
_SHOWN = 30


def office_answers(person: User, *, at: datetime) -> list[Step]:
    """A provider for :mod:`cms.domain.next_steps`: the newest answer, one step however many there are."""
    answered = Feedback.objects.filter(person=person).answered_since(at - NEWS).order_by("-answered_at").first()
    if answered is None:
        return []
    return [
        Step(
            title=Truncator(" ".join(answered.text.split())).chars(_SHOWN),
            detail=_("The county office has answered what you sent"),
            url=reverse("feedback"),
            action=_("Read the answer"),
            headline=_("The office has answered you"),
            weight=30,
        )
    ]
