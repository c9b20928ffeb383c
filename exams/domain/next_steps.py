"""What exams ask of a person now, for the first page."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cms.domain.next_steps import Step
from exams.domain.reporting import Told, answered_reports
from exams.domain.standing import Place, Standing, places_of, result_since
from exams.domain.wording import moment, points, time_left
from exams.models import Exam, RepairOutcome
from exams.rules import may_see_result
from members.models import User

# A result stays among the next steps so long; afterwards it is found in the list of exams.
NEWS = timedelta(days=14)


def exam_steps(person: User, *, at: datetime) -> list[Step]:
    """A provider for :mod:`cms.domain.next_steps`."""
    places = places_of(person, at=at)
    steps = [_step(place, at=at) for place in places]
    return [*_repaired(person, at=at), *(step for step in steps if step)]


def _repaired(person: User, *, at: datetime) -> list[Step]:
    """Results that a repaired key has changed, until they were looked at. One query."""
    unseen = RepairOutcome.objects.of(person).unseen().select_related("attempt__candidate__exam")
    changed = {row.attempt: row for row in unseen.order_by("pk") if may_see_result(row.attempt, at=at)}
    return [
        Step(
            title=attempt.exam.title,
            detail=_change_in_words(outcome),
            url=reverse("attempt", args=[attempt.uuid]),
            action=_("See what changed"),
            headline=_("One of your results has changed"),
            weight=60,
        )
        for attempt, outcome in changed.items()
    ]


def _change_in_words(outcome: RepairOutcome) -> str:
    before, after = outcome.old_score, outcome.new_score
    if before is None or after is None or before == after:
        return _("A question was repaired")
    return _("A question was repaired: your score changed from %(before)s to %(after)s") % {
        "before": points(before),
        "after": points(after),
    }


def _step(place: Place, *, at: datetime) -> Step | None:
    match place.standing:
        case Standing.RUNNING:
            return _going_on(place, at=at)
        case Standing.OPEN:
            return _to_start(place, at=at)
        case Standing.COMING:
            return _coming(place)
        case Standing.RESULT:
            return _result(place, at=at)
    return None


def _going_on(place: Place, *, at: datetime) -> Step | None:
    attempt = place.running
    if attempt is None:
        return None
    return Step(
        title=place.exam.title,
        detail=_("%(left)s; your answers are saved") % {"left": time_left(attempt.closes_at, at=at)},
        url=reverse("attempt", args=[attempt.uuid]),
        action=_("Go on answering"),
        headline=_("A test is still running"),
        weight=100,
        due_at=attempt.closes_at,
    )


def _to_start(place: Place, *, at: datetime) -> Step:
    exam = place.exam
    closes = {"moment": moment(exam.closes_at), "left": time_left(exam.closes_at, at=at)}
    return Step(
        title=exam.title,
        detail=_("Until %(moment)s, %(left)s") % closes,
        url=_intro(exam),
        action=_("Read the rules and get ready"),
        headline=_("There is a test for you to take"),
        weight=80,
        due_at=exam.closes_at,
        facts=facts_of(exam),
    )


def _coming(place: Place) -> Step:
    exam = place.exam
    return Step(
        title=exam.title,
        detail=_("Begins %(moment)s") % {"moment": moment(exam.opens_at)},
        url=_intro(exam),
        action=_("Read the rules"),
        headline=_("A test begins soon"),
        weight=20,
        due_at=exam.opens_at,
        facts=facts_of(exam),
    )


def _result(place: Place, *, at: datetime) -> Step | None:
    since = result_since(place)
    if since is None or since + NEWS <= at:
        return None
    newest = place.ended[0]
    only = len(place.ended) == 1
    return Step(
        title=place.exam.title,
        detail=_("The result is out since %(moment)s") % {"moment": moment(since)},
        url=reverse("attempt", args=[newest.uuid]) if only else _intro(place.exam),
        action=_("See the result"),
        headline=_("A result is out"),
        weight=40,
    )


def facts_of(exam: Exam) -> tuple[tuple[str, str], ...]:
    """How long, how many questions, what to reach: the figures one wants before starting."""
    return (
        (pgettext("exam", "Time"), _("%(n)s min") % {"n": exam.minutes}),
        (pgettext("exam", "Questions"), pgettext("questions", "%(n)s") % {"n": exam.question_count}),
        (_("To pass"), _("%(n)s points") % {"n": points(exam.pass_points)}),
    )


def report_steps(person: User, *, at: datetime) -> list[Step]:
    """A provider for :mod:`cms.domain.next_steps`: what came of the questions this person reported."""
    return [_told(told) for told in answered_reports(person, at=at, within=NEWS)]


def _told(told: Told) -> Step:
    return Step(
        title=told.report.get_verdict_display(),
        detail=_("%(exam)s, question %(number)s") % {"exam": told.attempt.exam.title, "number": told.number},
        url=f"{reverse('attempt', args=[told.attempt.uuid])}?show=all#question-{told.number}",
        action=_("Read the answer"),
        headline=_("Your report on a question was answered"),
        weight=30,
    )


def _intro(exam: Exam) -> str:
    return reverse("exam_intro", args=[exam.uuid])
