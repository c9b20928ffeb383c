"""How question versions fared in exams: what the question bank asks of this storey."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Avg, BigIntegerField, CharField, Count, DecimalField, F, FloatField, Func
from django.db.models.functions import Cast, NullIf

from exams.models import ExamQuestion, Mark
from question_bank.domain.track_records import Figure


class ItemPart(Func):
    """One part of the item on a paper that has a number: ``[version id, points, order]``; both databases' own words."""

    output_field = CharField()

    def __init__(self, part: int, **extra: Any) -> None:
        place = Cast(F("number") - 1, CharField())
        super().__init__(F("attempt__paper__items"), place, **extra)
        self.part = part

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = f"JSON_EXTRACT(%(expressions)s || '][{self.part}]')"
        return self.as_sql(compiler, connection, template=template, arg_joiner=", '$[' || ")

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = f"JSONB_EXTRACT_PATH_TEXT(%(expressions)s, '{self.part}')"
        return self.as_sql(compiler, connection, template=template)


def version_figures(versions: Collection[int]) -> Mapping[int, Figure]:
    """Marked answers by version, and the mean share of the points they earned; a corrected mark counts as it stands.

    One query, over the exams in which one of the versions was asked.
    """
    exposed = ExamQuestion.objects.filter(version__in=versions).values("exam")
    worth = NullIf(Cast(ItemPart(1), DecimalField(max_digits=7, decimal_places=2)), Decimal(0))
    marks = (
        Mark.objects.standing()
        .filter(attempt__candidate__exam__in=exposed)
        .annotate(version=Cast(ItemPart(0), BigIntegerField()))
        .filter(version__in=versions)
        .values("version")
    )
    share = Avg(Cast(F("points"), FloatField()) / Cast(worth, FloatField()))
    rows = marks.annotate(answers=Count("*"), share=share).order_by()
    return {row["version"]: Figure(row["answers"], row["share"]) for row in rows}
