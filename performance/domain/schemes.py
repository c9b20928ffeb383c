"""Schemes: checked, copied, adopted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.evidence import Inquiry, sources
from common.refusals import NotAllowed
from members.enums import PostingRole, StaffCategory
from members.models import User
from performance.domain.arithmetic import FULL, GradeRule, Rule, VetoRule
from performance.domain.refusals import QuarterNotOpen, SchemeWrong
from performance.enums import Measure, SchemeState
from performance.models import Indicator, Quarter, Scheme
from performance.rules import may_manage_quarter


def rules_of(scheme: Scheme) -> list[Rule]:
    return [
        Rule(row.pk, row.title, row.source, row.weight, row.role, row.staff_category, row.when_empty)
        for row in scheme.indicators.all()
    ]


def grades_of(scheme: Scheme) -> dict[str, list[GradeRule]]:
    """By category, the best first."""
    found: dict[str, list[GradeRule]] = defaultdict(list)
    for row in sorted(scheme.grades.all(), key=lambda grade: (grade.staff_category, -grade.from_points)):
        found[row.staff_category].append(GradeRule(row.label, row.from_points, row.quota_percent))
    return found


def vetoes_of_scheme(scheme: Scheme) -> list[VetoRule]:
    return [VetoRule(row.title, row.source, row.counted, row.at_least, row.best_grade) for row in scheme.vetoes.all()]


def thresholds_of(scheme: Scheme) -> list[tuple[Measure, Decimal]]:
    """Measures and the total below which each is suggested, the severest first."""
    severity = list(Measure)
    rows = [(Measure(row.measure), row.below) for row in scheme.thresholds.all()]
    return sorted(rows, key=lambda row: -severity.index(row[0]))


def measure_below(thresholds: Iterable[tuple[Measure, Decimal]], total: Decimal) -> str:
    """The severest measure that a total suggests; empty for none."""
    return next((measure for measure, below in thresholds if total < below), "")


def inquiry_of(
    quarter: Quarter, indicator: Indicator | None = None, *, at: datetime, people: Mapping | None = None
) -> Inquiry:
    return Inquiry(
        division=quarter.division.code,
        starts_on=quarter.starts_on,
        ends_on=quarter.ends_on,
        cutoff=at,
        people=people or {},
        settings=indicator.settings if indicator else {},
    )


# -- Checks ----------------------------------------------------------------------------------


def problems_of(scheme: Scheme) -> list[str]:
    """Why the scheme cannot be adopted; empty when it holds together."""
    return [problem for problems in problems_by_part(scheme).values() for problem in problems]


def problems_by_part(scheme: Scheme) -> dict[str, list[str]]:
    """The same under the names of the relations they are about, for an editor that says each in its place."""
    return {
        "indicators": [*_problems_of_weights(scheme), *_problems_of_indicators(scheme)],
        "vetoes": [*_problems_of_vetoes(scheme)],
        "grades": [*_problems_of_grades(scheme)],
        "thresholds": [*_problems_of_thresholds(scheme)],
    }


def _problems_of_weights(scheme: Scheme) -> Iterator[str]:
    """Every group: each role in each category, whether or not somebody is in it today."""
    rows = list(scheme.indicators.all())
    for role in PostingRole:
        for category in StaffCategory:
            weight = sum((row.weight for row in rows if row.applies_to(role, category)), Decimal(0))
            if weight != FULL:
                yield _("The weights for “%(role)s, %(category)s” add up to %(weight)s, not to 100.") % {
                    "role": role.label,
                    "category": category.label,
                    "weight": weight,
                }


def _problems_of_indicators(scheme: Scheme) -> Iterator[str]:
    known, titles = sources(), set()
    for row in scheme.indicators.all():
        if row.title in titles:
            yield _("Two indicators are called “%(title)s”.") % {"title": row.title}
        titles.add(row.title)
        if row.source not in known:
            yield _("There is no source “%(source)s” for “%(title)s”.") % {"source": row.source, "title": row.title}
            continue
        for text in setting_problems(scheme.quarter, row):
            yield _("“%(title)s”: %(problem)s") % {"title": row.title, "problem": text}


def setting_problems(quarter: Quarter, indicator: Indicator) -> list[str]:
    """What the source of an indicator finds wrong with its settings."""
    source = sources()[indicator.source]
    form = source.settings_form(
        indicator.settings, division=quarter.division.code, starts_on=quarter.starts_on, ends_on=quarter.ends_on
    )
    if form.is_valid():
        return []
    return [
        f"{form.fields[name].label if name in form.fields else ''} {error}".strip()
        for name, errors in form.errors.items()
        for error in errors
    ]


def _problems_of_vetoes(scheme: Scheme) -> Iterator[str]:
    known, used = sources(), {row.source for row in scheme.indicators.all()}
    for row in scheme.vetoes.all():
        if row.source not in known or row.counted not in known[row.source].countable(scheme.quarter.division.code):
            yield _("Nothing counts what the veto condition “%(title)s” asks for.") % {"title": row.title}
        elif row.source not in used:
            yield _("The veto condition “%(title)s” needs an indicator with the same source.") % {"title": row.title}


def _problems_of_grades(scheme: Scheme) -> Iterator[str]:
    grades = grades_of(scheme)
    for category in StaffCategory:
        rows = grades.get(category, [])
        if not rows:
            yield _("There are no grades for “%(category)s”.") % {"category": category.label}
        elif rows[-1].from_points != 0:
            yield _("The last grade for “%(category)s” must begin at 0 points.") % {"category": category.label}


def _problems_of_thresholds(scheme: Scheme) -> Iterator[str]:
    severity = list(Measure)
    rows = sorted(scheme.thresholds.all(), key=lambda row: severity.index(Measure(row.measure)))
    for milder, severer in pairwise(rows):
        if severer.below >= milder.below:
            yield _("“%(severer)s” must begin below “%(milder)s”.") % {
                "severer": severer.get_measure_display(),
                "milder": milder.get_measure_display(),
            }


# -- Changes ---------------------------------------------------------------------------------


@transaction.atomic
def copy_scheme(scheme: Scheme, *, to: Quarter, by: User, at: datetime) -> Scheme:
    """A draft with the same rows: the next version in that quarter. Raises NotAllowed, QuarterNotOpen."""
    _require_open(to, by)
    copy = _next_draft(to, title=scheme.title, by=by, at=at)
    copy.note, copy.appeal_days, copy.shows_ranks = scheme.note, scheme.appeal_days, scheme.shows_ranks
    for name in ("indicators", "vetoes", "thresholds", "grades"):
        rows = list(getattr(scheme, name).all())
        for row in rows:
            row.pk = row.id = None
            row.scheme = copy
        setattr(copy, name, rows)
    copy.save()
    log(copy, "performance.copy_scheme", user=by, timestamp=at, data={"from": str(scheme), "of": scheme.quarter.name})
    return copy


@transaction.atomic
def draft_scheme(quarter: Quarter, *, title: str, by: User, at: datetime) -> Scheme:
    """An empty draft, the next version of the quarter. Raises NotAllowed, QuarterNotOpen."""
    _require_open(quarter, by)
    scheme = _next_draft(quarter, title=title, by=by, at=at)
    scheme.save()
    log(scheme, "performance.draft_scheme", user=by, timestamp=at)
    return scheme


def _require_open(quarter: Quarter, by: User) -> None:
    if not may_manage_quarter(by, quarter):
        raise NotAllowed(_("You may not change the appraisal of this division."))
    if not quarter.takes_evidence():
        raise QuarterNotOpen(_("The results of this quarter have been published; its scheme stays as it is."))


def _next_draft(quarter: Quarter, *, title: str, by: User, at: datetime) -> Scheme:
    last = quarter.schemes.aggregate(last=Max("version"))["last"] or 0
    return Scheme(quarter=quarter, version=last + 1, title=title, created_by=by, created_at=at)


@transaction.atomic
def adopt_scheme(scheme: Scheme, *, by: User, at: datetime) -> Scheme:
    """Put a draft into force instead of the former one. Raises NotAllowed, QuarterNotOpen, SchemeWrong.

    Figures computed by the former one stand until the quarter is computed again; they cannot be published.
    """
    quarter = Quarter.objects.select_for_update().get(pk=scheme.quarter_id)
    _require_open(quarter, by)
    if problems := problems_of(scheme):
        raise SchemeWrong(_("The scheme does not hold together yet."), problems=problems)
    quarter.schemes.filter(state=SchemeState.ADOPTED).update(state=SchemeState.SUPERSEDED)
    try:
        with transaction.atomic():
            changed = quarter.schemes.filter(pk=scheme.pk, state=SchemeState.DRAFT).update(
                state=SchemeState.ADOPTED, adopted_by=by, adopted_at=at
            )
    except IntegrityError as error:
        raise QuarterNotOpen(_("Somebody else has just adopted a scheme.")) from error
    if not changed:
        raise QuarterNotOpen(_("This version of the scheme is no draft."))
    scheme.refresh_from_db()
    log(scheme, "performance.adopt_scheme", user=by, timestamp=at)
    return scheme
