"""Telling people what of the appraisal concerns them: a ledger entry, a published quarter, an objection and its answer.

Each is called in the transaction of what it tells, and each person is told once. Subjects and texts are in the language
of the house, as everything stored is.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from exams.domain.wording import moment
from members.domain.messages import send_message, send_messages
from members.enums import Role
from members.models import User
from members.models.division import ancestor_codes
from performance.enums import AppealState
from performance.models import Appeal, Computation, LedgerEntry, Quarter, Scorecard

# -- the ledger -----------------------------------------------------------------------------------


def tell_confirmed(entry: LedgerEntry, *, at: datetime) -> int:
    """Tell whom it concerns that an entry counts from now on, or that one does not count any more; how many."""
    original = entry.reverses or entry
    link = reverse("performance:ledger_entry", args=[original.uuid])
    with override(settings.LANGUAGE_CODE):
        heading = _("Reversed in the ledger: %(item)s") if entry.reverses_id else _("On the ledger: %(item)s")
        subject = heading % {"item": entry.kind.title}
        text = _("%(day)s, %(points)s points: %(what)s") % {
            "day": entry.occurred_on.isoformat(),
            "points": f"{entry.points.normalize():+f}",
            "what": entry.description,
        }
    key = f"performance.ledger:{entry.pk}"
    return len(send_messages(people_concerned(entry), key=key, subject=subject, text=text, link=link, at=at))


def people_concerned(entry: LedgerEntry) -> list[User]:
    """The person; of a team everybody who served in it on that day."""
    if entry.person is not None:
        return [entry.person]
    on = entry.occurred_on
    served = Q(postings__ends_on=None) | Q(postings__ends_on__gte=on)
    people = User.objects.filter(served, postings__team=entry.team_id, postings__starts_on__lte=on)
    return list(people.distinct().order_by("pk"))


# -- the quarter ----------------------------------------------------------------------------------


def tell_published(computation: Computation, *, until: datetime, at: datetime) -> int:
    """Tell everybody who has a scorecard that it can be read, and until when one may object; how many."""
    with override(settings.LANGUAGE_CODE):
        subject = _("Your quarter is published: %(quarter)s") % {"quarter": computation.quarter}
        text = _("Look at every line and what it came from. You can object until %(moment)s.") % {
            "moment": moment(until)
        }
    people = User.objects.filter(scorecards__computation=computation).order_by("pk")
    key, link = f"performance.published:{computation.pk}", reverse("performance:my_quarters")
    return len(send_messages(people.iterator(), key=key, subject=subject, text=text, link=link, at=at))


# -- objections -----------------------------------------------------------------------------------


def tell_objection(appeal: Appeal, *, at: datetime) -> int:
    """Tell the administrators who may decide about it; how many."""
    card = appeal.line.scorecard
    quarter = card.computation.quarter
    with override(settings.LANGUAGE_CODE):
        subject = _("An objection waits: %(name)s, %(line)s") % {
            "name": card.person.name,
            "line": appeal.line.indicator.title,
        }
    link = reverse("quarters:objection", args=[quarter.uuid, appeal.uuid])
    people = administrators_of(quarter).exclude(pk__in=[card.person_id, card.computation.published_by_id])
    key = f"performance.objection:{appeal.pk}"
    return len(send_messages(people, key=key, subject=subject, text=appeal.text, link=link, at=at))


def administrators_of(quarter: Quarter) -> QuerySet[User]:
    """Those who run it: administrators of its division or of one that contains it."""
    codes = ancestor_codes(quarter.division.prefix)
    everybody = User.objects.filter(is_active=True)
    return everybody.filter(
        role_assignments__role=Role.ADMINISTRATOR, role_assignments__division__code__in=codes
    ).distinct()


def tell_decided(appeal: Appeal, *, changed: Iterable[int], at: datetime) -> int:
    """Tell the author the answer, and everybody else whose scorecard it ``changed`` that it did; how many."""
    card = appeal.line.scorecard
    with override(settings.LANGUAGE_CODE):
        accepted, declined = _("Your objection was accepted: %(line)s"), _("Your objection was declined: %(line)s")
        subject = accepted if appeal.state == AppealState.ACCEPTED else declined
        subject = subject % {"line": appeal.line.indicator.title}
    key = f"performance.decided:{appeal.pk}"
    told = send_message(card.person, key=key, subject=subject, text=appeal.answer, link=_page(card), at=at)
    others = card.computation.scorecards.filter(person__in=set(changed) - {card.person_id}).select_related("person")
    return int(told is not None) + sum(_tell_changed(other, appeal, at=at) for other in others)


def _tell_changed(card: Scorecard, appeal: Appeal, *, at: datetime) -> int:
    is_corrected = appeal.corrections.filter(person=card.person_id).exists()
    key = f"performance.decided:{appeal.pk}"
    with override(settings.LANGUAGE_CODE):
        subject = _("Your scorecard has changed: %(quarter)s") % {"quarter": card.computation.quarter}
        text = (
            appeal.answer
            if is_corrected
            else _("The points of somebody else were corrected. Your points are the same; grades were found anew.")
        )
    return int(send_message(card.person, key=key, subject=subject, text=text, link=_page(card), at=at) is not None)


def _page(card: Scorecard) -> str:
    return reverse("performance:my_quarter", args=[card.uuid])
