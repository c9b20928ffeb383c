"""Score files that leave the house: who took them out, when and what for is written down."""

from exams.domain.exporting.scores import ScoreFile, export_scores

__all__ = ["ScoreFile", "export_scores"]
