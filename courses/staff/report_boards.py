"""Tables and charts of the reports of training."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from common.charts import Bar, histogram, share_bars
from courses.domain.reporting import columns
from courses.domain.reporting.townships import Townships
from courses.domain.reporting.year import YearTable
from courses.staff.boards import Board, board

CHART_LETTERS = 20
LONG = 6


class Chart(NamedTuple):
    """A chart under its title; a long one is opened by who wants it."""

    title: str
    svg: str
    is_long: bool = False


def townships_board(table: Townships) -> Board:
    return board(
        _("In the order of division codes, not ranked."),
        columns.township_columns(),
        map(columns.township_values, table.rows),
        total=columns.township_values(table.total),
    )


def kinds_board(table: YearTable) -> Board:
    return board(
        _("What was held, and whom it reached"),
        columns.year_columns(),
        map(columns.year_values, table.kinds),
        total=columns.year_total(table.total),
    )


def periods_board(table: YearTable) -> Board:
    quarters = bool(table.periods) and table.periods[0].period.is_quarter
    return board(
        _("All kinds together"), columns.period_columns(quarters=quarters), map(columns.period_values, table.periods)
    )


def periods_chart(table: YearTable) -> Chart | None:
    if not table.total.sessions:
        return None
    title = _("Sessions held, by time")
    return Chart(title, histogram([Bar(str(row.period.number), row.sessions) for row in table.periods], title=title))


def shares(rows: list[tuple[str, float | None]], title: str) -> Chart | None:
    """A chart of what is known; none for a single bar, which says no more than its figure."""
    known = [(shortened(label), share) for label, share in rows if share is not None]
    return Chart(title, share_bars(known, title=title), len(known) > LONG) if len(known) > 1 else None


def shortened(text: str) -> str:
    return text if len(text) <= CHART_LETTERS else text[: CHART_LETTERS - 1] + "…"
