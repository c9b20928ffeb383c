"""What attendance gives to an appraisal: what counts, and what an excuse, coming late and making up mean."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.evidence import Finding, Inquiry, Post, sources
from courses.domain.attending import mark, settle_session
from courses.domain.cohorts import explain
from courses.domain.evidence import AttendanceSettings, AttendanceSource
from courses.enums import AbsenceReason, AttendanceState, CourseState, SessionState
from courses.models import Course, Session
from members.models import Division, User
from performance.domain.computing import compute_quarter
from tests.factories.courses import (
    MORNING,
    AttendanceFactory,
    CourseFactory,
    CourseKindFactory,
    EnrolmentFactory,
    SessionFactory,
)
from tests.factories.members import UserFactory
from tests.factories.performance import COMPUTED_AT, a_quarter, a_scheme

pytestmark = pytest.mark.django_db

AFTER = MORNING + timedelta(days=10)
DEFAULTS = {"kinds": [], "excused": "left_out", "late": "attended", "made_up": "each", "wants_reason": True}
PRESENT, LATE = AttendanceState.PRESENT, AttendanceState.LATE
EXCUSED, ABSENT = AttendanceState.EXCUSED, AttendanceState.ABSENT


@pytest.fixture
def course(county: Division, ana: User) -> Course:
    course: Course = CourseFactory(division=county)
    EnrolmentFactory(course=course, person=ana)
    return course


def held(course: Course, *, day: int = 0, **fields: Any) -> Session:
    starts = MORNING + timedelta(days=day)
    session: Session = SessionFactory(course=course, starts_at=starts, state=SessionState.HELD, **fields)
    return session


def attend(course: Course, person: User, *states: tuple[str, str] | str) -> None:
    """One session a day, with what is said of the person there."""
    for day, said in enumerate(states):
        state, reason = (said, "") if isinstance(said, str) else said
        AttendanceFactory(session=held(course, day=day), person=person, state=state, reason=reason)


def inquiry(division: Division, *people: User, **settings: Any) -> Inquiry:
    post = Post(1, "530999101201", "member", "civil_servant", date(2026, 4, 1), date(2026, 6, 30))
    return Inquiry(
        division=division.code,
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 6, 30),
        cutoff=AFTER,
        people={person.pk: [post] for person in people},
        settings={**DEFAULTS, **settings},
    )


def found(division: Division, person: User, **settings: Any) -> Finding:
    return AttendanceSource().find(inquiry(division, person, **settings))[person.pk]


def test_attendance_is_a_source_of_the_appraisal() -> None:
    assert isinstance(sources()["attendance"], AttendanceSource)


def test_the_percent_is_what_was_attended_of_what_was_expected(county: Division, course: Course, ana: User) -> None:
    attend(course, ana, PRESENT, LATE, (ABSENT, AbsenceReason.UNREACHABLE), PRESENT)

    finding = found(county, ana)

    assert finding.percent == Decimal("75.0000")
    assert finding.explanation == "应到 4 场，实到 3 场。"
    assert finding.counts == {"unexcused": 0, "absent": 1, "late": 1}
    assert finding.waiting == ""


def test_every_session_is_a_piece_that_can_be_checked(county: Division, course: Course, ana: User) -> None:
    attend(course, ana, PRESENT, (EXCUSED, AbsenceReason.ILLNESS), (ABSENT, AbsenceReason.UNEXCUSED))
    sessions = list(course.sessions.order_by("starts_at"))

    pieces = found(county, ana).pieces

    assert [(each.label, each.on, each.value, each.of, each.note) for each in pieces] == [
        (f"{course.title}·{sessions[0].topic}", date(2026, 6, 15), Decimal(1), Decimal(1), "实到"),
        (f"{course.title}·{sessions[1].topic}", date(2026, 6, 16), None, None, "准假·患病"),
        (f"{course.title}·{sessions[2].topic}", date(2026, 6, 17), Decimal(0), Decimal(1), "缺席·无故缺席"),
    ]
    assert [each.ref for each in pieces] == [f"attendance:{each.uuid}" for each in sessions]


@pytest.mark.parametrize(
    ("settings", "percent"),
    [
        ({"excused": "left_out"}, "66.6667"),
        ({"excused": "attended"}, "75.0000"),
        ({"excused": "missed"}, "50.0000"),
        ({"late": "half"}, "50.0000"),
    ],
)
def test_the_scheme_says_what_an_excuse_and_coming_late_mean(
    county: Division, course: Course, ana: User, settings: dict[str, str], percent: str
) -> None:
    reason = AbsenceReason.UNEXCUSED
    attend(course, ana, PRESENT, LATE, (ABSENT, reason), (EXCUSED, AbsenceReason.LEAVE))

    finding = found(county, ana, **settings)

    assert finding.percent == Decimal(percent)
    assert finding.counts == {"unexcused": 1, "absent": 1, "late": 1}


@pytest.mark.parametrize(("made_up", "percent", "absent"), [("each", "50.0000", 1), ("once", "100.0000", 0)])
def test_the_scheme_says_what_making_up_means(
    county: Division, course: Course, ana: User, made_up: str, percent: str, absent: int
) -> None:
    first = held(course)
    AttendanceFactory(session=first, person=ana, state=ABSENT, reason=AbsenceReason.UNEXCUSED)
    AttendanceFactory(session=held(course, day=3, repeat_of=first), person=ana)

    finding = found(county, ana, made_up=made_up)

    assert (finding.percent, finding.counts["absent"], len(finding.pieces)) == (Decimal(percent), absent, 2)


def test_who_was_always_excused_has_no_evidence(county: Division, course: Course, ana: User) -> None:
    attend(course, ana, (EXCUSED, AbsenceReason.ROTATION))

    finding = found(county, ana)

    assert (finding.percent, finding.explanation) == (None, "没有计入的场次。")


def test_a_guest_is_neither_counted_nor_named(county: Division, course: Course, ana: User) -> None:
    AttendanceFactory(session=held(course), person=ana, is_guest=True)

    assert AttendanceSource().find(inquiry(county, ana)) == {}


def test_an_absence_without_a_reason_waits_if_the_scheme_wants_one(county: Division, course: Course, ana: User) -> None:
    attend(course, ana, PRESENT, ABSENT)

    assert found(county, ana).waiting == "有缺席尚未注明原因。"
    assert found(county, ana, wants_reason=False).waiting == ""


def explained(course: Course, person: User, reason: str, *, by: User) -> None:
    explain(course.enrolments.get(person=person), reason=reason, note="已电话核实", by=by, at=AFTER)


def test_what_is_said_of_the_course_is_the_reason_of_an_absence_without_one(
    county: Division, course: Course, ana: User, cleo: User
) -> None:
    attend(course, ana, ABSENT, (ABSENT, AbsenceReason.UNREACHABLE), (EXCUSED, AbsenceReason.LEAVE), PRESENT)
    explained(course, ana, AbsenceReason.ILLNESS, by=cleo)

    finding = found(county, ana)

    assert finding.waiting == ""
    assert [piece.note for piece in finding.pieces] == ["缺席·患病", "缺席·联系不上", "准假·请假", "实到"]
    # It explains and does not excuse: two of three that count were missed.
    assert finding.percent == Decimal("33.3333")


def test_without_an_excuse_said_of_the_course_counts_for_each_absence(
    county: Division, course: Course, ana: User, cleo: User
) -> None:
    attend(course, ana, ABSENT, ABSENT, PRESENT)
    explained(course, ana, AbsenceReason.UNEXCUSED, by=cleo)

    assert found(county, ana).counts == {"unexcused": 2, "absent": 2, "late": 0}


def test_what_is_said_of_one_course_explains_no_other(county: Division, course: Course, ana: User, cleo: User) -> None:
    other = CourseFactory(division=county)
    EnrolmentFactory(course=other, person=ana)
    for each in (course, other):
        attend(each, ana, ABSENT)
    explained(course, ana, AbsenceReason.ILLNESS, by=cleo)

    assert found(county, ana).waiting == "有缺席尚未注明原因。"


def test_only_the_chosen_kinds_count(county: Division, course: Course, ana: User) -> None:
    meeting = CourseKindFactory(division=county, title="周例会")
    weekly = CourseFactory(division=county, kind=meeting)
    EnrolmentFactory(course=weekly, person=ana)
    attend(course, ana, PRESENT)
    attend(weekly, ana, (ABSENT, AbsenceReason.UNEXCUSED))

    percents = [found(county, ana, kinds=kinds).percent for kinds in ([], [str(meeting.pk)], [str(course.kind_id)])]

    assert percents == [Decimal("50.0000"), Decimal("0.0000"), Decimal("100.0000")]


def test_sessions_before_and_after_the_quarter_do_not_count(county: Division, course: Course, ana: User) -> None:
    for day in (-76, -75, 15, 16):  # 31 March, 1 April, 30 June, 1 July
        AttendanceFactory(session=held(course, day=day), person=ana)

    pieces = found(county, ana).pieces

    assert [each.on for each in pieces] == [date(2026, 4, 1), date(2026, 6, 30)]


def test_people_of_other_townships_are_not_asked_about(
    township: Division, course: Course, county: Division, ana: User, dan: User
) -> None:
    EnrolmentFactory(course=course, person=dan)
    session = held(course)
    for person in (ana, dan):
        AttendanceFactory(session=session, person=person)

    assert set(AttendanceSource().find(inquiry(township, ana, dan))) == {ana.pk}


def test_what_is_over_is_settled_before_it_is_read(county: Division, course: Course, ana: User) -> None:
    SessionFactory(course=course)
    source = AttendanceSource()

    source.settle(inquiry(county, ana))

    assert found(county, ana).counts == {"unexcused": 0, "absent": 1, "late": 0}
    assert list(source.problems(inquiry(county, ana))) == []


def test_what_has_not_taken_place_or_is_not_settled_is_a_problem(county: Division, course: Course, ana: User) -> None:
    SessionFactory(course=course, topic="惠农政策")
    SessionFactory(course=course, topic="田间观摩", starts_at=MORNING + timedelta(days=12))
    SessionFactory(course=course, topic="取消", state=SessionState.CANCELLED, cancel_reason="暴雨")
    draft = CourseFactory(division=county, state=CourseState.DRAFT)
    EnrolmentFactory(course=draft, person=ana)
    SessionFactory(course=draft)

    assert list(AttendanceSource().problems(inquiry(county, ana))) == [
        "2026-06-15的场次“惠农政策”考勤尚未结清。",
        "2026-06-27的场次“田间观摩”尚未举行。",
    ]


def test_it_asks_as_many_queries_for_thirty_people_as_for_three(county: Division, course: Course) -> None:
    session, asked = held(course), []
    for number in (3, 27):
        for person in UserFactory.create_batch(number):
            AttendanceFactory(session=session, person=person)
        people = [each.person for each in session.attendances.select_related("person")]
        with CaptureQueriesContext(connection) as queries:
            AttendanceSource().find(inquiry(county, *people))
        asked.append(len(queries))

    assert asked == [3, 3]


def test_the_form_offers_the_kinds_of_the_division_and_of_those_around_it(
    county: Division, township: Division, other_township: Division
) -> None:
    kinds = [CourseKindFactory(division=each, title="例会") for each in (county, township, other_township)]

    form = AttendanceSettings(
        {**DEFAULTS, "kinds": [str(kinds[0].pk)]},
        division=township.code,
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 6, 30),
    )

    assert form.is_valid()
    assert form.cleaned_data == {**DEFAULTS, "kinds": [str(kinds[0].pk)]}
    offered = dict(form.fields["kinds"].choices)  # type: ignore[attr-defined]
    assert offered == {str(kinds[0].pk): "例会·岚溪县", str(kinds[1].pk): "例会·青石镇"}


def test_a_quarter_is_computed_with_attendance_as_an_indicator(
    county: Division, course: Course, ana: User, ben: User, cleo: User
) -> None:
    SessionFactory(course=course)
    second = SessionFactory(course=course, starts_at=MORNING + timedelta(days=1))
    AttendanceFactory(session=second, person=ana)
    quarter = a_quarter(county, by=cleo)
    veto = {"title": "无故缺席", "source": "attendance", "counted": "unexcused", "at_least": 1, "best_grade": 3}
    row = {"title": "培训考勤", "source": "attendance", "weight": 100, "settings": DEFAULTS}
    a_scheme(quarter, [row], by=cleo, vetoes=[veto])

    waiting = compute_quarter(quarter, by=cleo, at=COMPUTED_AT)
    first = course.sessions.order_by("starts_at").first()
    assert first is not None
    at = {"by": ben, "at": COMPUTED_AT}
    mark(first, ana, state=ABSENT, reason=AbsenceReason.UNEXCUSED, why="电话核实", **at)  # type: ignore[arg-type]
    settled = compute_quarter(quarter, by=cleo, at=COMPUTED_AT)

    card = settled.scorecards.get(person=ana)
    line = card.lines.get()
    assert "有缺席尚未注明原因。" in str(waiting.missing)
    assert settled.missing == []
    assert (card.total, card.grade) == (Decimal("50.00"), "不称职")
    assert (line.percent, line.explanation) == (Decimal("50.0000"), "应到 2 场，实到 1 场。")
    assert [piece["ref"] for piece in line.evidence] == [f"attendance:{first.uuid}", f"attendance:{second.uuid}"]


def test_settling_twice_changes_nothing(county: Division, course: Course, ana: User) -> None:
    session = SessionFactory(course=course)
    settle_session(session, at=AFTER)

    AttendanceSource().settle(inquiry(county, ana))

    assert session.attendances.count() == 1


def test_an_absence_in_a_closed_course_waits_for_nobody(county: Division, course: Course, ana: User) -> None:
    """It was made up or explained for the whole course; nobody can give it a reason any more."""
    attend(course, ana, PRESENT, ABSENT)
    Course.objects.filter(pk=course.pk).update(state=CourseState.CLOSED, closed_by=ana, closed_at=MORNING)

    assert found(county, ana).waiting == ""
