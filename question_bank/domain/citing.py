"""What somebody sees of the entries that questions cite: of those closed to them, nothing."""

from collections.abc import Iterable

from cms.models.desk import is_closed
from members.models import User
from question_bank.models import Question


def hide_closed_entries(questions: Iterable[Question], *, of: User) -> None:
    """Take from each question, for showing only, an entry that does not lie on this person's desk.

    The questions are the county's; what is addressed to one township stays there. One query for a person in hand.
    """
    for question in questions:
        if question.entry is not None and is_closed(question.entry, of):
            question.entry = None
