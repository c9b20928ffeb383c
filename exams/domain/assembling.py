"""Choosing and ordering the questions of one paper."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from exams.domain.blueprints import Pooled, fits
from exams.domain.selection import select
from exams.models import BlueprintRow
from question_bank.domain.asking import AskedVersion
from question_bank.enums import Kind

# Papers run from what is quickly answered to what is written, as printed papers do.
KIND_ORDER = {kind: place for place, kind in enumerate(Kind.values)}


class Plan(NamedTuple):
    """One row of a blueprint with the ids of every question that fits it, in the order of ids."""

    wanted: int
    points: str
    versions: tuple[int, ...]


class Placed(NamedTuple):
    version: int
    points: str


def plan_rows(rows: Iterable[BlueprintRow], questions: Sequence[Pooled]) -> list[Plan]:
    """What each row may choose from: made once for all papers of an exam."""
    return [
        Plan(row.count, str(row.points_each), tuple(question.id for question in questions if fits(row, question)))
        for row in rows
    ]


def choose_questions(plans: Sequence[Plan], seed: str, met: Mapping[int, datetime]) -> list[Placed]:
    """Questions for one paper: every row met, none twice, those in ``met`` last and the longest ago first.

    ``met`` maps versions to when this candidate met them. Deterministic in ``seed``. The plans must be
    feasible together (``blueprints.require_feasible``); otherwise ValueError. As few of ``met`` are asked
    as any choice could ask: what is new is dealt out to all rows before the first of them repeats anything.
    """
    taken: dict[int, int] = {}
    missing = [_take_fresh(plans, number, taken, f"{seed}/{number}", met) for number in range(len(plans))]
    for number, plan in enumerate(plans):
        stale = sorted((v for v in plan.versions if v not in taken and v in met), key=lambda v: (met[v], v))
        repeated = stale[: missing[number]]
        taken.update(dict.fromkeys(repeated, number))
        for _missing in range(missing[number] - len(repeated)):
            if not _make_room(plans, number, taken, but=()):
                raise ValueError("the plans are not feasible together")
    return [Placed(version, plans[number].points) for version, number in sorted(taken.items(), key=itemgetter(1))]


def _take_fresh(plans: Sequence[Plan], number: int, taken: dict[int, int], seed: str, met: Container[int]) -> int:
    """Let row ``number`` take what this candidate has not met; how many it is still short of."""
    plan = plans[number]
    fresh = [version for version in plan.versions if version not in taken and version not in met]
    chosen = select(seed, fresh, min(plan.wanted, len(fresh)))
    taken.update(dict.fromkeys(chosen, number))
    missing = plan.wanted - len(chosen)
    # Where no path is found now there is none later: other rows only ever take more.
    while missing and _make_room(plans, number, taken, but=met):
        missing -= 1
    return missing


def _make_room(plans: Sequence[Plan], number: int, taken: dict[int, int], *, but: Container[int]) -> bool:
    """Give row ``number`` one question more, none of ``but``, by moving others along an augmenting path.

    Needed where rows overlap and an earlier row took what only this one could use. Breadth first,
    so the fewest choices change. False: there is no such path, and nothing has changed.
    """
    came_from: dict[int, tuple[int, int | None]] = {}
    rows: list[tuple[int, int | None]] = [(number, None)]
    seen = {number}
    for row, lost in rows:
        for version in plans[row].versions:
            if version in came_from or version in but or taken.get(version) == row:
                continue
            came_from[version] = (row, lost)
            owner = taken.get(version)
            if owner is None:
                _shift(version, came_from, taken)
                return True
            if owner not in seen:
                seen.add(owner)
                rows.append((owner, version))
    return False


def _shift(version: int, came_from: Mapping[int, tuple[int, int | None]], taken: dict[int, int]) -> None:
    step: int | None = version
    while step is not None:
        row, lost = came_from[step]
        taken[step] = row
        step = lost


def order_questions(
    placed: Sequence[Placed], faces: Mapping[int, AskedVersion], seed: str, *, shuffled: bool
) -> list[Placed]:
    """Kind by kind; within a kind in random order, or in the order of the blueprint."""
    by_kind = sorted(placed, key=lambda item: KIND_ORDER[faces[item.version].kind])
    if not shuffled:
        return by_kind
    ordered: list[Placed] = []
    for kind, group in groupby(by_kind, key=lambda item: faces[item.version].kind):
        members = list(group)
        ordered += select(f"{seed}/{kind}", members, len(members))
    return ordered


def order_options(face: AskedVersion, seed: str, *, shuffled: bool) -> list[int]:
    """Places of the options in the order shown; anchored ones stay, and all stay where order is the question."""
    places = list(range(len(face.options)))
    if not shuffled or face.in_order or face.kind == Kind.TRUE_FALSE:
        return places
    loose = [place for place in places if not face.options[place].anchored]
    moved = iter(select(seed, loose, len(loose)))
    return [place if face.options[place].anchored else next(moved) for place in places]


def assemble(
    plans: Sequence[Plan],
    faces: Mapping[int, AskedVersion],
    seed: str,
    met: Mapping[int, datetime],
    *,
    shuffle_questions: bool,
    shuffle_options: bool,
) -> list[list[Any]]:
    """The items of one paper in the shape of ``Paper.items``. Deterministic in ``seed``."""
    placed = order_questions(choose_questions(plans, seed, met), faces, f"{seed}/order", shuffled=shuffle_questions)
    return [
        [
            item.version,
            item.points,
            order_options(faces[item.version], f"{seed}/{item.version}", shuffled=shuffle_options),
        ]
        for item in placed
    ]
