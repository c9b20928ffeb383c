from exams.models.attempt import Attempt, PendingAnswer, Response
from exams.models.blueprint import Blueprint, BlueprintRow
from exams.models.candidate import Candidate
from exams.models.draw import Draw
from exams.models.exam import Exam
from exams.models.export import ScoreExport
from exams.models.mark import Mark
from exams.models.paper import ExamQuestion, Item, Paper, Publication
from exams.models.repair import KeyRepair, RepairOutcome
from exams.models.statistics import ExamStatistics, ItemStatistics

__all__ = [
    "Attempt",
    "Blueprint",
    "BlueprintRow",
    "Candidate",
    "Draw",
    "Exam",
    "ExamQuestion",
    "ExamStatistics",
    "Item",
    "ItemStatistics",
    "KeyRepair",
    "Mark",
    "Paper",
    "PendingAnswer",
    "Publication",
    "RepairOutcome",
    "Response",
    "ScoreExport",
]
