"""A repair is proposed by one and decided by another; who may, and what is refused."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from exams.domain.refusals import (
    NotAllowed,
    OwnAttempt,
    ReasonMissing,
    RepairDecided,
    RepairOpen,
    RepairRefused,
    SamePerson,
)
from exams.domain.repairing import (
    approve_repair,
    carry_out,
    decline_repair,
    propose_repair,
    withdraw_repair,
)
from exams.enums import (
    RepairKind,
    RepairState,
)
from exams.models import Exam, KeyRepair
from exams.rules import exams_left_alone
from members.enums import Role
from members.models import Division, User
from question_bank.enums import Kind
from question_bank.models import QuestionVersion
from tests.exams.domain.repairing.marks import scores
from tests.factories.exams import published_exam, sat_attempt
from tests.factories.members import UserFactory, give_role
from tests.factories.repairs import (
    AFTERWARDS,
    asked_version,
    proposed,
    repaired,
)

pytestmark = pytest.mark.django_db

KINDS = list(RepairKind)


def test_nobody_decides_on_their_own_proposal(exam: Exam, version: QuestionVersion, cleo: User) -> None:
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)

    with pytest.raises(SamePerson):
        approve_repair(repair, by=cleo, at=AFTERWARDS)
    with pytest.raises(SamePerson):
        decline_repair(repair, by=cleo, at=AFTERWARDS)
    # And the database would not take it either.
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyRepair.objects.update(state=RepairState.APPROVED, decided_by=cleo, decided_at=AFTERWARDS)


def test_nobody_decides_about_an_exam_they_sat(
    exam: Exam, version: QuestionVersion, ana: User, cleo: User, county: Division
) -> None:
    sat_attempt(exam, ana)
    give_role(ana, Role.ADMINISTRATOR, county)
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)

    with pytest.raises(OwnAttempt):
        approve_repair(repair, by=User.objects.get(pk=ana.pk), at=AFTERWARDS)


def test_who_does_not_run_the_exam_neither_proposes_nor_decides(
    exam: Exam, version: QuestionVersion, ben: User, cleo: User, other_township: Division
) -> None:
    elsewhere = give_role(UserFactory.create(), Role.ADMINISTRATOR, other_township)
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)

    for outsider in (ben, elsewhere):
        with pytest.raises(RepairRefused):
            proposed(version, RepairKind.CREDIT_EVERYBODY, by=outsider)
        with pytest.raises(NotAllowed):
            proposed(version, RepairKind.CREDIT_EVERYBODY, by=outsider, exams=[exam])
        with pytest.raises(NotAllowed):
            approve_repair(repair, by=outsider, at=AFTERWARDS)


def test_a_proposal_says_why_and_there_is_one_at_a_time(exam: Exam, version: QuestionVersion, cleo: User) -> None:
    with pytest.raises(ReasonMissing):
        proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo, reason="  ")
    proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)

    with pytest.raises(RepairOpen):
        proposed(version, RepairKind.DROP_QUESTION, by=cleo)


@pytest.mark.parametrize(
    "key",
    [None, {}, {"options": []}, {"options": ["none"]}, {"options": "abcd"}, {"blanks": [["x"]], "any_order": False}],
)
def test_a_key_that_does_not_fit_is_refused(
    exam: Exam, version: QuestionVersion, cleo: User, key: dict[str, Any] | None
) -> None:
    with pytest.raises(RepairRefused):
        propose_repair(version, kind=RepairKind.CORRECT_KEY, new_key=key, reason="错", by=cleo, at=AFTERWARDS)


def test_the_key_that_holds_is_no_correction(exam: Exam, version: QuestionVersion, cleo: User) -> None:
    with pytest.raises(RepairRefused):
        proposed(version, RepairKind.CORRECT_KEY, by=cleo, new_key=version.key)


@pytest.mark.parametrize("kind", KINDS)
def test_what_rules_already_is_no_repair_except_where_it_does_not(ana: User, cleo: User, flo: User, kind: str) -> None:
    exam = published_exam(ana, by=cleo)
    other = published_exam(ana, by=cleo, blueprint=exam.blueprint)
    version = asked_version(exam)
    repaired(version, kind, by=cleo, second=flo, exams=[exam])

    with pytest.raises(RepairRefused):
        proposed(version, kind, by=cleo, exams=[exam])

    assert list(proposed(version, kind, by=cleo).exams.order_by("pk")) == [exam, other]


def test_the_order_in_which_options_are_ticked_is_no_correction(ana: User, cleo: User) -> None:
    exam = published_exam(ana, by=cleo, blueprint__plan=((Kind.MULTIPLE, 1, 100),))
    version = asked_version(exam)

    with pytest.raises(RepairRefused):
        proposed(version, RepairKind.CORRECT_KEY, by=cleo, new_key={"options": version.key["options"][::-1]})


def test_exams_published_after_the_proposal_are_named(
    exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User, dan: User
) -> None:
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)
    later = published_exam(ana, by=cleo, blueprint=exam.blueprint)
    before = list(exams_left_alone(repair, cleo))
    approve_repair(repair, by=flo, at=AFTERWARDS)
    carry_out(repair.pk, at=AFTERWARDS)

    repaired(version, RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo, exams=[later])

    assert before == [later]
    assert (list(exams_left_alone(repair, cleo)), list(exams_left_alone(repair, dan))) == ([], [])


def test_declined_and_withdrawn_repairs_change_nothing_and_make_room(
    exam: Exam, version: QuestionVersion, ana: User, cleo: User, flo: User
) -> None:
    attempt = sat_attempt(exam, ana, right=5)
    declined = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)

    decline_repair(declined, by=flo, at=AFTERWARDS)
    withdrawn = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)
    with pytest.raises(NotAllowed):
        withdraw_repair(withdrawn, by=flo, at=AFTERWARDS)
    withdraw_repair(withdrawn, by=cleo, at=AFTERWARDS)

    assert [carry_out(repair.pk, at=AFTERWARDS) for repair in (declined, withdrawn)] == [False, False]
    assert scores(attempt) == (50, 50, 50)
    with pytest.raises(RepairDecided):
        approve_repair(declined, by=flo, at=AFTERWARDS)
