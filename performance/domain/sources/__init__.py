"""The evidence that the appraisal itself keeps: the ledger, and scores that others give."""

from common.evidence import register_source
from performance.domain.sources.ledger import LedgerSource
from performance.domain.sources.ratings import RatingSource


def register() -> None:
    register_source(LedgerSource())
    register_source(RatingSource())
