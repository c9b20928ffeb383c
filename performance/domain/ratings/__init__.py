"""Scores that others give: read from a file, held against what is known, carried out whole; or entered by hand."""

from performance.domain.ratings.carrying_out import Outcome, commit_rating_sheet, rate
from performance.domain.ratings.planning import PlannedScore, RatingPlan, RowState
from performance.domain.ratings.present import plan_rating_sheet
from performance.domain.ratings.reading import read_rating_sheet

__all__ = [
    "Outcome",
    "PlannedScore",
    "RatingPlan",
    "RowState",
    "commit_rating_sheet",
    "plan_rating_sheet",
    "rate",
    "read_rating_sheet",
]
