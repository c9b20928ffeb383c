"""What becomes of the question itself when a key is repaired."""

import pytest

from exams.domain.refusals import (
    RepairRefused,
)
from exams.enums import (
    QuestionFate,
    RepairKind,
)
from exams.models import Exam
from members.models import User
from question_bank.domain.publishing import publish_question
from question_bank.enums import Kind, RecheckReason
from question_bank.models import QuestionVersion
from tests.factories.exams import NOON, published_exam
from tests.factories.question_bank import QuestionFactory
from tests.factories.repairs import (
    AFTERWARDS,
    asked_version,
    proposed,
    repaired,
)

pytestmark = pytest.mark.django_db


def test_the_question_is_corrected_as_a_new_version(
    exam: Exam, version: QuestionVersion, cleo: User, flo: User
) -> None:
    repair = repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo)

    question = version.question
    question.refresh_from_db()
    (place,) = [place for place, row in enumerate(version.shown["options"]) if row["id"] in repair.new_key["options"]]
    assert repair.question_fate == QuestionFate.CORRECTED
    assert (question.live, question.current_version.number) == (True, 2)
    assert [option.is_right for option in question.options.all()] == [row == place for row in range(4)]
    assert not question.rechecks.exists()


def test_a_question_that_was_edited_meanwhile_is_left_alone_and_checked_again(
    exam: Exam, version: QuestionVersion, cleo: User, flo: User
) -> None:
    question = version.question
    question.explanation = "另有说明。"
    question.save()
    publish_question(question, by=flo, at=AFTERWARDS)

    repair = repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo)

    question.refresh_from_db()
    assert repair.question_fate == QuestionFate.RECHECK
    assert question.current_version.number == 2
    assert [(row.reason, "答案与文件不符" in row.note) for row in question.rechecks.all()] == [
        (RecheckReason.REPORTED, True)
    ]


@pytest.mark.parametrize("kind", ["credit_everybody", "drop_question"])
def test_a_question_without_a_right_answer_is_asked_no_more(
    exam: Exam, version: QuestionVersion, cleo: User, flo: User, kind: str
) -> None:
    repair = repaired(version, kind, by=cleo, second=flo)

    version.question.refresh_from_db()
    assert repair.question_fate == QuestionFate.RETIRED
    assert not version.question.live
    assert version.question.rechecks.open().count() == 1


def test_a_true_or_false_statement_is_turned_round(ana: User, cleo: User, flo: User) -> None:
    exam = published_exam(ana, by=cleo, blueprint__plan=((Kind.TRUE_FALSE, 1, 10),))
    version = asked_version(exam)

    repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo)

    version.question.refresh_from_db()
    assert version.question.statement_is_true is False


def test_questions_that_nobody_was_asked_are_edited_not_repaired(cleo: User) -> None:
    question = QuestionFactory.create()
    version = publish_question(question, by=cleo, at=NOON)

    with pytest.raises(RepairRefused):
        proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)
