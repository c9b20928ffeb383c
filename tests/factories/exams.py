"""The smallest valid blueprints, exams and attempts; what has rules is made by the product's own verbs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from exams.domain.answers import Answer
from exams.domain.closing import hand_in
from exams.domain.grants import grant_of
from exams.domain.publishing import request_publication, run_publication
from exams.domain.saving import save_answers
from exams.domain.sitting import open_attempt
from exams.enums import AttemptState, Audience
from exams.models import Attempt, Blueprint, BlueprintRow, Candidate, Exam
from members.enums import Role
from members.models import Division, User
from question_bank.domain.loading import add_published_questions
from question_bank.enums import CHOICE_KINDS, Kind
from question_bank.models import QuestionVersion
from tests.factories.members import PostingFactory, UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, TopicFactory

MORNING = datetime(2026, 6, 15, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NOON = MORNING.replace(hour=12)
EVENING = MORNING.replace(hour=18)

# Kind, how many, points each: a hundred points without a marker.
CLOSED_ROWS = ((Kind.SINGLE, 5, 10), (Kind.TRUE_FALSE, 5, 10))
ROWS_WITH_SHORT_ANSWER = ((Kind.SINGLE, 4, 20), (Kind.SHORT, 1, 20))


class CountyFactory(DjangoModelFactory[Division]):
    class Meta:
        model = Division
        django_get_or_create = ("code",)

    code = "530999000000"
    name = "岚溪县"


class BlueprintFactory(DjangoModelFactory[Blueprint]):
    """A blueprint the bank can meet: the questions it asks for are published with it.

    ``plan`` is ``((kind, how many, points each), ...)``, ``topic`` the topic of every row; ``bank=False`` publishes no
    question.
    """

    class Meta:
        model = Blueprint
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"组卷方案{n}")
    division = factory.SubFactory(CountyFactory)

    @classmethod
    def _create(cls, model_class: type[Blueprint], *args: Any, **kwargs: Any) -> Blueprint:
        plan, topic = kwargs.pop("plan", CLOSED_ROWS), kwargs.pop("topic", None)
        blueprint = model_class(*args, **kwargs)
        blueprint.rows = [
            BlueprintRow(topic=topic, kind=kind, count=count, points_each=Decimal(points), sort_order=place)
            for place, (kind, count, points) in enumerate(plan)
        ]
        blueprint.save()
        return blueprint

    @factory.post_generation
    def bank(blueprint: Blueprint, create: bool, extracted: Any, **kwargs: Any) -> None:  # noqa: N805
        if extracted is not False:
            stock_bank(blueprint)


def stock_bank(blueprint: Blueprint) -> None:
    """Publish as many questions as every row of ``blueprint`` asks for, all at once as a whole bank is loaded."""
    questions = [
        question
        for row in blueprint.rows.all()
        for question in QuestionFactory.build_batch(
            row.count, topic=row.topic or TopicFactory.create(code="99", title="综合"), **{row.kind: True}
        )
    ]
    add_published_questions(questions, at=MORNING)


class ExamFactory(DjangoModelFactory[Exam]):
    """An exam in preparation on 15 June 2026 from nine to six, for everybody in the county."""

    class Meta:
        model = Exam
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"第{n + 1}次应知应会测试")
    division = factory.SubFactory(CountyFactory)
    blueprint = factory.SubFactory(BlueprintFactory, division=factory.SelfAttribute("..division"))
    opens_at = MORNING
    closes_at = EVENING
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def people(exam: Exam, create: bool, extracted: Iterable[User] | None, **kwargs: Any) -> None:  # noqa: N805
        """``people=[ana, dan]`` names who is examined."""
        if extracted:
            exam.audience = Audience.CHOSEN
            exam.save(update_fields=["audience"])
            exam.audience_people.set(extracted)


def published_exam(*people: User, by: User | None = None, at: datetime = MORNING, **fields: Any) -> Exam:
    """An exam of ``people`` with frozen papers, by the real publication; who has no post gets one in its division.

    ``fields`` go to ``ExamFactory``; ``blueprint__plan`` says what is asked.
    """
    exam = ExamFactory.create(people=people, **fields)
    for person in people:
        if person.posting(on=timezone.localdate(at)) is None:
            PostingFactory.create(person=person, team__division=exam.division)
    return publish(exam, by=by, at=at)


def publish(exam: Exam, *, by: User | None = None, at: datetime = MORNING) -> Exam:
    """Publish ``exam`` and wait for its papers; ``by`` defaults to an administrator of its division."""
    by = by or give_role(UserFactory.create(), Role.ADMINISTRATOR, exam.division)
    publication = run_publication(request_publication(exam, by=by, at=at).pk, at=at)
    if publication.error:
        raise AssertionError(publication.error)
    exam.refresh_from_db()
    return exam


def candidate_of(exam: Exam, person: User) -> Candidate:
    candidates = Candidate.objects.select_related("exam__blueprint", "exam__division", "person")
    return candidates.get(exam=exam, person=person)


def opened_attempt(exam: Exam, person: User, *, at: datetime = NOON) -> Attempt:
    """An attempt that has just begun."""
    attempt, _created = open_attempt(candidate_of(exam, person), at=at)
    return attempt


def sat_attempt(
    exam: Exam,
    person: User,
    *,
    right: int | None = None,
    text: str = "我的回答",
    at: datetime = NOON,
    minutes: int = 10,
) -> Attempt:
    """An attempt begun ``at`` and handed in ``minutes`` later with the first ``right`` closed questions answered right.

    ``None``: all of them. The others are left out; short answers say ``text``.
    """
    attempt = opened_attempt(exam, person, at=at)
    answers = right_answers(attempt, right=right, text=text)
    if answers:
        save_answers(grant_of(attempt), answers, at=at)
    return hand_in(attempt, at=at + timedelta(minutes=minutes))


def right_answers(attempt: Attempt, *, right: int | None = None, text: str = "我的回答") -> list[Answer]:
    """What a candidate sends who knows the first ``right`` closed questions of their paper."""
    if attempt.state != AttemptState.OPEN:
        raise AssertionError("this attempt has ended")
    items = attempt.paper.rows()
    versions = QuestionVersion.objects.in_bulk([item.version_id for item in items])
    answers, left = [], len(items) if right is None else right
    for item in items:
        version = versions[item.version_id]
        if version.kind == Kind.SHORT:
            given = {"text": text} if text else {}
        elif left > 0:
            left -= 1
            given = _key_as_answer(version)
        else:
            given = {}
        if given:
            answers.append(Answer(item.number, given, sequence=1))
    return answers


def _key_as_answer(version: QuestionVersion) -> dict[str, Any]:
    if version.kind in CHOICE_KINDS:
        return {"options": list(version.key["options"])}
    return {"blanks": [accepted[0] for accepted in version.key["blanks"]]}
