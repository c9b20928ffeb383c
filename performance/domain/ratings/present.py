"""Loading what is known of the people in a sheet, and planning against it."""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models.functions import Upper

from common.spreadsheets.headings import Line
from members.models import User
from performance.domain.evidence_days import posts_between
from performance.domain.ratings.planning import KnownPerson, PlannedScore, RatingPlan, RowState, plan, staff_number
from performance.models import Quarter, Rating, RatingKind, RatingSheet


def plan_rating_sheet(sheet: RatingSheet, *, reason: str = "", by: User | None = None) -> RatingPlan:
    """What carrying out ``sheet`` now would do, row by row. Only reads.

    ``reason`` holds for changed scores whose row gives none; ``by`` is who would carry it out.
    """
    lines = [Line(row["place"], row["values"]) for row in sheet.rows]
    by_id = (by or sheet.uploaded_by).pk
    people = known_people(lines, quarter=sheet.quarter, kind=sheet.kind)
    planned = plan(lines, people, highest=sheet.kind.highest, by_id=by_id)
    return RatingPlan([_with_reason(row, reason) for row in planned.rows])


def _with_reason(row: PlannedScore, reason: str) -> PlannedScore:
    return replace(row, reason=reason) if row.state == RowState.CHANGED and not row.reason else row


def known_people(lines: Iterable[Line], *, quarter: Quarter, kind: RatingKind) -> dict[str, KnownPerson]:
    """By staff number in capitals. Three queries, however many lines."""
    numbers = {staff_number(line.values.get("code", "")) for line in lines}
    people = User.objects.annotate(number=Upper("code")).values_list("number", "pk", "code", "name")
    # A whole county in one file is more than some databases take as parameters; then everybody is read.
    if len(numbers) <= 500:
        people = people.filter(number__in=numbers)
    posted = set(posts_between(quarter).values_list("person_id", flat=True))
    ratings = Rating.objects.in_force().filter(quarter=quarter, kind=kind)
    in_force = {person: (pk, score) for person, pk, score in ratings.values_list("person_id", "pk", "score")}
    return {
        number: KnownPerson(pk, code, name, pk in posted, *in_force.get(pk, (None, None)))
        for number, pk, code, name in people.order_by()
        if number in numbers
    }
