"""Publishing an exam: candidates and frozen papers for everybody, or for nobody.

The papers are written batch by batch in short transactions, so that 25,000 of them neither fill the
memory nor hold SQLite's only write lock while another exam runs. Nobody sees any of it until one last
transaction turns the exam over; what a failed or killed run left behind is removed before the next.
"""

import logging
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.log_actions import log

from common.clock import now
from common.refusals import Refusal
from exams.domain.assembling import Plan, assemble, plan_rows
from exams.domain.audience import eligible
from exams.domain.blueprints import Pooled, pool, require_feasible
from exams.domain.refusals import DrawMissing, ExamNotEditable, NobodyToExamine, NotAllowed, PublicationRunning
from exams.domain.selection import ALGORITHM
from exams.enums import Audience, ExamState, PublicationState
from exams.models import BlueprintRow, Candidate, Exam, ExamQuestion, Paper, Publication
from exams.rules import may_manage_exam
from members.domain.serving import Serving
from members.models import User
from question_bank.domain.asking import AskedVersion, versions_as_asked

logger = logging.getLogger(__name__)

BATCH = 500
LEASE = timedelta(minutes=2)
SEED_BYTES = 16
# A publication that waits longer than this was lost by its queue.
PATIENCE = timedelta(minutes=2)


class PublicationLost(Exception):
    """Another worker holds this publication now."""


# -- asking for it --------------------------------------------------------------------------


@transaction.atomic
def request_publication(exam: Exam, *, by: User, at: datetime) -> Publication:
    """Check that the exam can be published as it stands, and hand it to the worker.

    Raises NotAllowed, ExamNotEditable, PublicationRunning, DrawMissing, NobodyToExamine, BankTooSmall,
    AudienceOutsideDivision. After commit the work begins; ``Publication`` shows how far it is.
    """
    exam = (
        Exam.objects.select_for_update(of=("self",))
        .select_related("division", "audience_division", "blueprint")
        .get(pk=exam.pk)
    )
    if not may_manage_exam(by, exam):
        raise NotAllowed(_("This exam belongs to a division that is not yours."))
    if exam.state != ExamState.DRAFT:
        raise ExamNotEditable(_("This exam has been published already."))
    if exam.closes_at <= at:
        raise ExamNotEditable(_("The exam would be over before it begins. Change when it closes."))
    sitters = examined(exam, at=at)
    rows = _rows(exam)
    require_feasible(rows, _askable(exam))
    try:
        with transaction.atomic():
            publication = Publication.objects.create(
                exam=exam,
                algorithm=ALGORITHM,
                seed=secrets.token_hex(SEED_BYTES),
                total=len(sitters) * exam.attempts_allowed,
                requested_by=by,
                requested_at=at,
            )
    except IntegrityError as error:
        raise PublicationRunning(_("This exam is being published already.")) from error
    Exam.objects.filter(pk=exam.pk).update(state=ExamState.PUBLISHING)
    log(exam, "exams.publish", user=by, timestamp=at, data={"publication": str(publication.uuid)})
    transaction.on_commit(lambda: publish_in_background.enqueue(publication.pk))
    return publication


def examined(exam: Exam, *, at: datetime) -> list[Serving]:
    """Who would sit the exam if it were published now: the drawn for a draw, the whole audience otherwise.

    Raises DrawMissing, NobodyToExamine, AudienceOutsideDivision.
    """
    sitters = eligible(exam, at=at)
    if exam.audience == Audience.DRAW:
        draw = exam.draws.order_by("-number").first()
        if draw is None:
            raise DrawMissing(_("Draw the people first."))
        drawn = set(draw.record["drawn"])
        sitters = [sitter for sitter in sitters if sitter.code in drawn]
    if not sitters:
        raise NobodyToExamine(_("There is nobody to examine."))
    return sitters


def _rows(exam: Exam) -> list[BlueprintRow]:
    return list(exam.blueprint.rows.select_related("topic"))


def _askable(exam: Exam) -> list[Pooled]:
    """What holds during the whole window: an answer must not become wrong while some have yet to sit."""
    return pool(first=timezone.localdate(exam.opens_at), last=timezone.localdate(exam.closes_at))


