"""Exams that were sat with chosen answers, quickly: through the product's verbs, one paper for everybody."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from exams.domain.answers import Answer
from exams.domain.closing import hand_in
from exams.domain.grants import grant_of
from exams.domain.saving import save_answers
from exams.domain.steering import close_exam
from exams.models import Attempt, Exam
from members.models import User
from question_bank.enums import CHOICE_KINDS, Kind
from question_bank.models import QuestionVersion
from tests.factories.exams import NOON, ExamFactory, opened_attempt, publish
from tests.factories.members import PostingFactory, UserFactory

# What a person answers: given their place and a version, the places of the options picked; None for no answer.
Habit = Callable[[int, QuestionVersion], list[int] | None]


def people(count: int) -> list[User]:
    return [PostingFactory.create(person=UserFactory.create()).person for _place in range(count)]


def sat_exam(sitters: Iterable[User], habit: Habit, *, at: datetime = NOON, **fields: Any) -> Exam:
    """An exam at noon that everybody sat, answering as ``habit`` says, one question every ten seconds; then closed."""
    sitters = list(sitters)
    morning = at.replace(hour=9)
    exam = ExamFactory.create(people=sitters, opens_at=morning, closes_at=at.replace(hour=18), **fields)
    publish(exam, at=morning)
    for place, person in enumerate(sitters):
        answer_as(opened_attempt(exam, person, at=at), place, habit, at=at)
    return close_exam(exam, by=administrator_of(exam), at=at + timedelta(hours=1))


def answer_as(attempt: Attempt, place: int, habit: Habit, *, at: datetime) -> Attempt:
    items = attempt.paper.rows()
    versions = QuestionVersion.objects.in_bulk([item.version_id for item in items])
    for item in items:
        picked = habit(place, versions[item.version_id])
        if picked is None:
            continue
        at += timedelta(seconds=10)
        save_answers(grant_of(attempt), [Answer(item.number, _given(versions[item.version_id], picked), 1)], at=at)
    return hand_in(attempt, at=at + timedelta(minutes=1))


def _given(version: QuestionVersion, picked: list[int]) -> dict[str, Any]:
    if version.kind in CHOICE_KINDS:
        return {"options": [version.shown["options"][place]["id"] for place in picked]}
    if version.kind == Kind.FILL:
        return {"blanks": ["别的"] * version.shown["blanks"]}
    return {"text": "回答"}


def administrator_of(exam: Exam) -> User:
    return exam.publications.get().requested_by


def right_for(count: int) -> Habit:
    """The first ``count`` people pick the first option, which is the key; the others the second."""
    return lambda place, _version: [0] if place < count else [1]
