from performance.models.appeal import Appeal, Correction
from performance.models.ledger import LedgerEntry, LedgerFile, LedgerKind
from performance.models.quarter import Exemption, Quarter, Reopening
from performance.models.rating import Rating, RatingKind, RatingSheet
from performance.models.report import Document, Report
from performance.models.scheme import Grade, Indicator, Scheme, Threshold, Veto
from performance.models.scorecard import Computation, Scorecard, ScoreLine

__all__ = [
    "Appeal",
    "Computation",
    "Correction",
    "Document",
    "Exemption",
    "Grade",
    "Indicator",
    "LedgerEntry",
    "LedgerFile",
    "LedgerKind",
    "Quarter",
    "Rating",
    "RatingKind",
    "RatingSheet",
    "Reopening",
    "Report",
    "Scheme",
    "ScoreLine",
    "Scorecard",
    "Threshold",
    "Veto",
]
