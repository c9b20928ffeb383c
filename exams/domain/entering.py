"""Answers that were written on paper: entered by the office, marked by the usual rules."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from exams.domain.answers import check_answer, faces_of
from exams.domain.closing import close_if_overdue, hand_in
from exams.domain.refusals import ExamNotOpen, NotAllowed, OwnAttempt, PaperInUse, ReasonMissing, WrongTime
from exams.domain.saving import milliseconds
from exams.enums import HandIn
from exams.models import Attempt, Candidate, Exam, Paper, Response
from exams.rules import may_manage_exam
from members.models import User


def enter_paper(
    paper: Paper, answers: Mapping[int, dict[str, Any]], *, handed_in_at: datetime, reason: str, by: User, at: datetime
) -> Attempt:
    """An attempt made of what stands on a printed ``paper``, handed in and marked. Two at once: one attempt.

    ``answers`` by number of question, ``handed_in_at`` when the paper was given to the office. The same answers
    entered again give the same attempt. Raises NotAllowed, OwnAttempt, ReasonMissing, WrongTime, ExamNotOpen,
    AnswerRefused; PaperInUse when the candidate sits the exam on a screen or other answers were entered.
    """
    exam = paper.candidate.exam
    if not may_manage_exam(by, exam):
        raise NotAllowed(_("This exam belongs to a division that is not yours."))
    if paper.candidate.person_id == by.pk:
        raise OwnAttempt(_("Somebody else enters your own paper."))
    if not reason.strip():
        raise ReasonMissing(_("Say why it was written on paper."))
    given = _checked(paper, answers)
    for attempt in paper.candidate.attempts.open().select_related("candidate__exam__blueprint", "paper"):
        close_if_overdue(attempt, at=at)
    with transaction.atomic():
        exam = Exam.objects.select_for_update(no_key=True).get(pk=exam.pk)
        candidate = Candidate.objects.select_for_update().get(pk=paper.candidate_id)
        if entered := Attempt.objects.filter(paper=paper).first():
            return _same(entered, given)
        _refuse_untimely(exam, handed_in_at, at=at)
        _take(candidate, paper)
        attempt = _handed_in(paper, given, exam, handed_in_at=handed_in_at, at=at)
        data = {"attempt": str(attempt.uuid), "person": candidate.person.code, "reason": reason.strip()}
        log(exam, "exams.enter_paper", user=by, timestamp=at, data=data)
    return attempt


def _checked(paper: Paper, answers: Mapping[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Only what was answered."""
    faces = faces_of(paper.pk)
    checked = {number: check_answer(answer, faces[number - 1], number=number) for number, answer in answers.items()}
    return {number: answer for number, answer in checked.items() if answer}


def _same(attempt: Attempt, given: Mapping[int, dict[str, Any]]) -> Attempt:
    if attempt.hand_in == HandIn.PAPER and dict(attempt.responses.values_list("number", "answer")) == given:
        return attempt
    if attempt.hand_in == HandIn.PAPER:
        raise PaperInUse(_("Somebody has entered this paper already, with other answers; nothing was changed."))
    raise PaperInUse(_("This attempt was made on a screen; what was answered there counts."))


def _refuse_untimely(exam: Exam, handed_in_at: datetime, *, at: datetime) -> None:
    if not exam.takes_written_papers(at=at):
        raise ExamNotOpen(_("Papers can no longer be entered: the time is over, or results have been shown."))
    if not exam.opens_at <= handed_in_at <= min(exam.ended_at(), at):
        raise WrongTime(_("The paper was handed in between the opening and the end of the exam, and not after now."))


def _take(candidate: Candidate, paper: Paper) -> None:
    """Count the attempt that this paper is for, if it is the next one and no other is open."""
    if candidate.attempts.open().exists():
        raise PaperInUse(_("This person is sitting the exam on a screen."))
    next_up = Candidate.objects.filter(pk=candidate.pk, attempts_used=paper.number - 1)
    if not next_up.update(attempts_used=paper.number):
        raise PaperInUse(_("This attempt was made on a screen; what was answered there counts."))


def _handed_in(
    paper: Paper, given: Mapping[int, dict[str, Any]], exam: Exam, *, handed_in_at: datetime, at: datetime
) -> Attempt:
    # Nobody knows when it was begun; the time it may take only has to lie behind the moment it was handed in.
    closes_at = handed_in_at + timedelta(minutes=exam.minutes)
    attempt = Attempt.objects.create(
        candidate=paper.candidate, paper=paper, opened_at=handed_in_at, closes_at=closes_at
    )
    sequence = milliseconds(at)
    Response.objects.bulk_create(
        Response(attempt=attempt, number=number, sequence=sequence, saved_at=at, answer=answer)
        for number, answer in given.items()
    )
    return hand_in(attempt, at=handed_in_at, how=HandIn.PAPER)
