"""Why a file of questions is not read at all. What is wrong with one question is a ``RefusedRow`` instead."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal


class UnreadableQuestionFile(Refusal):
    """No question can be taken from the file. ``code`` is stable; ``message`` is translated when it is shown."""

    code = "unreadable_question_file"
    status = 422
    message: ClassVar[Promise | str] = _("This file cannot be read.")

    def __init__(self, **members: Any) -> None:
        super().__init__(self.message, **members)

    def __str__(self) -> str:
        return str(self.message) % self.members if self.members else str(self.message)


class EmptyQuestionFile(UnreadableQuestionFile):
    code = "empty_question_file"
    message = _("This file is empty.")


class NoQuestions(UnreadableQuestionFile):
    code = "no_questions"
    message = _("This file holds no questions.")


class UnknownQuestionFormat(UnreadableQuestionFile):
    code = "unknown_question_format"
    message = _("It cannot be told in which format the questions of this file are written.")


class OutdatedQti(UnreadableQuestionFile):
    code = "outdated_qti"
    message = _("This package is in QTI 1.2. Export it again as QTI 2.1 or later, or as Moodle XML.")


class QuestionFileTooLarge(UnreadableQuestionFile):
    code = "question_file_too_large"
    message = _("This file is too large. Split it.")


class TooManyQuestions(UnreadableQuestionFile):
    code = "too_many_questions"
    message = _("This file holds too many questions. Split it.")


class UnknownEncoding(UnreadableQuestionFile):
    code = "unknown_encoding"
    message = _("The characters of this file cannot be read. Save it in UTF-8 and bring it again.")


class BrokenXml(UnreadableQuestionFile):
    """``line`` is where reading stopped."""

    code = "broken_xml"
    message = _("The XML of this file is broken at line %(line)s.")


class DeclaresEntities(UnreadableQuestionFile):
    code = "declares_entities"
    message = _("This file brings its own document type, which can be misused, so it was not opened.")


class DamagedArchive(UnreadableQuestionFile):
    code = "damaged_archive"
    message = _("This package is damaged. Make it again and bring it again.")


class OversizedArchive(UnreadableQuestionFile):
    code = "oversized_archive"
    message = _("This package unpacks to far more than questions need, so it was not opened.")


class EncryptedArchive(UnreadableQuestionFile):
    code = "encrypted_archive"
    message = _("This package is protected by a password. Remove the password and bring it again.")


class UnsafeArchive(UnreadableQuestionFile):
    """``name`` is that of the first member that points outside the package."""

    code = "unsafe_archive"
    message = _("This package holds a file that points outside of it (%(name)s), so it was not opened.")
