from datetime import UTC, datetime

from django.utils import timezone

from common import clock


def test_now_is_the_servers_moment_in_utc():
    before = datetime.now(UTC)

    now = clock.now()

    assert before <= now <= datetime.now(UTC)
    assert timezone.is_aware(now)
    assert now.tzinfo is UTC
