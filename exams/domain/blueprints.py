"""Can the bank meet a blueprint?"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import models, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from exams.domain.refusals import BankTooSmall, NotAllowed
from exams.models import Blueprint, BlueprintRow
from exams.rules import may_manage_blueprint
from members.models import Division, User
from question_bank.models import QuestionVersion


class Pooled(NamedTuple):
    """A question version that may be asked, and what blueprints choose it by."""

    id: int
    topic_code: str
    kind: str
    difficulty: str


class Shortage(NamedTuple):
    """A row that cannot be met: ``missing`` of its ``needed`` questions are not to be had.

    ``found`` counts the questions that fit the row; it can reach ``needed`` where rows above
    use the same questions up.
    """

    row: BlueprintRow
    number: int
    needed: int
    found: int
    missing: int

    def __str__(self) -> str:
        return _("Row %(number)s (%(row)s): %(missing)s of %(needed)s questions are missing.") % {
            "number": self.number,
            "row": self.row,
            "missing": self.missing,
            "needed": self.needed,
        }


def fits(row: BlueprintRow, question: Pooled) -> bool:
    return (
        row.kind == question.kind
        and (not row.difficulty or row.difficulty == question.difficulty)
        and (row.topic is None or question.topic_code.startswith(row.topic.code))
    )


def pool(*, first: date, last: date) -> list[Pooled]:
    """Everything that may be asked from ``first`` to ``last``, in the order of ids."""
    versions = QuestionVersion.objects.askable(first=first, last=last).order_by("pk")
    return [Pooled(*row) for row in versions.values_list("pk", "topic__code", "kind", "difficulty")]


def find_shortages(rows: Sequence[BlueprintRow], questions: Iterable[Pooled]) -> list[Shortage]:
    """The rows that ``questions`` cannot meet all at once, no question used twice.

    Rows may overlap (a topic and its parent, any difficulty and a hard one), so counting row by row
    would promise too much. A maximum flow from rows to groups of like questions tells exactly.
    """
    # Loaded where it is needed: 11 MiB that a page of a test never asks for.
    import networkx

    cells: dict[Pooled, int] = {}
    for question in questions:
        cell = question._replace(id=0)
        cells[cell] = cells.get(cell, 0) + 1
    graph = networkx.DiGraph()
    graph.add_nodes_from(["rows", "bank"])
    for cell, size in cells.items():
        graph.add_edge(cell, "bank", capacity=size)
    for number, row in enumerate(rows):
        graph.add_edge("rows", number, capacity=row.count)
        graph.add_edges_from((number, cell) for cell in cells if fits(row, cell))
    _total, flow = networkx.maximum_flow(graph, "rows", "bank")
    return [
        Shortage(row, number + 1, row.count, sum(cells[cell] for cell in cells if fits(row, cell)), missing)
        for number, row in enumerate(rows)
        if (missing := row.count - flow["rows"][number])
    ]


def require_feasible(rows: Sequence[BlueprintRow], questions: Iterable[Pooled]) -> None:
    """Raise BankTooSmall naming every row that is short and by how many; also where there is no row at all."""
    if not rows:
        raise BankTooSmall(_("The blueprint has no rows."), shortages=[])
    if shortages := find_shortages(rows, questions):
        raise BankTooSmall(
            " ".join(str(shortage) for shortage in shortages),
            shortages=[
                {"row": shortage.number, "needed": shortage.needed, "missing": shortage.missing}
                for shortage in shortages
            ],
        )


@transaction.atomic
def copy_blueprint(blueprint: Blueprint, *, title: str, by: User, division: Division | None = None) -> Blueprint:
    """A blueprint of its own with the same rows: how a plan that is in use is changed.

    Without a ``division`` it belongs to that of the original. Raises NotAllowed when that is not one of ``by``.
    """
    rows = list(blueprint.rows.all())
    copy = Blueprint(
        title=title,
        division=division or blueprint.division,
        multiple_rule=blueprint.multiple_rule,
        multiple_share_percent=blueprint.multiple_share_percent,
    )
    if not may_manage_blueprint(by, copy):
        raise NotAllowed(_("This division is not yours."))
    copy.rows = [_unsaved(row) for row in rows]
    copy.save()
    log(copy, "wagtail.copy", user=by, data={"source": {"id": blueprint.pk, "title": blueprint.title}})
    return copy


def _unsaved(row: BlueprintRow) -> BlueprintRow:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if _is_copied(field)}
    return BlueprintRow(**values)


def _is_copied(field: models.Field) -> bool:
    return not field.primary_key and field.name != "blueprint"
