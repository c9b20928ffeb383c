"""What a timer does for training."""

from common.clock import now
from common.timers import TimerCommand
from courses.domain.attending import settle_overdue
from courses.domain.cohorts import follow_all
from courses.domain.reminding import remind_due, tell_placed


class Command(TimerCommand):
    help = (
        "Let open courses follow the roster, write down who did not come, place people in make-ups and remind them. "
        "Safe to repeat."
    )

    def tend(self) -> None:
        settled = settle_overdue(at=now())
        follow_all(at=now())
        told = tell_placed(at=now()) + remind_due(at=now())
        if settled or told:
            self.stdout.write(f"settled {settled} sessions, sent {told} messages")
