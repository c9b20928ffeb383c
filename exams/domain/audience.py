"""Who an exam is for."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from exams.domain.refusals import AudienceOutsideDivision
from exams.enums import SETTLED_EXAM_STATES, Audience
from exams.models import Candidate, Exam
from members.domain.serving import Serving, people_of
from members.models import Posting


def eligible(exam: Exam, *, at: datetime) -> list[Serving]:
    """Everybody the exam's audience covers on the day of ``at``, in the order of their staff numbers.

    For a draw: those it draws from, before anybody is left out for having been drawn lately.
    Raises AudienceOutsideDivision when the audience reaches beyond the exam's division.
    """
    if not exam.division.contains(exam.where.code):
        raise AudienceOutsideDivision(
            _("%(division)s is not part of %(own)s.") % {"division": exam.where, "own": exam.division}
        )
    postings = Posting.objects.serving(on=timezone.localdate(at)).within_any([exam.where.prefix])
    if exam.audience in (Audience.ROLE, Audience.DRAW) and exam.audience_role:
        postings = postings.filter(role=exam.audience_role)
    if exam.audience == Audience.TEAMS:
        postings = postings.filter(team__in=exam.audience_teams.all())
    if exam.audience == Audience.CHOSEN:
        postings = postings.filter(person__in=exam.audience_people.all())
    return people_of(postings)


def drawn_lately(exam: Exam, *, at: datetime) -> set[int]:
    """Ids of people whom another draw put into an exam published within ``draw_rest_days`` before ``at``."""
    if not exam.draw_rest_days:
        return set()
    since = at - timedelta(days=exam.draw_rest_days)
    drawn = Candidate.objects.filter(
        exam__audience=Audience.DRAW, exam__state__in=SETTLED_EXAM_STATES, exam__published_at__gte=since
    ).exclude(exam=exam)
    return set(drawn.values_list("person_id", flat=True))
