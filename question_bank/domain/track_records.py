"""How questions fare, told by the storey that asks them: this app has never heard of an exam."""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

from question_bank.models import Question, QuestionVersion


class Figure(NamedTuple):
    """How many answers were marked, and the mean share of the points they earned (0 to 1; None without answers)."""

    answers: int
    share: float | None


class Provider(Protocol):
    """Figures by version number for those of ``versions`` that were answered; one query."""

    def __call__(self, versions: Collection[int]) -> Mapping[int, Figure]: ...


_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Ask ``provider`` too. Registering it again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def figures_of(questions: Collection[Question]) -> dict[int, Figure]:
    """By the number of the question, all its versions together; every question has a figure."""
    versions = dict(QuestionVersion.objects.filter(question__in=questions).values_list("pk", "question"))
    answers = dict.fromkeys((question.pk for question in questions), 0)
    earned = dict.fromkeys(answers, 0.0)
    for provider in _providers:
        for version, figure in provider(versions).items():
            answers[versions[version]] += figure.answers
            earned[versions[version]] += figure.answers * (figure.share or 0.0)
    return {pk: Figure(count, earned[pk] / count if count else None) for pk, count in answers.items()}
