"""Classical statistics of questions and exams, from the answers that were really given."""

from exams.domain.statistics.computing import Computed, compute_statistics

__all__ = ["Computed", "compute_statistics"]
