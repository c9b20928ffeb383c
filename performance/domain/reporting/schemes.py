"""How it is counted: the scheme as a table, for whoever wants to follow a total to its origin."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.evidence import sources
from common.tables import Column, SheetSpec
from performance.domain.reporting.order import Order
from performance.domain.reporting.words import Words, basis
from performance.models import Scheme

_EVERYBODY = ""


def scheme_sheet(order: Order) -> SheetSpec:
    """Indicators with weight and source, then vetoes, thresholds and grades of the scheme that was followed."""
    return SheetSpec(
        name=_("How it is counted"),
        title=order.scheme.title,
        notes=basis(order.computation),
        columns=[
            Column(pgettext("scheme", "Part")),
            Column(pgettext("scheme", "Title")),
            Column(pgettext("scheme", "Points"), kind="decimal", places=2),
            Column(pgettext("scheme", "Source")),
            Column(pgettext("report", "For whom")),
            Column(pgettext("scheme", "Rule")),
        ],
        rows=list(_rows(order.scheme)),
        frozen_columns=_FROZEN,
    )


_FROZEN = 2


def source_name(key: str) -> str:
    """The name of a source; its key when the app that registered it is no longer there."""
    source = sources().get(key)
    return str(source.name) if source else key


def _rows(scheme: Scheme) -> Iterator[list[object]]:
    words = Words()
    for indicator in scheme.indicators.all():
        whom = _whom(words, indicator.role, indicator.staff_category)
        rule = _("Without evidence: %(rule)s") % {"rule": indicator.get_when_empty_display()}
        yield [
            pgettext("report", "Indicator"),
            indicator.title,
            indicator.weight,
            source_name(indicator.source),
            whom,
            rule,
        ]
    for veto in scheme.vetoes.all():
        rule = _("At %(count)s or more the best grade possible is number %(place)s.") % {
            "count": veto.at_least,
            "place": veto.best_grade,
        }
        yield [pgettext("report", "Veto condition"), veto.title, None, source_name(veto.source), _whom(words), rule]
    for threshold in scheme.thresholds.order_by("-below"):
        measure = threshold.get_measure_display()
        rule = _("A lower total suggests it. People decide.")
        yield [pgettext("report", "Threshold"), measure, threshold.below, None, _whom(words), rule]
    for grade in scheme.grades.order_by("staff_category", "-from_points"):
        quota = _("At most %(percent)s%% of the category.") % {"percent": grade.quota_percent}
        whom = _whom(words, category=grade.staff_category)
        rule = quota if grade.quota_percent else ""
        yield [pgettext("appraisal", "Grade"), grade.label, grade.from_points, None, whom, rule]


def _whom(words: Words, role: str = _EVERYBODY, category: str = _EVERYBODY) -> str:
    named = [words.roles[role], words.categories[category]]
    return "·".join(name for name in named if name) or pgettext("report", "Everybody")
