"""Files of a quarter, written in the background for who asked: private, cancelled at any time, gone after a week.

A worker takes a report with a lease, renews it at every chunk of rows and notices there whether the file is still
wanted and still its own to write. A report whose task was lost, or whose worker died, is handed on again; one that has
not been finished after an hour is given up, and can be asked for anew.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from tempfile import TemporaryFile

from django.core.files import File
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.log_actions import log

from common.clock import now
from common.refusals import NotAllowed, ReasonMissing, Refusal
from members.models import Division, User
from performance.domain.reporting.order import Order
from performance.domain.reporting.refusals import (
    FileGone,
    NobodyToReport,
    NothingComputed,
    ReportFinished,
    TooManyForPaper,
)
from performance.domain.reporting.scope import cards_of
from performance.domain.reporting.writing import FILE_TYPES, FiguresChanged, file_name, write
from performance.enums import ReportKind, ReportState
from performance.models import Computation, Quarter, Report
from performance.rules import may_report

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)
# A report that waits longer than this was lost by its queue.
PATIENCE = timedelta(minutes=2)
# How long a worker may be silent: after the last row, laying out two thousand pages takes it a minute or two.
LEASE = timedelta(minutes=5)
# One that was asked for so long ago and was left by its worker is not tried for ever: it may be what ends workers.
LONGEST = timedelta(hours=1)
# A PDF is laid out in memory, a page for each person, and an archive of 25,000 would be a gigabyte that keeps the
# worker from everybody else for a quarter of an hour: beyond this it is asked for township by township.
MOST_ON_PAPER = 2_000
ON_PAPER = frozenset({ReportKind.SHEETS, ReportKind.SCORECARDS, ReportKind.SCORECARDS_ZIP})


class ReportStopped(Exception):
    """Nobody wants this file any more."""


# -- asking for it ---------------------------------------------------------------------------------


@transaction.atomic
def ask_report(
    quarter: Quarter, kind: ReportKind | str, *, division: Division, reason: str, by: User, at: datetime
) -> Report:
    """Order a file of the quarter as it is computed now, about the people of ``division``; it is written after commit.

    Raises NotAllowed, ReasonMissing, NothingComputed, NobodyToReport, TooManyForPaper.
    """
    if not may_report(by, quarter, division):
        raise NotAllowed(_("You may not take out the scores of this division."))
    if not reason.strip():
        raise ReasonMissing(_("Say what the file is for."))
    computation = _computation(quarter)
    kind = ReportKind(kind)
    report = Report.objects.create(
        computation=computation,
        kind=kind,
        division=division,
        reason=reason.strip()[:200],
        language=get_language() or "zh-hans",
        of=_people(computation, kind, division=division, by=by),
        asked_by=by,
        asked_at=at,
        expires_at=at + KEPT,
    )
    _note(report, "performance.ask_report", by=by, at=at, reason=report.reason, people=report.of)
    transaction.on_commit(lambda: write_in_background.enqueue(report.pk))
    return report


def _computation(quarter: Quarter) -> Computation:
    if quarter.computation is None:
        raise NothingComputed(_("This quarter has not been computed yet."))
    return quarter.computation


def _people(computation: Computation, kind: ReportKind, *, division: Division, by: User) -> int:
    people = cards_of(computation, division=division, by=by).count()
    if not people:
        raise NobodyToReport(_("Nobody of this division is appraised in this quarter."))
    if kind in ON_PAPER and people > MOST_ON_PAPER:
        text = _("These are %(count)s people; at most %(most)s are printed at once. Choose one township.")
        raise TooManyForPaper(text % {"count": people, "most": MOST_ON_PAPER})
    return people


def _note(report: Report, action: str, *, by: User, at: datetime, **facts: object) -> None:
    """Into the log of the quarter: who takes what out, and what for."""
    data = {"report": str(report.uuid), "kind": report.kind, "division": report.division.code, **facts}
    log(report.computation.quarter, action, user=by, timestamp=at, data=data)


# -- writing it ------------------------------------------------------------------------------------


@task(backend="background")
def write_in_background(report_id: int) -> None:
    """The worker's entry."""
    run_report(report_id, at=now())


def run_report(report_id: int, *, at: datetime) -> Report:
    """Write the file, or note why not. Safe to call again: a report is written once, by who takes it first."""
    report = _take(report_id, at=at)
    if report is None:
        return Report.objects.get(pk=report_id)
    try:
        with translation.override(report.language):
            _write(report, at=at)
    except ReportStopped:
        logger.info("report %s is not wanted any more, or another worker has it", report_id)
    except (Refusal, FiguresChanged) as refusal:
        _give_up(report, str(refusal) or _("The figures changed while the file was written. Ask for it again."), at=at)
    except Exception:
        logger.exception("report %s failed", report_id)
        _give_up(report, _("An error on the server; it has been noted."), at=at)
    report.refresh_from_db()
    return report


