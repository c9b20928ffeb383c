"""A quarter from its opening to its end, and who may do what with it."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.refusals import AlreadyAsked, AlreadyDecided, NotAllowed, ReasonMissing, SecondPersonNeeded
from exams.domain.repairing import approve_repair, carry_out
from exams.enums import RepairKind
from exams.models import Candidate, Exam
from members.enums import Role
from members.models import Division, User
from performance.domain.computing import changes_since, compute_quarter
from performance.domain.quarters import (
    ask_exemption,
    ask_reopening,
    close_quarter,
    decide_exemption,
    decide_reopening,
    open_quarter,
    publish_quarter,
)
from performance.domain.refusals import QuarterExists, QuarterIncomplete, QuarterNotOpen, SchemeMissing, TermOver
from performance.enums import LedgerState, QuarterState
from performance.models import Computation, Quarter, Scorecard
from tests.factories.exams import published_exam, sat_attempt
from tests.factories.members import PostingFactory, UserFactory, give_role
from tests.factories.performance import (
    COMPUTED_AT,
    SHANGHAI,
    a_ledger_entry,
    a_ledger_kind,
    a_quarter,
    a_scheme,
    administrator,
)
from tests.factories.repairs import asked_version, proposed, repaired

pytestmark = pytest.mark.django_db

JUNE = datetime(2026, 6, 20, 9, 0, tzinfo=SHANGHAI)
LEDGER_ONLY = (
    {
        "title": "正负清单",
        "source": "ledger",
        "weight": 100,
        "settings": {"base": "80", "positive_cap": None, "negative_cap": None, "kinds": []},
    },
)


@pytest.fixture
def quarter(county: Division, ana: User, dan: User) -> Quarter:
    """Ana and Dan, who have eighty base points each."""
    quarter = a_quarter(county)
    a_scheme(quarter, LEDGER_ONLY)
    return quarter


@pytest.fixture
def published(quarter: Quarter, boss: User) -> Quarter:
    compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    return publish_quarter(quarter, by=boss, at=COMPUTED_AT)


@pytest.fixture
def closed(published: Quarter, boss: User) -> Quarter:
    return close_quarter(published, by=boss, at=COMPUTED_AT + timedelta(days=7))


def test_a_quarter_has_the_days_of_the_calendar(county: Division, boss: User) -> None:
    days = []
    for number in range(1, 5):
        quarter = open_quarter(county, 2027, number, by=boss, at=COMPUTED_AT)
        days.append((quarter.starts_on, quarter.ends_on, quarter.days))

    assert days == [
        (date(2027, 1, 1), date(2027, 3, 31), 90),
        (date(2027, 4, 1), date(2027, 6, 30), 91),
        (date(2027, 7, 1), date(2027, 9, 30), 92),
        (date(2027, 10, 1), date(2027, 12, 31), 92),
    ]


def test_a_quarter_is_opened_once(county: Division, quarter: Quarter, boss: User) -> None:
    with pytest.raises(QuarterExists):
        open_quarter(county, 2026, 2, by=boss, at=COMPUTED_AT)


@pytest.mark.parametrize("role", [None, Role.MEMBER, Role.TRAINER, Role.INSPECTOR, Role.AUDITOR])
def test_only_administrators_change_a_quarter(county: Division, published: Quarter, role: Role | None) -> None:
    person = give_role(UserFactory(), role, county) if role else UserFactory()

    for change in (
        lambda: open_quarter(county, 2030, 1, by=person, at=COMPUTED_AT),
        lambda: compute_quarter(published, by=person, at=COMPUTED_AT),
        lambda: publish_quarter(published, by=person, at=COMPUTED_AT),
        lambda: close_quarter(published, by=person, at=COMPUTED_AT),
        lambda: ask_reopening(published, reason="错", by=person, at=COMPUTED_AT),
        lambda: ask_exemption(published, person, reason="病假", by=person, at=COMPUTED_AT),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_an_administrator_of_a_township_does_not_change_the_countys_quarter(
    quarter: Quarter, township: Division
) -> None:
    with pytest.raises(NotAllowed):
        compute_quarter(quarter, by=administrator(township), at=COMPUTED_AT)


def test_without_a_scheme_nothing_is_computed(county: Division, boss: User) -> None:
    with pytest.raises(SchemeMissing):
        compute_quarter(a_quarter(county, number=3), by=boss, at=COMPUTED_AT)


def test_what_is_missing_is_named_and_keeps_the_quarter_from_its_members(
    quarter: Quarter, county: Division, ana: User, boss: User
) -> None:
    kind = a_ledger_kind(county)
    a_ledger_entry(kind, person=ana, on=date(2026, 5, 4), state=LedgerState.WAITING)

    computation = compute_quarter(quarter, by=boss, at=COMPUTED_AT)

    assert computation.missing == [
        {"code": "waiting", "text": "有正负清单记录待另一人审核。", "count": 1, "people": ["LX0001"]}
    ]
    with pytest.raises(QuarterIncomplete):
        publish_quarter(quarter, by=boss, at=COMPUTED_AT)
    assert not Scorecard.objects.shown().exists()


def test_an_exam_that_still_runs_or_is_not_released_keeps_the_quarter_open(
    county: Division, ana: User, boss: User
) -> None:
    quarter = a_quarter(county)
    a_scheme(quarter)
    exam = published_exam(ana, division=county, at=JUNE, opens_at=JUNE, closes_at=JUNE + timedelta(hours=8))
    Candidate.objects.filter(exam=exam).update(score=80, attempts_used=1)

    early = compute_quarter(quarter, by=boss, at=JUNE + timedelta(hours=1)).missing
    late = compute_quarter(quarter, by=boss, at=JUNE + timedelta(hours=9)).missing
    exam.release_rule = "by_hand"
    exam.save()
    unreleased = compute_quarter(quarter, by=boss, at=JUNE + timedelta(hours=9)).missing

    assert [each["text"] for each in early][:1] == [f"考试“{exam.title}”尚未结束。"]
    assert late == []
    assert [each["text"] for each in unreleased] == [f"考试“{exam.title}”的成绩尚未公布。"]


def test_evidence_that_comes_after_the_cut_off_does_not_count(
    quarter: Quarter, county: Division, ana: User, boss: User
) -> None:
    a_ledger_entry(a_ledger_kind(county), person=ana, on=date(2026, 5, 4))

    before = compute_quarter(quarter, by=boss, at=COMPUTED_AT - timedelta(minutes=1))
    totals_before = dict(before.scorecards.values_list("person__code", "total"))
    after = compute_quarter(quarter, by=boss, at=COMPUTED_AT)

    assert totals_before == {"LX0001": 80, "LX0002": 80}
    assert dict(after.scorecards.values_list("person__code", "total")) == {"LX0001": 85, "LX0002": 80}
    assert after.cutoff == COMPUTED_AT


def test_members_see_their_card_from_the_publication_on(quarter: Quarter, ana: User, boss: User) -> None:
    compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    before = Scorecard.objects.of(ana).shown().count()

    publish_quarter(quarter, by=boss, at=COMPUTED_AT)

    assert (before, Scorecard.objects.of(ana).shown().count()) == (0, 1)


def test_the_term_for_objections_ends_with_its_last_day(published: Quarter) -> None:
    assert published.objections_until == datetime(2026, 7, 8, 0, 0, tzinfo=SHANGHAI)


def test_a_published_quarter_is_not_computed_again(published: Quarter, boss: User) -> None:
    with pytest.raises(QuarterNotOpen):
        compute_quarter(published, by=boss, at=COMPUTED_AT)
    assert Computation.objects.count() == 1


def test_a_quarter_computed_by_a_former_scheme_is_not_published(quarter: Quarter, boss: User) -> None:
    compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    a_scheme(quarter, LEDGER_ONLY)

    with pytest.raises(QuarterNotOpen):
        publish_quarter(quarter, by=boss, at=COMPUTED_AT)


def test_a_quarter_is_closed_after_the_term_and_once(published: Quarter, boss: User) -> None:
    with pytest.raises(TermOver):
        close_quarter(published, by=boss, at=COMPUTED_AT + timedelta(days=1))
    close_quarter(published, by=boss, at=COMPUTED_AT + timedelta(days=7))

    assert published.state == QuarterState.CLOSED
    with pytest.raises(QuarterNotOpen):
        close_quarter(published, by=boss, at=COMPUTED_AT + timedelta(days=7))


def test_reopening_needs_a_reason_and_a_second_person(closed: Quarter, boss: User, second: User) -> None:
    with pytest.raises(ReasonMissing):
        ask_reopening(closed, reason="  ", by=boss, at=COMPUTED_AT)
    asked = ask_reopening(closed, reason="乡镇评价录错", by=boss, at=COMPUTED_AT)

    with pytest.raises(AlreadyAsked):
        ask_reopening(closed, reason="再次申请", by=second, at=COMPUTED_AT)
    with pytest.raises(SecondPersonNeeded):
        decide_reopening(asked, approve=True, by=boss, at=COMPUTED_AT)
    decide_reopening(asked, approve=True, by=second, at=COMPUTED_AT)
    with pytest.raises(AlreadyDecided):
        decide_reopening(asked, approve=False, by=second, at=COMPUTED_AT)

    closed.refresh_from_db()
    assert (closed.state, closed.edition, closed.computation) == (QuarterState.OPEN, 2, None)


def test_a_reopened_quarter_leaves_its_first_edition_readable(
    closed: Quarter, ana: User, boss: User, second: User
) -> None:
    asked = ask_reopening(closed, reason="乡镇评价录错", by=boss, at=COMPUTED_AT)
    decide_reopening(asked, approve=True, by=second, at=COMPUTED_AT)
    a_ledger_entry(a_ledger_kind(closed.division), person=ana, on=date(2026, 5, 4))
    later = COMPUTED_AT + timedelta(days=30)

    closed.refresh_from_db()
    compute_quarter(closed, by=boss, at=later)
    publish_quarter(closed, by=boss, at=later)

    shown = Scorecard.objects.of(ana).shown().order_by("computation__edition")
    assert list(shown.values_list("computation__edition", "total")) == [(1, 80), (2, 85)]
    assert list(Scorecard.objects.of(ana).current().values_list("total", flat=True)) == [85]


def test_an_exemption_counts_once_a_second_person_has_approved_it(
    quarter: Quarter, dan: User, boss: User, second: User
) -> None:
    asked = ask_exemption(quarter, dan, reason="住院", by=boss, at=COMPUTED_AT)
    waiting = compute_quarter(quarter, by=boss, at=COMPUTED_AT).missing

    with pytest.raises(SecondPersonNeeded):
        decide_exemption(asked, approve=True, by=boss, at=COMPUTED_AT)
    decide_exemption(asked, approve=True, by=second, at=COMPUTED_AT)
    computation = compute_quarter(quarter, by=boss, at=COMPUTED_AT)

    assert [(each["code"], each["people"]) for each in waiting] == [("exemption", ["LX0002"])]
    assert computation.missing == []
    assert list(computation.scorecards.values_list("person__code", "state", "remark")) == [
        ("LX0001", "counted", ""),
        ("LX0002", "exempt", "住院"),
    ]


def test_an_exemption_after_the_computing_asks_for_another(
    quarter: Quarter, dan: User, boss: User, second: User
) -> None:
    compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    later = COMPUTED_AT + timedelta(hours=1)
    decide_exemption(ask_exemption(quarter, dan, reason="住院", by=boss, at=later), approve=True, by=second, at=later)

    with pytest.raises(QuarterNotOpen):
        publish_quarter(quarter, by=boss, at=later)


def test_the_number_of_people_does_not_change_the_number_of_queries(quarter: Quarter, boss: User) -> None:
    compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    counts = []
    for more in (1, 5):
        PostingFactory.create_batch(more)
        with CaptureQueriesContext(connection) as queries:
            compute_quarter(quarter, by=boss, at=COMPUTED_AT)
        counts.append(len(queries))

    assert counts[0] == counts[1]


# -- keys repaired meanwhile --------------------------------------------------------------------


@pytest.fixture
def repairable(county: Division, ana: User, dan: User) -> tuple[Quarter, Exam]:
    """A quarter of one test: Ana answered nothing, Dan everything."""
    exam = published_exam(ana, dan)
    sat_attempt(exam, ana, right=0)
    sat_attempt(exam, dan)
    quarter = a_quarter(county)
    a_scheme(quarter)
    return quarter, exam


def test_scores_that_a_repair_changed_are_counted_before_anything_is_published(
    repairable: tuple[Quarter, Exam], ana: User, boss: User, second: User
) -> None:
    quarter, exam = repairable
    compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    repaired(
        asked_version(exam), RepairKind.CREDIT_EVERYBODY, by=boss, second=second, at=COMPUTED_AT + timedelta(hours=1)
    )

    with pytest.raises(QuarterNotOpen) as refused:
        publish_quarter(quarter, by=boss, at=COMPUTED_AT + timedelta(hours=2))
    computed = compute_quarter(quarter, by=boss, at=COMPUTED_AT + timedelta(hours=3))
    published = publish_quarter(quarter, by=boss, at=COMPUTED_AT + timedelta(hours=4))

    assert "1 人的成绩有变化" in str(refused.value)
    assert computed.scorecards.get(person=ana).total == 10
    assert (published.state, changes_since(computed)) == (QuarterState.PUBLISHED, [])


def test_a_repair_that_is_under_way_keeps_the_quarter_from_being_settled(
    repairable: tuple[Quarter, Exam], boss: User, second: User
) -> None:
    quarter, exam = repairable
    repair = proposed(asked_version(exam), RepairKind.CREDIT_EVERYBODY, by=boss)
    waiting = compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    approve_repair(repair, by=second, at=COMPUTED_AT)

    approved = compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    carry_out(repair.pk, at=COMPUTED_AT)
    done = compute_quarter(quarter, by=boss, at=COMPUTED_AT)

    assert [bool(each.missing) for each in (waiting, approved, done)] == [False, True, False]


def test_a_repair_that_changes_no_score_changes_no_quarter(
    repairable: tuple[Quarter, Exam], dan: User, boss: User, second: User
) -> None:
    quarter, exam = repairable
    compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    later = COMPUTED_AT + timedelta(hours=1)

    repaired(asked_version(exam), RepairKind.DROP_QUESTION, by=boss, second=second, at=later)

    assert publish_quarter(quarter, by=boss, at=later).state == QuarterState.PUBLISHED
