"""The rota: which team is host of which session, where a kind is hosted in turn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from common.refusals import NotAllowed, ReasonMissing
from courses.domain.refusals import CourseNotEditable, HostsChanged, NoTeams, SessionNotEditable
from courses.domain.reminding import tell_teams
from courses.enums import CourseState, SessionState
from courses.models import Course, Session
from courses.rules import may_manage_course
from members.models import Posting, Team, User

_LONG_AGO = datetime.min.replace(tzinfo=timezone.get_fixed_timezone(0))


@dataclass(frozen=True, slots=True)
class Turn:
    """One session and the team whose turn it is; ``last`` is when that team was host before, of any such session."""

    session: Session
    team: Team
    last: datetime | None


def plan_rota(course: Course, *, at: datetime) -> list[Turn]:
    """Whose turn each session to come without a host would be. Writes nothing; four queries. Raises NoTeams.

    Whoever was host longest ago comes first, teams that never were before all others; among equals the lower team
    number. A turn that is given counts at once, so nobody has a second one before everybody who serves had a first.
    """
    sessions = list(_without_host(course, at=at))
    if not sessions:
        return []
    teams = _teams(course, from_day=timezone.localdate(at))
    return assign(sessions, teams, last_turns(course))


def assign(sessions: Iterable[Session], teams: Sequence[Team], last: Mapping[int, datetime]) -> list[Turn]:
    """Give each of ``sessions``, in the order of time, to the team whose last turn is longest ago; see ``plan_rota``.

    ``last`` holds the turns so far by team, those to come included. Raises NoTeams where no team serves on the day.
    """
    known, turns = dict(last), []
    for session in sessions:
        on = timezone.localdate(session.starts_at)
        serving = [team for team in teams if team.starts_on <= on <= (team.ends_on or on)]
        if not serving:
            raise NoTeams(_("No team serves here on %(day)s.") % {"day": on})
        team = min(serving, key=lambda team: (known.get(team.pk, _LONG_AGO), team.code))
        turns.append(Turn(session, team, known.get(team.pk)))
        known[team.pk] = max(session.starts_at, known.get(team.pk, _LONG_AGO))
    return turns


@transaction.atomic
def make_rota(course: Course, *, by: User, at: datetime) -> list[Turn]:
    """Store what ``plan_rota`` says, and tell the teams. Raises NotAllowed, CourseNotEditable, NoTeams."""
    course = _locked(course, by=by)
    turns = plan_rota(course, at=at)
    for turn in turns:
        turn.session.host_team = turn.team
        turn.session.save(update_fields=["host_team"])
        log(turn.session, "courses.give_turn", user=by, timestamp=at, data={"team": turn.team.code})
        _tell(turn.session, [turn.team.pk], at=at)
    return turns


@transaction.atomic
def swap_hosts(one: Session, other: Session, *, reason: str, by: User, at: datetime) -> None:
    """Let the hosts of two sessions to come change places; both teams are told.

    ``one`` and ``other`` as whoever asks saw them: where a host is another by now it is refused with HostsChanged.
    Raises NotAllowed, ReasonMissing, CourseNotEditable, SessionNotEditable, HostsChanged.
    """
    if not reason.strip():
        raise ReasonMissing(_("Give a reason."))
    # In the order of their keys, so that two who swap at the same time wait for each other.
    seen = {session.pk: session.host_team_id for session in (one, other)}
    rows = Session.objects.select_for_update(of=("self",)).select_related("course__division", "course__kind")
    pair = list(rows.filter(pk__in=seen).order_by("pk"))
    _require_swappable(pair, by=by, at=at)
    if any(session.host_team_id != seen[session.pk] for session in pair):
        raise HostsChanged(_("Somebody has changed the hosts in the meantime. Look again."))
    first, second = pair
    first.host_team_id, second.host_team_id = second.host_team_id, first.host_team_id
    for session in pair:
        session.save(update_fields=["host_team"])
        data = {"from": seen[session.pk], "to": session.host_team_id, "reason": reason.strip()}
        log(session, "courses.swap_hosts", user=by, timestamp=at, data=data)
    for session in pair:
        _tell(session, [team for team in seen.values() if team], at=at)


def _require_swappable(pair: Sequence[Session], *, by: User, at: datetime) -> None:
    if any(not may_manage_course(by, session.course) for session in pair):
        raise NotAllowed(_("This course belongs to a division that is not yours."))
    if len(pair) != 2:
        raise SessionNotEditable(_("Choose two sessions."))
    if pair[0].course_id != pair[1].course_id:
        raise SessionNotEditable(_("Hosts change places within one course."))
    if not pair[0].course.is_editable():
        raise CourseNotEditable(_("This course is closed or was called off."))
    if any(session.state != SessionState.PLANNED or session.starts_at <= at for session in pair):
        raise SessionNotEditable(_("Only sessions that are still to come can be swapped."))


def _tell(session: Session, teams: Iterable[int], *, at: datetime) -> None:
    """Nobody hears of a course in preparation."""
    if session.course.state != CourseState.OPEN or session.host_team_id is None:
        return
    host = Team.objects.get(pk=session.host_team_id)
    with override(settings.LANGUAGE_CODE):
        subject = _("%(team)s is host: %(topic)s") % {"team": host.name, "topic": session.topic}
    key = f"courses.host:{session.pk}:{host.pk}:{int(at.timestamp())}"
    tell_teams(session, teams, subject=subject, key=key, at=at)


def hosts_to_come(course: Course, *, at: datetime) -> list[Session]:
    """Sessions of the rota that have not begun, the earliest first."""
    rows = course.sessions.planned().filter(starts_at__gt=at).select_related("host_team__division", "course")
    return list(rows.order_by("starts_at", "pk"))


def _without_host(course: Course, *, at: datetime) -> Iterable[Session]:
    rows = course.sessions.planned().filter(starts_at__gt=at, host_team=None).select_related("course__division")
    return rows.order_by("starts_at", "pk")


def last_turns(course: Course) -> dict[int, datetime]:
    """When each team was, or will be, host last: of all sessions of this kind, called-off ones left out."""
    held = Session.objects.taking_place().filter(course__kind=course.kind_id, host_team__isnull=False)
    return dict(held.order_by().values_list("host_team").annotate(Max("starts_at")))


def _teams(course: Course, *, from_day: date) -> list[Team]:
    """Teams of the course's people that somebody serves in."""
    posted = Posting.objects.serving(on=from_day).order_by().values("team")
    teams = Team.objects.within_any([course.where.prefix]).filter(pk__in=posted)
    found = list(teams.select_related("division").order_by("code"))
    if not found:
        raise NoTeams(_("No team serves in %(division)s.") % {"division": course.where})
    return found


def _locked(course: Course, *, by: User) -> Course:
    """The course under a lock. Raises NotAllowed, CourseNotEditable."""
    locked = Course.objects.select_for_update(of=("self",)).select_related("division", "audience_division", "kind")
    course = locked.get(pk=course.pk)
    if not may_manage_course(by, course):
        raise NotAllowed(_("This course belongs to a division that is not yours."))
    if not course.is_editable():
        raise CourseNotEditable(_("This course is closed or was called off."))
    return course
