"""The demonstration's training: a class that was held, one that runs, weekly meetings, a symposium in turns.

Everything but the arrivals goes the way an office would go. All of it is invented.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from courses.domain.attending import expected_at, mark, settle_overdue, settle_session
from courses.domain.cohorts import explain, follow_roster
from courses.domain.courses import close_course, open_course, save_course
from courses.domain.kinds import set_up_kinds
from courses.domain.progress import gaps
from courses.domain.sessions import plan_session
from courses.enums import AbsenceReason, ArrivalWay, AttendanceState
from courses.models import Attendance, Course, CourseKind, Lecturer, Session
from exams.domain.demo_exam import COUNTY
from members.models import Division, User

HELD = "第二期集中培训班（演示）"
RUNNING = "第三期集中培训班（演示）"
WEEKLY = "周例会（演示）"
IN_TURN = "月度座谈会（演示）"

_LECTURERS = (("周启明", "县委组织部"), ("罗素芬", "县民政局"), ("韩国梁", "县农业农村局"), ("段雨晴", "县医疗保障局"))
_WEEKLY_TOPICS = (
    "住房安全怎么看",
    "雨露计划怎么申请",
    "低保与特困的区别",
    "饮水安全四项指标",
    "年底走访安排",
    "台账怎么填",
    "政策问答",
)
_HALL = "县委党校报告厅"
_NINE, _TWO = time(9), time(14, 30)
# One in fourteen stays away, one in ten of those who come is late: a gap list and a table worth looking at.
_STAYS_AWAY, _LATE = 1 / 14, 1 / 10
# The minutes before nine at which people walk in, and after it for who is late.
_EARLY, _AFTER = 25, (10, 40)


@transaction.atomic
def prepare_demo_training(*, by: User, at: datetime) -> None:
    """Make the courses unless they are there."""
    county = Division.objects.get(code=COUNTY)
    if Course.objects.filter(division=county).exists():
        return
    set_up_kinds(county, by=by, at=at)
    kinds = {kind.code: kind for kind in CourseKind.objects.filter(division=county)}
    lecturers = Lecturer.objects.bulk_create(
        [Lecturer(division=county, name=name, organisation=office) for name, office in _LECTURERS]
    )
    chance = Random(f"{COUNTY}-training")  # noqa: S311 - invented events, not a draw
    _hold_last_class(kinds["P01"], lecturers, chance, by=by, at=at)
    _run_this_class(kinds["P01"], lecturers, chance, by=by, at=at)
    _meet_weekly(kinds["P02"], lecturers, chance, by=by, at=at)
    _sit_together_in_turn(kinds["P03"], by=by, at=at)
    settle_overdue(at=at)


def _course(kind: CourseKind, title: str, goals: str, *, by: User, at: datetime, **fields: object) -> Course:
    course = Course(title=title, kind=kind, division=kind.division, goals=goals, **fields)
    return save_course(course, by=by, at=at)


def _plan(
    course: Course,
    topic: str,
    starts_at: datetime,
    *,
    hours: float = 2,
    place: str = _HALL,
    lecturers: Iterable[Lecturer] = (),
    repeat_of: Session | None = None,
    by: User,
    at: datetime,
) -> Session:
    return plan_session(
        course,
        topic=topic,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        place=place,
        lecturers=lecturers,
        repeat_of=repeat_of,
        by=by,
        at=at,
    )


def _days(at: datetime, days: int, hour: time = _NINE) -> datetime:
    return datetime.combine(timezone.localdate(at) + timedelta(days=days), hour, timezone.get_current_timezone())


# -- the courses ----------------------------------------------------------------------------------


def hold_demo_class(title: str, began: datetime, *, by: User, at: datetime) -> None:
    """One class more for everybody, from ``began`` on, closed: attendance of an earlier quarter for its appraisal."""
    kind = CourseKind.objects.get(division__code=COUNTY, code="P01")
    lecturers = list(Lecturer.objects.filter(division=kind.division).order_by("pk"))
    _hold_class(title, kind, lecturers, Random(title), began=began, by=by, at=at)  # noqa: S311 - invented events


def _hold_last_class(
    kind: CourseKind, lecturers: Sequence[Lecturer], chance: Random, *, by: User, at: datetime
) -> None:
    """Seven weeks ago."""
    _hold_class(HELD, kind, lecturers, chance, began=_days(at, -49), by=by, at=at)


def _hold_class(
    title: str,
    kind: CourseKind,
    lecturers: Sequence[Lecturer],
    chance: Random,
    *,
    began: datetime,
    by: User,
    at: datetime,
) -> None:
    """With a make-up, and closed: whoever was missing has a reason."""
    goals = "掌握常态化精准帮扶的对象、标准和程序，能独立完成入户走访和信息核实。"
    course = _course(kind, title, goals, gives_certificate=True, by=by, at=began - timedelta(days=14))
    first = _plan(course, "监测帮扶的对象与程序", began, lecturers=lecturers[:1], by=by, at=began)
    second = _plan(course, "社会救助政策与入户走访", _days(began, 0, _TWO), lecturers=lecturers[1:2], by=by, at=began)
    makeups = [
        _plan(
            course, session.topic, _days(began, 14, hour), lecturers=lecturers[2:3], repeat_of=session, by=by, at=began
        )
        for session, hour in ((first, _NINE), (second, _TWO))
    ]
    course = open_course(course, by=by, at=began - timedelta(days=14))
    for session in (first, second, *makeups):
        _hold(session, chance)
    for each in gaps(course, at=at):
        reason = chance.choice([AbsenceReason.ILLNESS, AbsenceReason.DUTY, AbsenceReason.LEAVE])
        explain(each.enrolment, reason=reason, note="已电话核实", by=by, at=at)
    close_course(course, by=by, at=at)


def _run_this_class(kind: CourseKind, lecturers: Sequence[Lecturer], chance: Random, *, by: User, at: datetime) -> None:
    """One session last week, one that can be signed in to now, and the make-up of the first in some days."""
    goals = "弄懂乡村振兴促进法和医疗、教育、住房、饮水保障政策，做到政策讲得清、问题答得上。"
    course = _course(kind, RUNNING, goals, gives_certificate=True, by=by, at=_days(at, -20))
    first = _plan(course, "乡村振兴促进法要点", _days(at, -6), lecturers=lecturers[2:3], by=by, at=at)
    soon = at.replace(second=0, microsecond=0) + timedelta(minutes=15)
    _plan(course, "医疗保障与防返贫", soon, hours=8, lecturers=lecturers[3:], by=by, at=at)
    _plan(course, first.topic, _days(at, 4), lecturers=lecturers[2:3], repeat_of=first, by=by, at=at)
    course = open_course(course, by=by, at=_days(at, -20))
    _hold(first, chance)
    absent = first.attendances.missed().select_related("person").order_by("person__code")
    for row in absent[:6]:
        mark(first, row.person, state="excused", reason=AbsenceReason.ILLNESS, why="乡镇已核实病假条", by=by, at=at)


def _meet_weekly(kind: CourseKind, lecturers: Sequence[Lecturer], chance: Random, *, by: User, at: datetime) -> None:
    """Every Monday: four were held, three are to come."""
    goals = "通报一周工作，学一项政策，答一批问题。"
    course = _course(kind, WEEKLY, goals, catches_up=False, by=by, at=_days(at, -40))
    monday = _days(at, -timezone.localdate(at).weekday())
    topics = (
        "住房安全怎么看",
        "雨露计划怎么申请",
        "低保与特困的区别",
        "饮水安全四项指标",
        "年底走访安排",
        "台账怎么填",
        "政策问答",
    )
    sessions = [
        _plan(
            course, topic, monday + timedelta(weeks=week), hours=1.5, lecturers=lecturers[week % 4 :][:1], by=by, at=at
        )
        for week, topic in zip(range(-4, 3), topics, strict=True)
    ]
    open_course(course, by=by, at=_days(at, -40))
    for session in sessions:
        if session.ends_at <= at:
            _hold(session, chance)


def _sit_together_in_turn(kind: CourseKind, *, by: User, at: datetime) -> None:
    goals = "工作队轮流承办，交流做法，现场解决问题。"
    course = _course(kind, IN_TURN, goals, catches_up=False, by=by, at=at)
    for month, topic in enumerate(("产业帮扶怎么带动农户", "易地搬迁后续扶持", "集体经济怎么管好"), start=1):
        _plan(course, topic, _days(at, 28 * month - 14), hours=3, place="承办工作队所在村", by=by, at=at)
    open_course(course, by=by, at=at)


# -- who came ---------------------------------------------------------------------------------------


def _hold(session: Session, chance: Random) -> None:
    """People come or stay away as chance will; the rest is written down as after any session."""
    follow_roster(session.course, at=session.starts_at)
    rows = []
    for row in expected_at(session).order_by("person__code"):
        if chance.random() < _STAYS_AWAY:
            continue
        is_late = chance.random() < _LATE
        minutes = chance.randint(*_AFTER) if is_late else -chance.randint(0, _EARLY)
        rows.append(
            Attendance(
                session=session,
                person=row.person,
                team_id=row.team_id,
                division_code=row.division_code,
                role=row.role,
                staff_category=row.staff_category,
                state=AttendanceState.LATE if is_late else AttendanceState.PRESENT,
                way=ArrivalWay.SCREEN,
                arrived_at=session.starts_at + timedelta(minutes=minutes),
            )
        )
    Attendance.objects.bulk_create(rows)
    settle_session(session, at=session.ends_at)