# -- doing it -------------------------------------------------------------------------------


@task(backend="background")
def publish_in_background(publication_id: int) -> None:
    """The worker's entry."""
    try:
        run_publication(publication_id, at=now())
    except PublicationLost:
        logger.info("publication %s is with another worker", publication_id)


def run_publication(publication_id: int, *, at: datetime) -> Publication:
    """Make everybody's papers and turn the exam over. Safe to call again after any kind of death.

    A refusal or an error puts the exam back to draft with the reason in ``Publication.error``.
    Raises PublicationLost when another worker holds it.
    """
    publication = _take(publication_id, at=at)
    if publication.state == PublicationState.DONE:
        return publication
    try:
        _make_papers(publication, at=at)
    except PublicationLost:
        raise
    except Refusal as refusal:
        _give_up(publication, str(refusal))
    except Exception:
        logger.exception("publication %s failed", publication_id)
        _give_up(publication, _("An error on the server; it has been noted."))
    publication.refresh_from_db()
    return publication


def revive_publications(*, at: datetime) -> int:
    """Hand publications to the worker again whose worker died or whose task was lost; how many."""
    lost = Q(state=PublicationState.RUNNING, lease_until__lt=at) | Q(
        state=PublicationState.WAITING, requested_at__lt=at - PATIENCE
    )
    ids = list(Publication.objects.filter(lost).values_list("pk", flat=True))
    for publication_id in ids:
        publish_in_background.enqueue(publication_id)
    return len(ids)


def _take(publication_id: int, *, at: datetime) -> Publication:
    free = Q(state=PublicationState.WAITING) | Q(state=PublicationState.RUNNING, lease_until__lt=at)
    lease = at + LEASE
    taken = Publication.objects.filter(free, pk=publication_id).update(
        state=PublicationState.RUNNING, lease_until=lease, done=0
    )
    publication = Publication.objects.select_related(
        "exam__division", "exam__audience_division", "exam__blueprint"
    ).get(pk=publication_id)
    if taken:
        publication.lease_until = lease
    elif publication.state != PublicationState.DONE:
        raise PublicationLost
    return publication


def _held(publication: Publication) -> QuerySet[Publication]:
    """The row, as long as it carries this worker's own lease: one that slept past it must not write any more."""
    return Publication.objects.filter(
        pk=publication.pk, state=PublicationState.RUNNING, lease_until=publication.lease_until
    )


def _require_held(publication: Publication) -> None:
    """Called first in a transaction: until it ends nobody else can take the publication. Raises PublicationLost."""
    if not _held(publication).update(state=PublicationState.RUNNING):
        raise PublicationLost


def _make_papers(publication: Publication, *, at: datetime) -> None:
    exam = publication.exam
    with transaction.atomic():
        _require_held(publication)
        _clear(exam)
    questions = _askable(exam)
    rows = _rows(exam)
    require_feasible(rows, questions)
    sitters = examined(exam, at=at)
    bench = _Bench(
        publication,
        plans=plan_rows(rows, questions),
        faces=versions_as_asked(question.id for question in questions),
        at=at,
    )
    for start in range(0, len(sitters), BATCH):
        bench.write(sitters[start : start + BATCH])
        _report(publication, bench.done)
    _turn_over(publication, bench, rows, people=len(sitters), at=at)


