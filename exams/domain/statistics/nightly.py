"""Computing the figures every night, once, in the background."""

import logging
from datetime import datetime, time, timedelta

from django.core.cache import cache
from django.db.models import Min
from django.utils import timezone
from django_tasks import task

from common.clock import now
from exams.domain.statistics.computing import compute_statistics
from exams.domain.statistics.reading import countable
from exams.models import Exam, ItemStatistics

logger = logging.getLogger(__name__)

# Nobody sits a test then, and backups are usually done.
HOUR = time(3)


def order_nightly_statistics(*, at: datetime) -> bool:
    """Hand the night's computation to the worker if it is due; whoever asks again that day orders nothing."""
    night = last_night(at=at)
    if not _are_due(night, at=at):
        return False
    # Until the first rows are written the next tick would order it again.
    if not cache.add(f"exams.statistics.{night:%Y%m%d}", 1, timeout=int(timedelta(hours=6).total_seconds())):
        return False
    compute_in_background.enqueue()
    return True


def order_statistics_of(exam: Exam) -> None:
    """The figures of the questions of one exam, for somebody who does not want to wait for the night."""
    compute_in_background.enqueue(exam.pk)


def last_night(*, at: datetime) -> datetime:
    """The last time it was three in the morning."""
    here = timezone.localtime(at)
    tonight = timezone.make_aware(datetime.combine(here.date(), HOUR))
    return tonight if tonight <= at else timezone.make_aware(datetime.combine(here.date() - timedelta(days=1), HOUR))


def _are_due(night: datetime, *, at: datetime) -> bool:
    # The oldest row: the questions of one exam may have been computed since.
    oldest = ItemStatistics.objects.aggregate(at=Min("computed_at"))["at"]
    return oldest < night if oldest else countable(at=at).exists()


@task(backend="background")
def compute_in_background(exam_id: int | None = None) -> None:
    exam = Exam.objects.filter(pk=exam_id).first() if exam_id else None
    if exam_id and exam is None:
        return
    done = compute_statistics(at=now(), exam=exam)
    logger.info("figures of %s questions from %s papers, %s doubts", done.versions, done.papers, done.doubts)
