"""What a timer does for quarters."""

from common.clock import now
from common.timers import TimerCommand
from performance.domain.reports import forget_expired, revive_reports


class Command(TimerCommand):
    help = "Delete files of quarters whose time is over and take up those that were lost. Safe to repeat."

    def tend(self) -> None:
        forgotten, revived = forget_expired(at=now()), revive_reports(at=now())
        if forgotten or revived:
            self.stdout.write(f"deleted {forgotten} files, took up {revived} reports")