@dataclass
class _Bench:
    """Where papers are made: what they share, and how often each question was used."""

    publication: Publication
    plans: Sequence[Plan]
    faces: Mapping[int, AskedVersion]
    at: datetime
    done: int = 0
    used: Counter[int] = field(default_factory=Counter)

    @transaction.atomic
    def write(self, sitters: Sequence[Serving]) -> None:
        _require_held(self.publication)
        exam = self.publication.exam
        met = _met_lately(exam, [sitter.person_id for sitter in sitters], at=self.at)
        candidates = Candidate.objects.bulk_create(_candidate(exam, sitter) for sitter in sitters)
        papers = [
            paper
            for candidate, sitter in zip(candidates, sitters, strict=True)
            for paper in self._papers(candidate, sitter, met[sitter.person_id])
        ]
        Paper.objects.bulk_create(papers)
        self.done += len(papers)

    def _papers(self, candidate: Candidate, sitter: Serving, met: dict[int, datetime]) -> Iterator[Paper]:
        exam = self.publication.exam
        for number in range(1, exam.attempts_allowed + 1):
            items = assemble(
                self.plans,
                self.faces,
                f"{self.publication.seed}/{sitter.code}/{number}",
                met,
                shuffle_questions=exam.shuffle_questions,
                shuffle_options=exam.shuffle_options,
            )
            versions = [item[0] for item in items]
            self.used.update(versions)
            # A second attempt asks what the first did not, as far as the bank reaches.
            met |= dict.fromkeys(versions, self.at)
            yield Paper(candidate=candidate, number=number, publication=self.publication, items=items)


def _candidate(exam: Exam, sitter: Serving) -> Candidate:
    return Candidate(
        exam=exam,
        person_id=sitter.person_id,
        team_id=sitter.team_id,
        division_code=sitter.division_code,
        role=sitter.role,
        staff_category=sitter.staff_category,
    )


def _met_lately(exam: Exam, people: Sequence[int], *, at: datetime) -> dict[int, dict[int, datetime]]:
    """For each person the versions they saw in an attempt of late, and when: one query a batch."""
    met: dict[int, dict[int, datetime]] = defaultdict(dict)
    if not exam.fresh_days:
        return met
    papers = Paper.objects.filter(
        candidate__person__in=people, attempt__opened_at__gte=at - timedelta(days=exam.fresh_days)
    )
    rows = papers.order_by("attempt__opened_at").values_list("candidate__person_id", "attempt__opened_at", "items")
    for person, opened_at, items in rows.iterator():
        met[person].update((item[0], opened_at) for item in items)
    return met


def _report(publication: Publication, done: int) -> None:
    """Show progress and renew the lease; a lease that was lost stops this run before it does harm."""
    lease = now() + LEASE
    if not _held(publication).update(done=done, lease_until=lease):
        raise PublicationLost
    publication.lease_until = lease


@transaction.atomic
def _turn_over(
    publication: Publication, bench: _Bench, rows: Sequence[BlueprintRow], *, people: int, at: datetime
) -> None:
    """The one moment in which an exam becomes visible, with every paper there or not at all."""
    exam = publication.exam
    papers = Paper.objects.filter(publication=publication, candidate__exam=exam).count()
    if papers != people * exam.attempts_allowed:
        raise PublicationLost
    ExamQuestion.objects.bulk_create(
        (ExamQuestion(exam=exam, version_id=version, papers=count) for version, count in bench.used.items()),
        batch_size=1000,
    )
    turned = Exam.objects.filter(pk=exam.pk, state=ExamState.PUBLISHING).update(
        state=ExamState.PUBLISHED,
        publication=publication,
        published_at=at,
        question_count=sum(row.count for row in rows),
        total_points=sum(row.count * row.points_each for row in rows),
    )
    finished = _held(publication).update(state=PublicationState.DONE, done=papers, total=papers, lease_until=None)
    if not (turned and finished):
        # Raised inside the transaction: nothing of this turn stays.
        raise PublicationLost


@transaction.atomic
def _give_up(publication: Publication, reason: str) -> None:
    if not _held(publication).update(state=PublicationState.FAILED, error=reason, done=0, lease_until=None):
        raise PublicationLost
    _clear(publication.exam)
    Exam.objects.filter(pk=publication.exam_id, state=ExamState.PUBLISHING).update(state=ExamState.DRAFT)


def _clear(exam: Exam) -> None:
    """Remove what an earlier run of this exam left; an exam that was published has nothing to clear."""
    leftovers = Candidate.objects.filter(exam=exam, exam__state=ExamState.PUBLISHING)
    Paper.objects.filter(candidate__in=leftovers).delete()
    leftovers.delete()
    ExamQuestion.objects.filter(exam=exam, exam__state=ExamState.PUBLISHING).delete()
