"""Telling people that the repair of a key has changed their result."""

from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from exams.models import Exam, KeyRepair
from members.domain.messages import send_messages
from members.models import User


def tell_affected(repair: KeyRepair, exam: Exam, *, at: datetime) -> int:
    """A message to everybody whose score it changed, once; how many. Nobody before the results of ``exam`` are out.

    Who has seen no result yet will find the repaired one.
    """
    if not exam.results_are_out(at=at):
        return 0
    changed = repair.outcomes.filter(attempt__candidate__exam=exam, new_score__isnull=False)
    people = User.objects.filter(
        pk__in=changed.exclude(old_score=F("new_score")).values("attempt__candidate__person")
    ).order_by("pk")
    with override(settings.LANGUAGE_CODE):
        subject = _("Your result has changed: %(exam)s") % {"exam": exam.title}
        text = _("The key of a question was repaired. Reason: %(reason)s") % {"reason": repair.reason}
    key, link = f"exams.repaired:{repair.pk}:{exam.pk}", reverse("exam_intro", args=[exam.uuid])
    return len(send_messages(people.iterator(), key=key, subject=subject, text=text, link=link, at=at))
