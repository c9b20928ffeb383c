"""Questions as candidates see them, kept in memory because they never change."""

from collections.abc import Iterable
from typing import NamedTuple

from question_bank.models import QuestionVersion

# A bank of this many versions takes some 60 MB a process; beyond it the cache starts again.
MOST_CACHED = 40_000


class AskedOption(NamedTuple):
    id: str
    text: str
    anchored: bool


class AskedFigure(NamedTuple):
    digest: str
    width: int
    height: int
    description: str


class AskedVersion(NamedTuple):
    """The face of a question version. There is no room in it for a key."""

    kind: str
    stem: str
    options: tuple[AskedOption, ...]
    in_order: bool
    blanks: int
    figures: tuple[AskedFigure, ...] = ()

    @property
    def option_ids(self) -> frozenset[str]:
        return frozenset(option.id for option in self.options)


_cache: dict[int, AskedVersion] = {}


def versions_as_asked(ids: Iterable[int]) -> dict[int, AskedVersion]:
    """The faces of the versions ``ids``, by id. One query for those not asked before in this process."""
    wanted = list(ids)
    faces = {version: face for version in wanted if (face := _cache.get(version))}
    if missing := [version for version in wanted if version not in faces]:
        rows = QuestionVersion.objects.as_asked().in_bulk(missing).values()
        fetched = {version.pk: _face(version) for version in rows}
        if len(_cache) + len(fetched) > MOST_CACHED:
            # Another thread may be reading: it has taken what it found before it asks for the rest.
            _cache.clear()
        _cache.update(fetched)
        faces |= fetched
    return {version: faces[version] for version in wanted}


def forget_versions() -> None:
    """Empty the memory: for tests, whose databases forget too."""
    _cache.clear()


def _face(version: QuestionVersion) -> AskedVersion:
    shown = version.shown
    options = tuple(AskedOption(row["id"], row["text"], row["anchored"]) for row in shown["options"])
    figures = tuple(AskedFigure(**row) for row in shown.get("figures", ()))
    return AskedVersion(version.kind, shown["stem"], options, shown["in_order"], shown["blanks"], figures)
