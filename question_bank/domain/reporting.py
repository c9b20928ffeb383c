"""Members report questions they were asked; somebody of the office says what came of it.

Whether the person was shown the question is asked above: only that storey knows who was asked what.
"""

from datetime import datetime
from typing import ClassVar

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from common.refusals import Refusal
from members.models import User
from question_bank.enums import RecheckOutcome, RecheckReason, ReportReason, ReportVerdict
from question_bank.models import QuestionReport, QuestionVersion, Recheck

LONGEST_TEXT = 500


class AlreadyReported(Refusal):
    """The same person has an open report on the same version."""

    code: ClassVar[str] = "already_reported"
    status: ClassVar[int] = 409


class ReportRefused(Refusal):
    """A report, or an answer to one, that says nothing or too much."""

    code: ClassVar[str] = "report_refused"
    status: ClassVar[int] = 422


class AlreadySettled(Refusal):
    """Somebody else has answered the report meanwhile."""

    code: ClassVar[str] = "already_settled"
    status: ClassVar[int] = 409


@transaction.atomic
def report_question(version: QuestionVersion, *, reason: str, text: str, by: User, at: datetime) -> QuestionReport:
    """Say that something is wrong with ``version``; a published question then waits for a re-check, but is still drawn.

    Refuses with ``ReportRefused`` and ``AlreadyReported``. The audit row holds the reason, never the text.
    """
    text = text.strip()
    _check_report(reason, text)
    try:
        with transaction.atomic():
            report = QuestionReport.objects.create(version=version, person=by, reason=reason, text=text, reported_at=at)
    except IntegrityError as error:
        raise AlreadyReported(_("You have reported this question already. You will see the answer here.")) from error
    question = version.question
    if question.live:
        doubt = Recheck(question=question, reason=RecheckReason.REPORTED, asked_at=at)
        # Somebody else may have reported it before; the constraint keeps one row.
        Recheck.objects.bulk_create([doubt], ignore_conflicts=True)
    log(
        question,
        "question_bank.report_question",
        user=by,
        timestamp=at,
        data={"version": version.number, "reason": report.reason},
    )
    return report


@transaction.atomic
def settle_report(report: QuestionReport, *, verdict: str, answer: str, by: User, at: datetime) -> QuestionReport:
    """Answer a report. Refuses with ``ReportRefused``, and with ``AlreadySettled`` for the second of two people.

    A declined report that was the last open one about its question settles the re-check; one that was upheld leaves
    it open until the question is changed or retired.
    """
    answer = answer.strip()
    _check_answer(verdict, answer)
    open_one = QuestionReport.objects.open().filter(pk=report.pk)
    if not open_one.update(verdict=verdict, answer=answer, settled_by=by, settled_at=at):
        raise AlreadySettled(_("Somebody else has answered this report meanwhile."))
    report.refresh_from_db()
    question = report.version.question
    if verdict == ReportVerdict.DECLINED and not _doubted(question.pk):
        doubts = Recheck.objects.open().filter(question=question, reason=RecheckReason.REPORTED)
        doubts.update(settled_at=at, settled_by=by, outcome=RecheckOutcome.CONFIRMED)
    data = {"version": report.version.number, "verdict": report.verdict}
    log(question, "question_bank.settle_report", user=by, timestamp=at, data=data)
    return report


def listed_reports() -> QuerySet[QuestionReport]:
    """The open ones first, the oldest of them first; then those that were settled last."""
    rows = QuestionReport.objects.select_related("version__question__topic", "version__topic", "settled_by")
    return rows.order_by(F("settled_at").desc(nulls_first=True), "reported_at", "pk")


def _check_report(reason: str, text: str) -> None:
    if reason not in ReportReason.values:
        raise ReportRefused(_("Say what is wrong with the question."))
    if len(text) > LONGEST_TEXT:
        raise ReportRefused(_("The text is too long: 500 characters at most."))
    if reason == ReportReason.OTHER and not text:
        raise ReportRefused(_("Say in a few words what is wrong."))


def _check_answer(verdict: str, answer: str) -> None:
    if verdict not in ReportVerdict.values:
        raise ReportRefused(_("Say what came of the report."))
    if not answer:
        raise ReportRefused(_("Answer in a sentence: the person who reported it reads this."))
    if len(answer) > LONGEST_TEXT:
        raise ReportRefused(_("The text is too long: 500 characters at most."))


def _doubted(question: int) -> bool:
    """Reports that are open, or were upheld while the question still says what it said."""
    reports = QuestionReport.objects.filter(version__question=question)
    upheld = reports.filter(verdict=ReportVerdict.UPHELD, version__current_for=question)
    return reports.open().exists() or upheld.exists()
