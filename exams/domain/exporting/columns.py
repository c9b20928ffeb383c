"""The columns of score files, in the order offices here expect them, and their values."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from common.tables import Column, Kind
from exams.domain.scores import ScoreRow, TownshipScores

POINTS_PLACES = 2


class Field(NamedTuple):
    """One column of a score file: its heading, and how its value is taken from a row; a truth is said in words."""

    title: str | Promise
    value: Callable[[ScoreRow], object]
    kind: Kind = "text"
    places: int = 1
    width: float | None = None

    def column(self) -> Column:
        return Column(str(self.title), self.width, self.kind, self.places)


_CODE = Field(gettext_lazy("Staff number"), lambda row: row.code)
_NAME = Field(pgettext_lazy("person", "Name"), lambda row: row.name)
_UNIT = Field(gettext_lazy("Sending unit"), lambda row: row.sending_unit)
_TOWNSHIP = Field(gettext_lazy("Township"), lambda row: row.township)
_VILLAGE = Field(gettext_lazy("Village"), lambda row: row.village)
_ROLE = Field(gettext_lazy("Role in the team"), lambda row: row.role)
_SCORE = Field(gettext_lazy("Score"), lambda row: row.score, "decimal", POINTS_PLACES)
_OBJECTIVE = Field(gettext_lazy("Objective part"), lambda row: row.objective, "decimal", POINTS_PLACES)
_SUBJECTIVE = Field(gettext_lazy("Subjective part"), lambda row: row.subjective, "decimal", POINTS_PLACES)
_PASSED = Field(gettext_lazy("Passed"), lambda row: row.passed)
_BAND = Field(gettext_lazy("Band"), lambda row: row.band)
_MINUTES = Field(gettext_lazy("Minutes used"), lambda row: row.minutes_used, "integer")
_HANDED_IN = Field(gettext_lazy("Handed in at"), lambda row: row.handed_in_at, "datetime", width=18)
_REMARK = Field(gettext_lazy("Remark"), lambda row: row.remark)

# No rank: nobody is ranked unless a scheme of the appraisal asks for it.
FILE_FIELDS: tuple[Field, ...] = (
    _CODE,
    _NAME,
    Field(gettext_lazy("Mobile phone"), lambda row: row.phone),
    _UNIT,
    _TOWNSHIP,
    _VILLAGE,
    Field(gettext_lazy("Team"), lambda row: row.team),
    _ROLE,
    Field(gettext_lazy("Staff category"), lambda row: row.staff_category),
    Field(gettext_lazy("Exam"), lambda row: row.exam),
    Field(gettext_lazy("Attempts used"), lambda row: row.sitting, "integer"),
    Field(gettext_lazy("Points in all"), lambda row: row.total, "decimal", POINTS_PLACES),
    _SCORE,
    _OBJECTIVE,
    _SUBJECTIVE,
    _PASSED,
    _BAND,
    _MINUTES,
    Field(gettext_lazy("Started at"), lambda row: row.started_at, "datetime", width=18),
    _HANDED_IN,
    Field(gettext_lazy("How it ended"), lambda row: row.hand_in),
    Field(gettext_lazy("Page leaves"), lambda row: row.page_leaves, "integer"),
    Field(gettext_lazy("Retake"), lambda row: row.is_retake),
    _REMARK,
)
# What fits on A4 across and is read aloud in a meeting; phones stay out of paper.
PAPER_FIELDS: tuple[Field, ...] = (
    _NAME,
    _UNIT,
    _TOWNSHIP,
    _VILLAGE,
    _ROLE,
    _SCORE,
    _OBJECTIVE,
    _SUBJECTIVE,
    _BAND,
    _MINUTES,
    _HANDED_IN,
    _REMARK,
)


def values(rows: Iterable[ScoreRow], fields: Iterable[Field]) -> Iterator[list[object]]:
    """The values of ``fields``, row by row."""
    takers = [field.value for field in fields]
    words = {True: _("Yes"), False: _("No")}
    for row in rows:
        taken = (take(row) for take in takers)
        yield [words[value] if value is True or value is False else value for value in taken]


def township_columns() -> list[Column]:
    return [
        Column(_("Township")),
        Column(_("Expected"), kind="integer"),
        Column(_("Present"), kind="integer"),
        Column(_("Absent"), kind="integer"),
        Column(_("Participation"), kind="percent"),
        Column(_("Pass rate"), kind="percent"),
        Column(_("Excellent rate"), kind="percent"),
        Column(_("Mean"), kind="decimal", places=POINTS_PLACES),
        Column(_("Highest"), kind="decimal", places=POINTS_PLACES),
        Column(_("Lowest"), kind="decimal", places=POINTS_PLACES),
    ]


def township_values(row: TownshipScores) -> list[object]:
    return [
        row.name,
        row.expected,
        row.present,
        row.absent,
        row.participation,
        row.pass_rate,
        row.excellent_rate,
        row.mean,
        row.highest,
        row.lowest,
    ]
