"""What if: who would move under a draft, and by how much, before it is adopted."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from common.clock import now
from common.refusals import Refusal
from performance.domain.comparing import Move, compare
from performance.enums import Measure
from performance.staff.schemes import OfDraft

PAGE = 50


class GradeShift(NamedTuple):
    """How many have a grade now, and how many would."""

    label: str
    before: int
    after: int


class ComparePage(OfDraft, TemplateView):
    page_title = gettext_lazy("What if")
    template_name = "performance/staff/compare.html"

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        try:
            moves = compare(self.quarter, self.scheme, by=self.person, at=now())
        except Refusal as refusal:
            facts["refusal"] = str(refusal)
        else:
            facts = summary_of(moves)
            page = Paginator(facts.pop("moved"), PAGE).get_page(self.request.GET.get("p"))
            facts["rows"] = page
        return super().get_context_data(*args, **facts, **kwargs)


def summary_of(moves: Sequence[Move]) -> dict[str, Any]:
    return {
        "moved": [(move, measure_name(move.old_measure), measure_name(move.new_measure)) for move in moves],
        "people": len(moves),
        "higher": sum(move.by > 0 for move in moves),
        "lower": sum(move.by < 0 for move in moves),
        "regraded": sum(move.old_grade != move.new_grade for move in moves),
        "shifts": shifts_of(moves),
    }


def shifts_of(moves: Sequence[Move]) -> list[GradeShift]:
    before, after = (Counter(getattr(move, name) for move in moves) for name in ("old_grade", "new_grade"))
    labels = sorted(before.keys() | after.keys(), key=lambda label: (not label, -before[label], label))
    return [GradeShift(label or _("without a grade"), before[label], after[label]) for label in labels]


def measure_name(measure: str) -> str:
    return str(Measure(measure).label) if measure else ""
