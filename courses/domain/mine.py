"""My courses: how far I am, what is next, where I was."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from courses.domain.known import Contents, Known
from courses.domain.progress import Progress, measured
from courses.enums import ATTENDED_STATES, SHOWN_COURSE_STATES, CourseState, SessionState
from courses.models import Attendance, Certificate, Course, Enrolment, Exemption, Session
from exams.models import Candidate, Exam
from members.enums import RequestState
from members.models import User


@dataclass(frozen=True, slots=True)
class MySession:
    """One session as it concerns me. ``is_mine``: I am expected, or I was there, or I am noted as missing."""

    session: Session
    attendance: Attendance | None
    is_expected: bool

    @property
    def was_there(self) -> bool:
        return self.attendance is not None and self.attendance.state in ATTENDED_STATES

    @property
    def is_mine(self) -> bool:
        return self.is_expected or self.attendance is not None

    def takes_me_in(self, *, at: datetime) -> bool:
        """Could I sign in now?"""
        return self.is_expected and self.attendance is None and self.session.takes_arrivals(at=at)


@dataclass(frozen=True, slots=True)
class MyCourse:
    course: Course
    enrolment: Enrolment
    progress: Progress
    sessions: Sequence[MySession]
    certificate: Certificate | None

    @property
    def is_current(self) -> bool:
        return self.course.state == CourseState.OPEN and self.enrolment.left_on is None

    def next_session(self, *, at: datetime) -> MySession | None:
        """The next one at which I am expected; the one that runs counts."""
        ahead = (each for each in self.sessions if each.is_expected and each.session.ends_at > at)
        return next((each for each in ahead if not each.was_there), None)


def my_courses(person: User, *, at: datetime, only: Q | None = None) -> list[MyCourse]:
    """Courses that were shown to the person, the newest first. At most eight queries, one where there are none."""
    rows = Enrolment.objects.filter(person=person, course__state__in=SHOWN_COURSE_STATES)
    if only is not None:
        rows = rows.filter(only)
    rows = rows.select_related("course__kind", "course__division", "course__exam", "team").order_by(
        "-course__opened_at"
    )
    enrolments = list(rows)
    if not enrolments:
        return []
    facts = _Facts.about(person, enrolments)
    return [facts.course(row, at=at) for row in enrolments]


def my_course(person: User, uuid: UUID, *, at: datetime) -> MyCourse | None:
    """One of them; None for what is absent and for what is not theirs alike."""
    found = my_courses(person, at=at, only=Q(course__uuid=uuid))
    return found[0] if found else None


def my_open_courses(person: User, *, at: datetime) -> list[MyCourse]:
    return my_courses(person, at=at, only=Q(course__state=CourseState.OPEN, left_on=None))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of one person in several courses, by course; asked once for all of them."""

    sessions: Mapping[int, Sequence[Session]]
    attendances: Mapping[int, Attendance]
    exempt: frozenset[int]
    sat: frozenset[int]
    passed: frozenset[int]
    certificates: Mapping[int, Certificate]

    @classmethod
    def about(cls, person: User, enrolments: Sequence[Enrolment]) -> "_Facts":
        courses = [row.course for row in enrolments]
        ids = [course.pk for course in courses]
        exempt = Exemption.objects.filter(course__in=ids, person=person, state=RequestState.APPROVED)
        certificates = Certificate.objects.valid().filter(enrolment__in=[row.pk for row in enrolments])
        sat, passed = _tested(person, courses)
        return cls(
            sessions=_sessions(courses),
            attendances={
                row.session_id: row for row in Attendance.objects.filter(person=person, session__course__in=ids)
            },
            exempt=frozenset(exempt.values_list("course_id", flat=True)),
            sat=sat,
            passed=passed,
            certificates={row.enrolment_id: row for row in certificates},
        )

    def course(self, row: Enrolment, *, at: datetime) -> MyCourse:
        sessions = self.sessions.get(row.course_id, ())
        progress = measured(row.course, row, self._known(row, sessions))
        return MyCourse(
            course=row.course,
            enrolment=row,
            progress=progress,
            sessions=[self._session(each, row, progress) for each in sessions],
            certificate=self.certificates.get(row.pk),
        )

    def _known(self, row: Enrolment, sessions: Iterable[Session]) -> Known:
        me = {row.person_id}
        taking_place = [each for each in sessions if each.state != SessionState.CANCELLED]
        own = {
            each.pk: (self.attendances[each.pk].state, self.attendances[each.pk].reason)
            for each in taking_place
            if each.pk in self.attendances
        }
        return Known(
            contents=Contents.of(taking_place),
            attendances={row.person_id: own},
            exempt=me if row.course_id in self.exempt else set(),
            sat=me if row.course.exam_id in self.sat else set(),
            passed=me if row.course.exam_id in self.passed else set(),
        )

    def _session(self, session: Session, row: Enrolment, progress: Progress) -> MySession:
        lacking = {each.session.content_id for each in progress.missing}
        is_expected = (
            row.course.state == CourseState.OPEN
            and session.state == SessionState.PLANNED
            and session.content_id in lacking
            and session.covers(row.division_code)
            and not progress.is_exempt
            and (row.left_on is None or row.left_on > timezone.localdate(session.starts_at))
        )
        attendance = self.attendances.get(session.pk)
        return MySession(session, attendance, is_expected or self._arrived(session, attendance))

    def _arrived(self, session: Session, attendance: Attendance | None) -> bool:
        """Whoever has signed in to a session that still runs lacks its content no more, and is expected there."""
        return attendance is not None and session.state == SessionState.PLANNED and not attendance.is_guest


def _sessions(courses: Sequence[Course]) -> Mapping[int, Sequence[Session]]:
    """By course, in order of time. Two queries."""
    by_course = {course.pk: course for course in courses}
    found: dict[int, list[Session]] = defaultdict(list)
    sessions = Session.objects.filter(course__in=list(by_course)).select_related("division", "host_team")
    for session in sessions.prefetch_related("lecturers").order_by("starts_at", "pk"):
        # Its course is here already, with its kind.
        session.course = by_course[session.course_id]
        found[session.course_id].append(session)
    return found


def _tested(person: User, courses: Iterable[Course]) -> tuple[frozenset[int], frozenset[int]]:
    """Of which of the courses' exams the person has sat, and passed, the exam itself or a retake. One query."""
    exams = {course.exam_id for course in courses if course.exam_id and course.needs_test}
    if not exams:
        return frozenset(), frozenset()
    settled = Exam.objects.settled().filter(Q(pk__in=exams) | Q(retake_of__in=exams))
    rows = Candidate.objects.filter(person=person, exam__in=settled).select_related("exam__blueprint")
    sat, passed = set(), set()
    for row in rows:
        exam = row.exam_id if row.exam_id in exams else row.exam.retake_of_id
        if row.attempts_used:
            sat.add(exam or 0)
        if row.score is not None and row.score >= row.exam.pass_points:
            passed.add(exam or 0)
    return frozenset(sat), frozenset(passed)