def _take(report_id: int, *, at: datetime) -> Report | None:
    """The report with a lease of one's own; None where it is finished or somebody else writes it."""
    lease = at + LEASE
    free = Q(state=ReportState.WAITING) | _left_behind(at=at)
    taken = Report.objects.filter(free, pk=report_id)
    if not taken.update(state=ReportState.RUNNING, lease_until=lease, done=0):
        return None
    related = ("computation__quarter__division", "computation__scheme", "division", "asked_by")
    report = Report.objects.select_related(*related).get(pk=report_id)
    report.lease_until = lease
    return report


def _left_behind(*, at: datetime) -> Q:
    """Reports whose worker has been silent for too long. Without a lease: taken before there were any."""
    return Q(state=ReportState.RUNNING) & (Q(lease_until=None) | Q(lease_until__lt=at))


def _write(report: Report, *, at: datetime) -> None:
    if not may_report(report.asked_by, report.computation.quarter, report.division):
        # A role may have ended while the report waited.
        raise NotAllowed(_("You may not take out the scores of this division."))
    order = Order(
        computation=report.computation,
        division=report.division,
        by=report.asked_by,
        at=report.asked_at,
        reason=report.reason,
        passed=_progress(report),
    )
    kind = ReportKind(report.kind)
    with TemporaryFile() as target:
        write(target, order, kind)
        target.seek(0)
        name = file_name(order, kind)
        report.file.save(f"{report.uuid}{FILE_TYPES[kind].extension}", File(target), save=False)
    if not _held(report).update(
        state=ReportState.DONE,
        done=report.of,
        file=report.file.name,
        file_name=name[-200:],
        finished_at=at,
        lease_until=None,
    ):
        report.file.delete(save=False)
        raise ReportStopped


def _held(report: Report) -> QuerySet[Report]:
    """The row, as long as it carries this worker's own lease: one that slept past it must not write any more."""
    return Report.objects.filter(pk=report.pk, state=ReportState.RUNNING, lease_until=report.lease_until)


def _progress(report: Report) -> Callable[[int], None]:
    """Told how many people more are written. Raises ReportStopped when it was cancelled, or taken over, meanwhile."""

    def passed(count: int) -> None:
        lease = now() + LEASE
        if not _held(report).update(done=F("done") + count, lease_until=lease):
            raise ReportStopped
        report.lease_until = lease

    return passed


def _give_up(report: Report, reason: str, *, at: datetime) -> None:
    _held(report).update(state=ReportState.FAILED, error=reason[:300], finished_at=at, lease_until=None)


# -- afterwards ------------------------------------------------------------------------------------


@transaction.atomic
def cancel_report(report: Report, *, by: User, at: datetime) -> None:
    """The writer notices at its next chunk. Raises NotAllowed, ReportFinished."""
    if report.asked_by_id != by.pk:
        raise NotAllowed(_("This file was asked for by somebody else."))
    cancelled = Report.objects.unfinished().filter(pk=report.pk)
    if not cancelled.update(state=ReportState.CANCELLED, finished_at=at):
        raise ReportFinished(_("This file is finished; there is nothing to cancel."))
    _note(report, "performance.cancel_report", by=by, at=at)


@transaction.atomic
def take_report(report: Report, *, by: User, at: datetime) -> File:
    """The file of a finished report, open, after it has been counted and written down. Raises NotAllowed, FileGone."""
    if report.asked_by_id != by.pk or not may_report(by, report.computation.quarter, report.division):
        raise NotAllowed(_("This file was asked for by somebody else."))
    if report.state != ReportState.DONE or not report.file or report.expires_at <= at:
        raise FileGone(_("This file is no longer there. Ask for it again."))
    try:
        report.file.open("rb")
    except FileNotFoundError as error:
        raise FileGone(_("This file is no longer there. Ask for it again.")) from error
    Report.objects.filter(pk=report.pk).update(downloads=F("downloads") + 1)
    _note(report, "performance.download_report", by=by, at=at, reason=report.reason, people=report.of)
    return report.file


def forget_expired(*, at: datetime) -> int:
    """Delete the files whose time is over; how many. That they were written stays on record."""
    expired = list(Report.objects.expired(at=at))
    for report in expired:
        report.file.delete(save=False)
        Report.objects.filter(pk=report.pk).update(file="")
    return len(expired)


def revive_reports(*, at: datetime) -> int:
    """Hand reports to the worker again whose task was lost or whose worker died; how many, with those given up."""
    left = Report.objects.filter(_left_behind(at=at))
    given_up = left.filter(asked_at__lt=at - LONGEST).update(
        state=ReportState.FAILED,
        error=_("The server stopped while it wrote. Ask for the file again."),
        finished_at=at,
        lease_until=None,
    )
    lost = Q(state=ReportState.WAITING, asked_at__lt=at - PATIENCE) | _left_behind(at=at)
    ids = list(Report.objects.filter(lost).values_list("pk", flat=True))
    for report_id in ids:
        write_in_background.enqueue(report_id)
    return len(ids) + given_up
