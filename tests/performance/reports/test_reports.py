"""Asking for files, and what becomes of them."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from wagtail.models import ModelLogEntry

from common.refusals import Refusal
from members.domain.roles import revoke_role
from members.models import Division, User
from performance.domain import reports
from performance.domain.reports import (
    ask_report,
    cancel_report,
    forget_expired,
    revive_reports,
    run_report,
    take_report,
)
from performance.enums import ReportKind, ReportState
from performance.models import Computation, Report
from tests.conftest import NOON, Clock
from tests.factories.scorecards import a_quarter

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(computation: Computation, county: Division, cleo: User) -> Callable[..., Report]:
    def asked(**wishes: Any) -> Report:
        values = {"division": county, "reason": "送组织部", "by": cleo, "at": NOON, **wishes}
        return ask_report(computation.quarter, values.pop("kind", ReportKind.CSV), **values)

    return asked


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refusal:
        call()
    return refusal.value.code


# -- asking ----------------------------------------------------------------------------------------


def test_a_report_waits_until_the_transaction_is_over_and_is_then_written(
    asked: Callable[..., Report], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        report = asked()
        assert (report.state, report.of, report.expires_at) == (ReportState.WAITING, 4, NOON + timedelta(days=7))

    report.refresh_from_db()
    assert (report.state, report.done, report.of, report.error) == (ReportState.DONE, 4, 4, "")
    assert report.file_name == "岚溪县2026年第3季度考核成绩.csv"


@pytest.mark.parametrize("kind", ReportKind.values)
def test_every_kind_of_file_can_be_written(asked: Callable[..., Report], kind: str) -> None:
    report = run_report(asked(kind=kind).pk, at=NOON)

    assert (report.state, report.done, report.error) == (ReportState.DONE, 4, "")
    with report.file.open("rb") as file:
        assert len(file.read()) > 200


def test_what_it_is_for_is_written_down(asked: Callable[..., Report], cleo: User) -> None:
    report = asked()

    entry = ModelLogEntry.objects.get(action="performance.ask_report")
    assert (entry.user, entry.timestamp) == (cleo, NOON)
    assert entry.data == {
        "report": str(report.uuid),
        "kind": "csv",
        "division": "530999000000",
        "reason": "送组织部",
        "people": 4,
    }


def test_a_report_needs_a_reason_people_and_figures(
    asked: Callable[..., Report], another_county: Division, stranger: User, county: Division, cleo: User
) -> None:
    empty = Division.objects.create(code="530999103000", name="空镇")
    uncomputed = a_quarter(county, by=cleo, number=4)

    assert refused(lambda: asked(reason="  ")) == "reason_missing"
    assert refused(lambda: asked(division=empty)) == "nobody_to_report"
    ask: Any = {"division": county, "reason": "x", "by": cleo, "at": NOON}
    assert refused(lambda: ask_report(uncomputed, ReportKind.CSV, **ask)) == "nothing_computed"
    assert not Report.objects.exists()


def test_only_divisions_that_lie_in_the_quarters_and_in_ones_own_can_be_taken_out(
    asked: Callable[..., Report],
    inspector: User,
    stranger: User,
    ana: User,
    ben: User,
    township: Division,
    other_township: Division,
    another_county: Division,
) -> None:
    assert asked(by=inspector, division=township).of == 3
    for person, division in [
        (inspector, None),
        (inspector, other_township),
        (stranger, None),
        (stranger, another_county),
        (ana, township),
        (ben, None),
    ]:
        wishes = {"by": person, **({"division": division} if division else {})}
        assert refused(lambda wishes=wishes: asked(**wishes)) == "permission_denied"


def test_too_many_for_paper_are_asked_for_by_township(
    asked: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "MOST_ON_PAPER", 3)

    for kind in (ReportKind.SHEETS, ReportKind.SCORECARDS, ReportKind.SCORECARDS_ZIP):
        assert refused(lambda kind=kind: asked(kind=kind)) == "too_many_for_paper"
    assert asked(kind=ReportKind.WORKBOOK).of == 4


# -- stopping, failing, being lost ------------------------------------------------------------------


def test_the_writer_notices_between_chunks_that_it_was_cancelled(
    asked: Callable[..., Report], cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = asked()
    progress = reports._progress

    def cancelled_after_a_chunk(report: Report) -> Callable[[int], None]:
        cancel_report(report, by=cleo, at=NOON)
        return progress(report)

    monkeypatch.setattr(reports, "_progress", cancelled_after_a_chunk)
    before = set(_stored())

    report = run_report(report.pk, at=NOON)

    assert (report.state, report.done, report.file.name) == (ReportState.CANCELLED, 0, "")
    assert set(_stored()) == before


def test_a_file_that_was_cancelled_at_the_last_moment_is_not_kept(
    asked: Callable[..., Report], cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = asked()
    name = reports.file_name

    def cancelled(order: Any, kind: Any) -> str:
        cancel_report(report, by=cleo, at=NOON)
        return name(order, kind)

    monkeypatch.setattr(reports, "file_name", cancelled)
    before = set(_stored())

    report = run_report(report.pk, at=NOON)

    assert (report.state, report.file.name) == (ReportState.CANCELLED, "")
    assert set(_stored()) == before


def _stored() -> list[str]:
    """Every file of a report that is in the storage."""
    found = []
    for year in _folders("reports"):
        for month in _folders(f"reports/{year}"):
            found += default_storage.listdir(f"reports/{year}/{month}")[1]
    return found


def _folders(path: str) -> list[str]:
    try:
        return list(default_storage.listdir(path)[0])
    except FileNotFoundError:
        return []


def test_what_waits_can_be_cancelled_and_what_is_finished_cannot(
    asked: Callable[..., Report], cleo: User, inspector: User
) -> None:
    report = asked()

    assert refused(lambda: cancel_report(report, by=inspector, at=NOON)) == "permission_denied"
    cancel_report(report, by=cleo, at=NOON)
    assert refused(lambda: cancel_report(report, by=cleo, at=NOON)) == "report_finished"
    assert run_report(report.pk, at=NOON).state == ReportState.CANCELLED


def test_a_failure_is_noted_in_words(asked: Callable[..., Report], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(reports, "write", broken)

    report = run_report(asked().pk, at=NOON)

    assert (report.state, report.finished_at) == (ReportState.FAILED, NOON)
    assert report.error == "服务器出错，已记录。"


def test_who_lost_the_role_meanwhile_gets_no_file(
    asked: Callable[..., Report], inspector: User, township: Division, cleo: User
) -> None:
    report = asked(by=inspector, division=township)
    revoke_role(inspector.role_assignments.get(), by=cleo, at=NOON)

    assert run_report(report.pk, at=NOON).state == ReportState.FAILED


def test_a_report_is_written_once(asked: Callable[..., Report], monkeypatch: pytest.MonkeyPatch) -> None:
    report = run_report(asked().pk, at=NOON)
    monkeypatch.setattr(reports, "write", lambda *args: pytest.fail("written again"))

    assert run_report(report.pk, at=NOON).file == report.file


def test_a_report_whose_task_was_lost_is_written_after_all(asked: Callable[..., Report]) -> None:
    lost, fresh = asked(), asked(at=NOON + timedelta(hours=2))

    assert revive_reports(at=NOON + timedelta(hours=2)) == 1

    states = [Report.objects.get(pk=report.pk).state for report in (lost, fresh)]
    assert states == [ReportState.DONE, ReportState.WAITING]


def test_a_report_whose_worker_died_is_written_by_another_when_its_lease_is_over(
    asked: Callable[..., Report], clock: Clock
) -> None:
    report = asked()
    Report.objects.filter(pk=report.pk).update(state=ReportState.RUNNING, done=2, lease_until=NOON + reports.LEASE)

    assert revive_reports(at=NOON + reports.LEASE) == 0
    clock.forward(minutes=6)
    assert revive_reports(at=NOON + timedelta(minutes=6)) == 1

    report.refresh_from_db()
    assert (report.state, report.done, report.lease_until) == (ReportState.DONE, 4, None)


def test_a_report_that_still_runs_is_taken_by_nobody_else(
    asked: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = asked()
    Report.objects.filter(pk=report.pk).update(state=ReportState.RUNNING, lease_until=NOON + reports.LEASE)
    monkeypatch.setattr(reports, "write", lambda *args: pytest.fail("written by two"))

    assert run_report(report.pk, at=NOON + timedelta(minutes=1)).state == ReportState.RUNNING


def test_a_worker_that_slept_past_its_lease_stops_and_spoils_nothing(
    asked: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = asked()
    name, others = reports.file_name, NOON + timedelta(minutes=30)

    def taken_over(order: Any, kind: Any) -> str:
        Report.objects.filter(pk=report.pk).update(lease_until=others)
        return name(order, kind)

    monkeypatch.setattr(reports, "file_name", taken_over)
    before = set(_stored())

    run_report(report.pk, at=NOON)

    report.refresh_from_db()
    assert (report.state, report.lease_until, report.file.name) == (ReportState.RUNNING, others, "")
    assert set(_stored()) == before


def test_every_chunk_renews_the_lease(
    asked: Callable[..., Report], monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    report, leases = asked(), []
    monkeypatch.setattr(reports, "write", lambda target, order, kind: leases.append(_lease_after(order, clock)))

    assert run_report(report.pk, at=NOON).state == ReportState.DONE

    assert leases == [NOON + timedelta(minutes=4) + reports.LEASE]


def _lease_after(order: Any, clock: Clock) -> Any:
    clock.forward(minutes=4)
    order.passed(1)
    return Report.objects.get().lease_until


def test_a_report_that_ends_its_workers_is_given_up_after_an_hour(asked: Callable[..., Report]) -> None:
    report = asked()
    Report.objects.filter(pk=report.pk).update(state=ReportState.RUNNING, lease_until=NOON + timedelta(minutes=50))

    assert revive_reports(at=NOON + timedelta(minutes=61)) == 1

    report.refresh_from_db()
    assert (report.state, report.error) == (ReportState.FAILED, "生成过程中断，请重新申请。")


# -- taking it out, letting it go --------------------------------------------------------------------


def test_a_download_is_counted_and_written_down(asked: Callable[..., Report], cleo: User) -> None:
    report = run_report(asked().pk, at=NOON)

    with take_report(report, by=cleo, at=NOON) as file:
        content = file.read()

    assert content.startswith(b"\xef\xbb\xbf")
    assert Report.objects.get().downloads == 1
    entry = ModelLogEntry.objects.get(action="performance.download_report")
    assert (entry.user, entry.data["reason"], entry.data["report"]) == (cleo, "送组织部", str(report.uuid))


def test_nobody_else_takes_it_out_and_neither_does_who_lost_the_role(
    asked: Callable[..., Report], inspector: User, township: Division, cleo: User
) -> None:
    report = run_report(asked(by=inspector, division=township).pk, at=NOON)

    assert refused(lambda: take_report(report, by=cleo, at=NOON)) == "permission_denied"
    revoke_role(inspector.role_assignments.get(), by=cleo, at=NOON)
    lately = User.objects.get(pk=inspector.pk)
    assert refused(lambda: take_report(report, by=lately, at=NOON)) == "permission_denied"


def test_after_seven_days_the_file_is_gone_and_the_row_stays(
    asked: Callable[..., Report], cleo: User, clock: Clock
) -> None:
    report = run_report(asked().pk, at=NOON)
    name = report.file.name
    week = NOON + timedelta(days=7)

    assert forget_expired(at=week - timedelta(seconds=1)) == 0
    assert refused(lambda: take_report(report, by=cleo, at=week)) == "file_gone"
    assert default_storage.exists(name)

    clock.forward(days=7)
    output = StringIO()
    call_command("tend_quarters", stdout=output)

    assert output.getvalue() == "deleted 1 files, took up 0 reports\n"
    assert not default_storage.exists(name)
    assert Report.objects.get().file_name == "岚溪县2026年第3季度考核成绩.csv"
