from question_bank.models.batch import ColumnLayout, ImportBatch, ImportRow
from question_bank.models.figure import Figure, QuestionFigure
from question_bank.models.question import AnswerOption, Blank, Question
from question_bank.models.recheck import Recheck
from question_bank.models.report import QuestionReport
from question_bank.models.saved_filter import SavedFilter
from question_bank.models.topic import Topic
from question_bank.models.version import QuestionVersion

__all__ = [
    "AnswerOption",
    "Blank",
    "ColumnLayout",
    "Figure",
    "ImportBatch",
    "ImportRow",
    "Question",
    "QuestionFigure",
    "QuestionReport",
    "QuestionVersion",
    "Recheck",
    "SavedFilter",
    "Topic",
]
