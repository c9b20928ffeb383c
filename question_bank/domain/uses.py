"""Where questions are used, told by the storey that uses them: this app has never heard of an exam."""

from typing import NamedTuple, Protocol

from django.db.models import Q, QuerySet

from question_bank.models import Question, QuestionVersion

ANY = "all"


class Choices(Protocol):
    def __call__(self) -> list[tuple[str, str]]: ...


class Versions(Protocol):
    """The versions used in one of the choices, or in ``all`` of them."""

    def __call__(self, use: str) -> QuerySet[QuestionVersion]: ...


class Use(NamedTuple):
    choices: Choices
    versions: Versions


_uses: list[Use] = []


def register(choices: Choices, versions: Versions) -> None:
    """Let the list of questions be narrowed by these. Registering them again changes nothing."""
    if (use := Use(choices, versions)) not in _uses:
        _uses.append(use)


def use_choices() -> list[tuple[str, str]]:
    return [choice for use in _uses for choice in use.choices()]


def used_in(questions: QuerySet[Question], name: str) -> QuerySet[Question]:
    """Those of which some version was used; ``none``: those that never were."""
    for use in _uses:
        used = use.versions(ANY if name == "none" else name).values("question")
        questions = questions.exclude(pk__in=used) if name == "none" else questions.filter(pk__in=used)
    return questions


def those_used(versions: QuerySet[QuestionVersion]) -> QuerySet[QuestionVersion]:
    """Those of ``versions`` that were used anywhere."""
    if not _uses:
        return versions.none()
    anywhere = Q()
    for use in _uses:
        anywhere |= Q(pk__in=use.versions(ANY).values("pk"))
    return versions.filter(anywhere)
