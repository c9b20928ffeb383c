"""The smallest valid topics and questions of every kind."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from members.models import User
from question_bank.domain.publishing import publish_question
from question_bank.enums import Kind
from question_bank.models import AnswerOption, Blank, Figure, Question, Topic
from tests.factories.members import UserFactory

MORNING = datetime(2026, 6, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class TopicFactory(DjangoModelFactory[Topic]):
    class Meta:
        model = Topic
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"{n // 100 % 100:02d}{n % 100:02d}")
    title = factory.Sequence(lambda n: f"知识点{n}")


class FigureFactory(DjangoModelFactory[Figure]):
    """A picture that is not looked at: its bytes are none of an image."""

    class Meta:
        model = Figure

    digest = factory.Sequence(lambda n: f"{n:064x}")
    content = b"picture"
    content_type = "image/png"
    width = 40
    height = 30
    added_at = MORNING


class QuestionFactory(DjangoModelFactory[Question]):
    """A draft. Say the kind with a trait, ``QuestionFactory(fill=True)``; without one it is a single choice.

    ``right`` names the right options by their place from 0, ``texts`` what they say, ``accepted`` what each blank
    accepts: ``[["60日", "六十日"], ["县级"]]``.
    """

    class Meta:
        model = Question
        skip_postgeneration_save = True

    class Params:
        single = factory.Trait(kind=Kind.SINGLE)
        multiple = factory.Trait(kind=Kind.MULTIPLE)
        true_false = factory.Trait(
            kind=Kind.TRUE_FALSE, statement_is_true=True, stem=factory.Sequence(lambda n: f"第{n}句话是对的。")
        )
        fill = factory.Trait(kind=Kind.FILL, stem=factory.Sequence(lambda n: f"第{n}处填____，再填____。"))
        short = factory.Trait(
            kind=Kind.SHORT,
            marking_guide="答出要点一得2分，答出要点二得3分。",
            stem=factory.Sequence(lambda n: f"简述第{n}件事。"),
        )

    topic = factory.SubFactory(TopicFactory)
    kind = Kind.SINGLE
    stem = factory.Sequence(lambda n: f"第{n}题选哪一项？")
    explanation = "依据条文。"
    basis = "某办法第一条"
    live = False

    @classmethod
    def _create(cls, model_class: type[Question], *args: Any, **kwargs: Any) -> Question:
        question = cls._build(model_class, *args, **kwargs)
        question.save()
        return question

    @classmethod
    def _build(cls, model_class: type[Question], *args: Any, **kwargs: Any) -> Question:
        texts = kwargs.pop("texts", None)
        right = kwargs.pop("right", None)
        accepted = kwargs.pop("accepted", None)
        question = model_class(*args, **kwargs)
        question.options = _options(question.kind, texts, right)
        question.blanks = _blanks(question, accepted)
        return question


def _options(kind: str, texts: list[str] | None, right: list[int] | None) -> list[AnswerOption]:
    if kind not in {Kind.SINGLE, Kind.MULTIPLE}:
        return []
    places = right if right is not None else [0] if kind == Kind.SINGLE else [0, 1]
    return [
        AnswerOption(text=text, is_right=place in places, sort_order=place)
        for place, text in enumerate(texts or ["甲项", "乙项", "丙项", "丁项"])
    ]


def _blanks(question: Question, accepted: list[list[str]] | None) -> list[Blank]:
    answers = accepted or [[f"答案{place}"] for place in range(question.blank_count)]
    if question.kind != Kind.FILL:
        return []
    return [Blank(accepted="\n".join(lines), sort_order=place) for place, lines in enumerate(answers)]


def published(question: Question, *, by: User | None = None, at: datetime = MORNING) -> Question:
    """Publish through the product's own verb; ``question.current_version`` is what papers point at."""
    publish_question(question, by=by or UserFactory.create(), at=at)
    return question
