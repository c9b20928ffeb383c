"""The kinds a county usually begins with."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import NotAllowed
from courses.enums import Rhythm
from courses.models import CourseKind
from courses.rules import may_create_in
from members.models import Division, User

_FIELDS = ("code", "title", "rhythm", "times", "hosted_in_turn", "minutes")
# Data, in the language of its readers.
_USUAL = (
    ("P01", "集中培训班", Rhythm.YEARLY, 3, False, 360),
    ("P02", "周例会（含讲堂）", Rhythm.WEEKLY, 1, False, 90),
    ("P03", "月度座谈会", Rhythm.MONTHLY, 1, True, 180),
    ("P04", "季度工作会", Rhythm.QUARTERLY, 1, False, 180),
    ("P05", "现场观摩", Rhythm.AS_NEEDED, 1, False, 240),
    ("P06", "健康讲座", Rhythm.AS_NEEDED, 1, False, 60),
)


@transaction.atomic
def set_up_kinds(division: Division, *, by: User, at: datetime) -> int:
    """Add those that the division does not have, by their numbers; returns how many. Raises NotAllowed."""
    if not may_create_in(by, division):
        raise NotAllowed(_("This division is not yours."))
    there = set(CourseKind.objects.filter(division=division).values_list("code", flat=True))
    added = [
        CourseKind(
            division=division,
            code=code,
            title=title,
            rhythm=rhythm,
            times=times,
            hosted_in_turn=hosted,
            minutes=minutes,
        )
        for code, title, rhythm, times, hosted, minutes in _USUAL
        if code not in there
    ]
    CourseKind.objects.bulk_create(added)
    if added:
        log(division, "courses.set_up_kinds", user=by, timestamp=at, data={"kinds": [kind.code for kind in added]})
    return len(added)
