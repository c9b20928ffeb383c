"""What stands against a session at a time: shown to whoever plans, who decides."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Course, Enrolment, Lecturer, Session
from members.models import Division, Team
from members.models.division import inside

# A county's six digits: what another county does in a hall of the same name is no conflict.
_COUNTY_DIGITS = 6
MOST_NAMED = 20


def conflicts_of(
    course: Course,
    *,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    host_team: Team | None,
    lecturers: Iterable[Lecturer],
    division: Division | None = None,
    session: Session | None = None,
) -> list[str]:
    """What stands against a session at that time, one sentence each; it never blocks anything.

    ``session`` is the one that is being changed. A lecturer, a place or a host team that is taken, and how many people
    of the cohort are enrolled for something else then. Asks the database once, and once more for every session at that
    time.
    """
    speaking = {lecturer.pk: lecturer for lecturer in lecturers}
    found: list[str] = []
    for other in _meanwhile(course, starts_at, ends_at, session):
        words = {"topic": other.topic, "when": _when(other)}
        taken = [speaking[each.pk] for each in other.lecturers.all() if each.pk in speaking]
        found += [_("%(who)s speaks at “%(topic)s” (%(when)s).") % (words | {"who": each.name}) for each in taken]
        if place and _same_place(place, other.place):
            found.append(_("%(place)s is taken by “%(topic)s” (%(when)s).") % (words | {"place": other.place}))
        if host_team and other.host_team_id == host_team.pk:
            found.append(_("%(team)s is host of “%(topic)s” (%(when)s).") % (words | {"team": host_team.name}))
        found += _of_the_cohort(course, division, other, words)
    return found


def _meanwhile(course: Course, starts_at: datetime, ends_at: datetime, session: Session | None) -> Iterable[Session]:
    others = Session.objects.taking_place().between(starts_at, ends_at)
    others = others.filter(course__division__code__startswith=course.division.code[:_COUNTY_DIGITS])
    if session is not None:
        others = others.exclude(pk=session.pk)
    return others.select_related("course", "division").prefetch_related("lecturers")[:MOST_NAMED]


def _of_the_cohort(course: Course, division: Division | None, other: Session, words: dict[str, str]) -> Iterator[str]:
    on = timezone.localdate(other.starts_at)
    both = Enrolment.objects.filter(course=course).active(on=on)
    both = both.filter(person__in=Enrolment.objects.filter(course=other.course_id).active(on=on).values("person"))
    for place in (division, other.division):
        if place is not None:
            both = both.filter(inside([place.prefix], field="division_code"))
    if count := both.count():
        yield ngettext(
            "%(count)s person is enrolled for “%(topic)s” as well (%(when)s).",
            "%(count)s people are enrolled for “%(topic)s” as well (%(when)s).",
            count,
        ) % (words | {"count": count})


def _same_place(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _when(session: Session) -> str:
    begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return f"{begins:%m-%d %H:%M}–{ends:%H:%M}"
