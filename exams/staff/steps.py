"""How far an exam is, and the one thing to do next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.refusals import Refusal
from exams.domain.audience import drawn_lately, eligible
from exams.domain.blueprints import find_shortages, pool
from exams.domain.publishing import examined
from exams.enums import SETTLED_EXAM_STATES, Audience, ExamState, PublicationState, ReleaseRule
from exams.models import Attempt, Candidate, Draw, Exam, PendingAnswer
from members.domain.serving import Serving
from members.models import Division


def state_in_words(exam: Exam, *, at: datetime) -> str:
    """The state as a person would say it: by the clock as well."""
    if exam.state == ExamState.PUBLISHED:
        if at < exam.opens_at:
            return _("Published, not open yet")
        return _("In progress") if at < exam.closes_at else _("Over")
    return _("In preparation") if exam.state == ExamState.DRAFT else str(exam.get_state_display())


@dataclass(frozen=True)
class Check:
    """One condition for publishing: met or not, and what to do about it."""

    is_met: bool
    text: str


@dataclass
class Preparation:
    """What stands between an exam in preparation and its publication."""

    checks: list[Check]
    people: int
    papers: int
    population: int
    needs_draw: bool
    draw: Draw | None
    townships: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        return all(check.is_met for check in self.checks)


def preparation_of(exam: Exam, *, at: datetime) -> Preparation:
    """Everything the publication will check, looked at beforehand and said one by one."""
    is_draw = exam.audience == Audience.DRAW
    draw = exam.draws.order_by("-number").first() if is_draw else None
    checks, sitters, population = [_window_check(exam, at=at), _blueprint_check(exam)], [], 0
    if is_draw:
        checks.append(_draw_check(exam, draw))
    try:
        if is_draw:
            resting = drawn_lately(exam, at=at)
            population = sum(sitter.person_id not in resting for sitter in eligible(exam, at=at))
        if draw or not is_draw:
            sitters = examined(exam, at=at)
            checks.append(Check(True, _people_in_words(len(sitters))))
    except Refusal as refusal:
        checks.append(Check(False, str(refusal)))
    return Preparation(
        checks=checks,
        people=len(sitters),
        papers=len(sitters) * exam.attempts_allowed,
        population=population,
        needs_draw=is_draw and (draw is None or not fits_plan(exam, draw)),
        draw=draw,
        townships=count_by_township(sitters),
    )


def _people_in_words(count: int) -> str:
    return ngettext("%(count)s person will be examined.", "%(count)s people will be examined.", count) % {
        "count": count
    }


def _window_check(exam: Exam, *, at: datetime) -> Check:
    if exam.closes_at <= at:
        return Check(False, _("The exam would be over before it begins. Change when it closes."))
    return Check(True, _("The time of the exam lies ahead."))


def _blueprint_check(exam: Exam) -> Check:
    rows = list(exam.blueprint.rows.select_related("topic"))
    days = {"first": timezone.localdate(exam.opens_at), "last": timezone.localdate(exam.closes_at)}
    if shortages := find_shortages(rows, pool(**days)):
        return Check(False, " ".join(str(shortage) for shortage in shortages))
    return Check(True, _("The question bank meets the blueprint."))


def _draw_check(exam: Exam, draw: Draw | None) -> Check:
    if draw is None:
        return Check(False, _("The people have not been drawn yet."))
    if not fits_plan(exam, draw):
        return Check(False, _("The plan was changed after the draw. Draw the people again."))
    return Check(True, _("The people have been drawn, and anyone can check the draw."))


def fits_plan(exam: Exam, draw: Draw) -> bool:
    """Does the draw still do what the exam says? A change of division or role shows in who is left of the drawn."""
    record = draw.record
    if exam.draw_count and record["size"] != exam.draw_count:
        return False
    if exam.draw_percent and record["size"] != -(-exam.draw_percent * len(record["population"]) // 100):
        return False
    return bool(record["by_township"] == exam.draw_by_township)


def count_by_township(sitters: Sequence[Serving]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for sitter in sitters:
        counts[sitter.township_code] = counts.get(sitter.township_code, 0) + 1
    names = dict(Division.objects.filter(code__in=counts).values_list("code", "name"))
    return [(names.get(code, code), counts[code]) for code in sorted(counts)]


@dataclass(frozen=True)
class Step:
    """Something to do, where to do it, and what it is good for."""

    label: str
    url: str
    why: str = ""


@dataclass
class Standing:
    """An exam that has been published: figures, the next step, and what else can be done."""

    expected: int
    arrived: int
    sitting: int
    waiting: int
    next: Step | None = None
    others: list[Step] = field(default_factory=list)


def standing_of(exam: Exam, *, at: datetime) -> Standing:
    standing = Standing(
        expected=Candidate.objects.filter(exam=exam).count(),
        arrived=Candidate.objects.filter(exam=exam, attempts_used__gt=0).count(),
        sitting=Attempt.objects.open().filter(candidate__exam=exam, closes_at__gt=at).count(),
        waiting=PendingAnswer.objects.filter(attempt__candidate__exam=exam).count(),
    )
    if exam.is_over(at=at):
        standing.next, *standing.others = _steps_when_over(exam, standing, at=at)
    else:
        standing.others = _steps_before_the_end(exam, standing, at=at)
    return standing


def _steps_when_over(exam: Exam, standing: Standing, *, at: datetime) -> list[Step]:
    """What is left to do, the most urgent first."""
    steps = []
    if standing.waiting:
        steps.append(_marking_step(exam, standing.waiting))
    if not exam.results_are_out(at=at):
        why = _("Then everybody sees their score and the review.")
        steps.append(Step(_("Release the results"), _url(exam, "release"), why))
    why = _("By township and person, to be sorted and exported.")
    steps.append(Step(_("See the scores"), _url(exam, "scores"), why))
    if exam.takes_written_papers(at=at):
        steps.append(_paper_step(exam))
    why = _("How well it measured, and which questions to look at again.")
    steps.append(Step(_("See the statistics"), _url(exam, "statistics"), why))
    steps.append(Step(_("Plan a retake"), _url(exam, "retake"), _("For those who failed or did not come.")))
    return steps


def _steps_before_the_end(exam: Exam, standing: Standing, *, at: datetime) -> list[Step]:
    """While people may still sit it there is nothing to hurry to: one watches."""
    steps = [_marking_step(exam, standing.waiting)] if standing.waiting else []
    if at >= exam.opens_at:
        steps.append(Step(_("See the scores so far"), _url(exam, "scores")))
        steps.append(_paper_step(exam))
    return [*steps, Step(_("Close the exam"), _url(exam, "close"))]


def _paper_step(exam: Exam) -> Step:
    return Step(_("Pen and paper"), _url(exam, "papers"), _("Print papers, and enter what was written on them."))


def _marking_step(exam: Exam, count: int) -> Step:
    label = ngettext("Mark %(count)s short answer", "Mark %(count)s short answers", count) % {"count": count}
    return Step(label, _url(exam, "marking"), _("Results count once every answer is marked."))


def _url(exam: Exam, name: str) -> str:
    return reverse(f"exams_staff:{name}", args=[exam.uuid])


def last_failure(exam: Exam) -> str:
    """Why the last publication failed, while the exam is back in preparation."""
    publication = exam.publications.order_by("-requested_at").first()
    if exam.state != ExamState.DRAFT or publication is None or publication.state != PublicationState.FAILED:
        return ""
    return publication.error


def release_in_words(exam: Exam, *, at: datetime) -> str:
    if exam.results_are_out(at=at):
        return _("Results are out.")
    if exam.release_rule == ReleaseRule.BY_HAND:
        return _("Results are shown when you release them.")
    return _("Results are shown when the exam has closed.") if exam.state in SETTLED_EXAM_STATES else ""
