"""What a timer does for messages."""

from common.clock import now
from common.timers import TimerCommand
from members.domain.messages import PORTION, deliver_due

# Then the timer breathes: a flood of messages must not keep it from being stopped.
MOST_PORTIONS = 50


class Command(TimerCommand):
    help = "Send what waits to go out by e-mail and webhook, and try again what did not arrive. Safe to repeat."

    def tend(self) -> None:
        tried = 0
        for _portion in range(MOST_PORTIONS):
            # The time is asked anew: a copy's next try counts from when it is taken up.
            portion = deliver_due(at=now())
            tried += portion
            if portion < PORTION:
                break
        if tried:
            self.stdout.write(f"tried to deliver {tried} messages")
