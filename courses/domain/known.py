"""What the progress of people is read from, asked once for all of a course, or of many courses."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from courses.enums import SessionState
from courses.models import Attendance, Course, Enrolment, Exemption, Session
from exams.domain.inviting import Results, results_of
from members.enums import RequestState
from members.models import User

_PORTION = 2000

# State and reason, by session: of one person, of all in a course, of all in each course.
Own = Mapping[int, tuple[str, str]]
_OfPeople = Mapping[int, Own]


@dataclass(frozen=True, slots=True)
class Contents:
    """The sessions of a course that take place, by what is taught in them, in order of time."""

    by_content: Mapping[int, Sequence[Session]]

    # What was worked out for a place: thousands of people serve in a hundred villages.
    of_place: dict[str, list[tuple[int, date]]] = field(default_factory=dict)

    @classmethod
    def of(cls, sessions: Iterable[Session]) -> "Contents":
        """Sessions of one course that take place, in order of time, with their divisions."""
        by_content: dict[int, list[Session]] = defaultdict(list)
        for session in sessions:
            by_content[session.content_id].append(session)
        return cls(by_content)

    def required_of(self, enrolment: Enrolment, *, catches_up: bool) -> list[int]:
        return [
            content
            for content, first_day in self._covering(enrolment.division_code)
            if catches_up or enrolment.joined_on <= first_day
        ]

    def covers(self, enrolment: Enrolment) -> bool:
        return bool(self._covering(enrolment.division_code))

    def _covering(self, division_code: str) -> list[tuple[int, date]]:
        """Contents with a session for people who serve there, and the day each was first given."""
        if division_code not in self.of_place:
            self.of_place[division_code] = [
                (content, timezone.localdate(first.starts_at))
                for content, sessions in self.by_content.items()
                if (first := next((session for session in sessions if session.covers(division_code)), None))
            ]
        return self.of_place[division_code]


@dataclass(frozen=True)
class Known:
    """What the progress of people in one course is read from: whose ids are in which set, attendances by person."""

    contents: Contents
    attendances: _OfPeople
    exempt: Set[int]
    sat: Set[int]
    passed: Set[int]


def known_of(courses: Iterable[Course], *, person: User | None = None) -> dict[int, Known]:
    """By course; of one person only, or of everybody. Five queries at most, however many courses and people."""
    by_pk = {course.pk: course for course in courses}
    sessions, attendances, exempt = _sessions(by_pk), _attendances(by_pk, person), _exempt(by_pk)
    tests = {pk: course.exam_id for pk, course in by_pk.items() if course.exam_id and course.needs_test}
    results = results_of(tests.values())
    known = {}
    for pk in by_pk:
        result = results[tests[pk]] if pk in tests else Results()
        known[pk] = Known(Contents.of(sessions[pk]), attendances[pk], exempt[pk], result.sat, result.passed)
    return known


def _sessions(courses: Iterable[int]) -> Mapping[int, list[Session]]:
    found: dict[int, list[Session]] = defaultdict(list)
    taking_place = Session.objects.taking_place().filter(course__in=courses).select_related("division")
    for session in taking_place.order_by("starts_at", "pk"):
        found[session.course_id].append(session)
    return found


def _attendances(courses: Iterable[int], person: User | None) -> Mapping[int, _OfPeople]:
    rows = Attendance.objects.filter(session__course__in=courses).exclude(session__state=SessionState.CANCELLED)
    if person is not None:
        rows = rows.filter(person=person)
    found: dict[int, dict[int, dict[int, tuple[str, str]]]] = defaultdict(lambda: defaultdict(dict))
    # A city has millions of attendances and a dozen things to say of them: each is kept once.
    said: dict[tuple[str, str], tuple[str, str]] = {}
    columns = rows.order_by().values_list("session__course", "person_id", "session_id", "state", "reason")
    for course, who, session, *words in columns.iterator(chunk_size=_PORTION):
        pair = words[0], words[1]
        found[course][who][session] = said.setdefault(pair, pair)
    return found


def _exempt(courses: Iterable[int]) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    approved = Exemption.objects.filter(course__in=courses, state=RequestState.APPROVED)
    for course, person in approved.order_by().values_list("course_id", "person_id"):
        found[course].add(person)
    return found
