"""When somebody is to sit exams: they stand in a calendar beside the sessions."""

from dataclasses import dataclass
from datetime import datetime

from exams.models import Candidate, Exam
from members.models import User


@dataclass(frozen=True, slots=True)
class ExamDate:
    """An exam of somebody, with the window in which it is sat."""

    exam: Exam
    was_handed_in: bool

    @property
    def opens_at(self) -> datetime:
        return self.exam.opens_at

    @property
    def ends_at(self) -> datetime:
        """Earlier than planned where the office has closed it."""
        return self.exam.closes_at if self.is_off else self.exam.ended_at()

    @property
    def is_off(self) -> bool:
        """Closed before it had opened: nobody can sit it."""
        return self.exam.ended_at() <= self.exam.opens_at


def exam_dates_of(person: User, *, first: datetime, last: datetime) -> list[ExamDate]:
    """Published exams of this person whose window touches the time between the two, in its order. One query."""
    rows = Candidate.objects.filter(person=person, exam__in=Exam.objects.settled())
    touching = rows.filter(exam__opens_at__lt=last, exam__closes_at__gt=first)
    return [
        ExamDate(row.exam, row.attempts_used > 0)
        for row in touching.select_related("exam").order_by("exam__opens_at", "pk")
    ]
