"""How questions fare, told by the storey that asks them: this app has never heard of an exam."""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

from question_bank.models import Question, QuestionVersion


class Figure(NamedTuple):
    """How many answers count, and the mean share of the points they earned (0 to 1).

    The share is None without answers, and where they are too few for whoever keeps the statistics to say one.
    """

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
    """By the number of the question, all its versions together; every question has a figure.

    A version with too few answers adds nothing to one that has enough.
    """
    versions = dict(QuestionVersion.objects.filter(question__in=questions).values_list("pk", "question"))
    found: dict[int, list[Figure]] = {question.pk: [] for question in questions}
    for provider in _providers:
        for version, figure in provider(versions).items():
            found[versions[version]].append(figure)
    return {pk: _together(figures) for pk, figures in found.items()}


def _together(figures: Collection[Figure]) -> Figure:
    said = [(answers, share) for answers, share in figures if share is not None]
    answers = sum(count for count, _share in said)
    if not answers:
        return Figure(sum(figure.answers for figure in figures), None)
    return Figure(answers, sum(count * share for count, share in said) / answers)
