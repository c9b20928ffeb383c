from question_bank.models.question import AnswerOption, Blank, Question
from question_bank.models.recheck import Recheck
from question_bank.models.topic import Topic
from question_bank.models.version import QuestionVersion

__all__ = ["AnswerOption", "Blank", "Question", "QuestionVersion", "Recheck", "Topic"]
