"""What a timer does for exams."""

from common.clock import now
from common.timers import TimerCommand
from exams.domain.closing import close_overdue
from exams.domain.publishing import revive_publications
from exams.domain.repairing import revive_repairs
from exams.domain.statistics.nightly import order_nightly_statistics


class Command(TimerCommand):
    help = (
        "Close attempts whose time has ended, take up what a worker that died has left, and order "
        "the night's statistics. Safe to repeat."
    )

    def tend(self) -> None:
        closed, revived = close_overdue(at=now()), revive_publications(at=now())
        if repairs := revive_repairs(at=now()):
            self.stdout.write(f"took up {repairs} key repairs")
        if closed or revived:
            self.stdout.write(f"closed {closed} attempts, took up {revived} publications")
        if order_nightly_statistics(at=now()):
            self.stdout.write("ordered the statistics")
