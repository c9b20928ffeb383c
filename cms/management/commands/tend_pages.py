"""What a timer does for pages."""

from django.core.management import call_command

from common.timers import TimerCommand


class Command(TimerCommand):
    help = "Publish pages whose time has come and take back those whose time is over. Safe to repeat."

    def tend(self) -> None:
        # Wagtail's own; what was approved goes live without anybody's further permission.
        call_command("publish_scheduled", stdout=self.stdout, stderr=self.stderr)
