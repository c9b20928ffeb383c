import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import TestCase
from wagtail.models import ModelLogEntry

from exams.domain import publishing
from exams.domain.publishing import PublicationLost, request_publication, revive_publications, run_publication
from exams.domain.refusals import (
    BankTooSmall,
    DrawMissing,
    ExamNotEditable,
    NobodyToExamine,
    NotAllowed,
    PublicationRunning,
)
from exams.enums import Audience, ExamState, PublicationState
from exams.models import Candidate, Exam, ExamQuestion, Paper, Publication
from members.enums import Role
from members.models import Division, User
from question_bank.domain.publishing import retire_question
from question_bank.enums import Kind
from question_bank.models import Question, QuestionVersion
from tests.factories.exams import (
    EVENING,
    MORNING,
    NOON,
    BlueprintFactory,
    ExamFactory,
    candidate_of,
    opened_attempt,
    publish,
    published_exam,
    sat_attempt,
    stock_bank,
)
from tests.factories.members import PostingFactory, TeamFactory, UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, TopicFactory, published

pytestmark = pytest.mark.django_db

PLAN = ((Kind.SINGLE, 3, 2), (Kind.TRUE_FALSE, 2, 1))


@pytest.fixture
def people(ana: User) -> list[User]:
    """Seven members of one team, so that three batches of three are needed."""
    team = ana.postings.get().team
    return [ana, *(PostingFactory(team=team).person for _number in range(6))]


@pytest.fixture
def batches_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "BATCH", 3)


@pytest.fixture
def exam(people: list[User]) -> Exam:
    return ExamFactory.create(blueprint__plan=PLAN)


def versions_of(paper: Paper) -> list[int]:
    return [item.version_id for item in paper.rows()]


def state_of(exam: Exam) -> dict[str, Any]:
    """Everything a publication may leave behind."""
    exam = Exam.objects.get(pk=exam.pk)
    return {
        "state": exam.state,
        "candidates": exam.candidates.count(),
        "papers": Paper.objects.filter(candidate__exam=exam).count(),
        "questions": exam.questions.count(),
        "publication": exam.publication_id,
    }


NOTHING_LEFT = {"state": ExamState.DRAFT, "candidates": 0, "papers": 0, "questions": 0, "publication": None}


# -- when it goes well ----------------------------------------------------------------------


def test_everybody_gets_a_frozen_paper_that_meets_the_blueprint(
    exam: Exam, cleo: User, people: list[User], batches_of_three: None
) -> None:
    publication = request_publication(exam, by=cleo, at=MORNING)

    publication = run_publication(publication.pk, at=MORNING)

    exam.refresh_from_db()
    assert (publication.state, publication.done, publication.total, publication.error, publication.lease_until) == (
        PublicationState.DONE,
        7,
        7,
        "",
        None,
    )
    assert (exam.state, exam.publication, exam.published_at) == (ExamState.PUBLISHED, publication, MORNING)
    assert (exam.question_count, exam.total_points) == (5, 8)
    assert sorted(exam.candidates.values_list("person_id", flat=True)) == sorted(person.pk for person in people)
    kinds = dict(QuestionVersion.objects.values_list("pk", "kind"))
    for paper in Paper.objects.filter(candidate__exam=exam):
        items = paper.rows()
        assert [kinds[item.version_id] for item in items] == [Kind.SINGLE] * 3 + [Kind.TRUE_FALSE] * 2
        assert [item.points for item in items] == [2, 2, 2, 1, 1]
        assert len(set(versions_of(paper))) == 5


def test_a_candidate_keeps_the_post_of_the_day(exam: Exam, cleo: User, ana: User) -> None:
    publish(exam, by=cleo)

    candidate = candidate_of(exam, ana)
    posting = ana.postings.get()
    assert (candidate.team, candidate.division_code, candidate.role, candidate.staff_category) == (
        posting.team,
        "530999101201",
        posting.role,
        posting.staff_category,
    )
    assert (candidate.score, candidate.attempts_used) == (None, 0)


def test_the_exposure_of_every_question_is_counted(exam: Exam, cleo: User, batches_of_three: None) -> None:
    publish(exam, by=cleo)

    used = Counter(version for paper in Paper.objects.all() for version in versions_of(paper))
    assert dict(ExamQuestion.objects.filter(exam=exam).values_list("version_id", "papers")) == used


def test_publishing_is_logged(exam: Exam, cleo: User) -> None:
    publication = request_publication(exam, by=cleo, at=MORNING)

    entry = ModelLogEntry.objects.get(action="exams.publish")
    assert (entry.user, entry.timestamp, entry.data) == (cleo, MORNING, {"publication": str(publication.uuid)})


def test_the_worker_starts_by_itself_after_commit(exam: Exam, cleo: User, clock: Any) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        publication = request_publication(exam, by=cleo, at=MORNING)
        exam.refresh_from_db()
        assert exam.state == ExamState.PUBLISHING

    publication.refresh_from_db()
    exam.refresh_from_db()
    assert (publication.state, exam.state) == (PublicationState.DONE, ExamState.PUBLISHED)


def test_progress_can_be_read_while_papers_are_made(
    exam: Exam, cleo: User, batches_of_three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication = request_publication(exam, by=cleo, at=MORNING)
    seen = []
    report = publishing._report

    def watch(of: Publication, done: int) -> None:
        report(of, done)
        seen.append(Publication.objects.values_list("state", "done", "total").get(pk=of.pk))

    monkeypatch.setattr(publishing, "_report", watch)
    run_publication(publication.pk, at=MORNING)

    assert seen == [(PublicationState.RUNNING, done, 7) for done in (3, 6, 7)]


def test_nobody_sees_an_exam_before_the_last_paper_is_there(
    exam: Exam, cleo: User, ana: User, batches_of_three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication = request_publication(exam, by=cleo, at=MORNING)
    seen = []
    monkeypatch.setattr(
        publishing, "_report", lambda *_args: seen.append(Exam.objects.for_candidate(ana).filter(pk=exam.pk).exists())
    )

    run_publication(publication.pk, at=MORNING)

    assert seen == [False] * 3
    assert Exam.objects.for_candidate(ana).get() == exam


def test_a_second_attempt_asks_other_questions(cleo: User, ana: User) -> None:
    blueprint = BlueprintFactory.create(plan=PLAN)
    stock_bank(blueprint)
    exam = publish(ExamFactory.create(blueprint=blueprint, attempts_allowed=2, people=[ana]), by=cleo)

    first, second = (set(versions_of(paper)) for paper in Paper.objects.order_by("number"))

    assert first & second == set()
    assert exam.publication.total == 2


def test_questions_met_lately_come_last_in_the_next_exam(cleo: User, ana: User) -> None:
    blueprint = BlueprintFactory.create(plan=PLAN)
    stock_bank(blueprint)
    first = publish(ExamFactory.create(blueprint=blueprint, people=[ana]), by=cleo)
    opened_attempt(first, ana)

    second = publish(ExamFactory.create(blueprint=blueprint, people=[ana]), by=cleo, at=NOON)

    papers = [set(versions_of(Paper.objects.get(candidate=candidate_of(exam, ana)))) for exam in (first, second)]
    assert papers[0] & papers[1] == set()


def test_a_paper_that_was_never_opened_was_not_met(cleo: User, ana: User) -> None:
    first = published_exam(ana, by=cleo, blueprint__plan=PLAN)

    assert publishing._met_lately(first, [ana.pk], at=NOON) == {}


def test_questions_are_fresh_again_after_the_days_the_exam_says(cleo: User, ana: User) -> None:
    exam = published_exam(ana, by=cleo, fresh_days=30)
    attempt = opened_attempt(exam, ana)
    met = dict.fromkeys(versions_of(attempt.paper), NOON)

    assert publishing._met_lately(exam, [ana.pk], at=NOON + timedelta(days=30)) == {ana.pk: met}
    assert publishing._met_lately(exam, [ana.pk], at=NOON + timedelta(days=31)) == {}


def test_expired_and_unpublished_questions_are_never_asked(cleo: User, ben: User, people: list[User]) -> None:
    topic = TopicFactory.create(code="07")
    good, expired, retired = (published(QuestionFactory.create(topic=topic), by=ben) for _place in range(3))
    expired.valid_to = NOON.date() - timedelta(days=1)
    published(expired, by=ben)
    retire_question(retired, by=ben, at=MORNING)
    QuestionFactory.create(topic=topic)
    blueprint = BlueprintFactory.create(plan=((Kind.SINGLE, 1, 5),), topic=topic, bank=False)

    exam = publish(ExamFactory.create(blueprint=blueprint), by=cleo)

    good.refresh_from_db()
    assert list(exam.questions.values_list("version_id", "papers")) == [(good.current_version_id, 7)]


def test_a_paper_keeps_the_version_it_was_made_with(cleo: User, ana: User, ben: User) -> None:
    exam = published_exam(ana, by=cleo)
    paper = Paper.objects.get(candidate=candidate_of(exam, ana))
    before = versions_of(paper)
    question = Question.objects.get(current_version=before[0])
    question.stem = "换了说法？"
    published(question, by=ben)

    paper.refresh_from_db()
    assert versions_of(paper) == before
    assert question.current_version_id not in before


def test_the_same_seed_makes_the_same_papers(exam: Exam, cleo: User, batches_of_three: None) -> None:
    publication = request_publication(exam, by=cleo, at=MORNING)
    bench = publishing._make_papers
    made = []
    for _run in range(2):
        Publication.objects.filter(pk=publication.pk).update(state=PublicationState.WAITING)
        taken = publishing._take(publication.pk, at=MORNING)
        Exam.objects.filter(pk=exam.pk).update(state=ExamState.PUBLISHING)
        ExamQuestion.objects.all().delete()
        bench(taken, at=MORNING)
        made.append(list(Paper.objects.order_by("candidate__person__code").values_list("items", flat=True)))

    assert made[0] == made[1] != []


# -- what is refused before anything happens ------------------------------------------------


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TRAINER, Role.INSPECTOR, Role.AUDITOR])
def test_only_an_administrator_may_publish(exam: Exam, county: Division, role: Role) -> None:
    with pytest.raises(NotAllowed):
        request_publication(exam, by=give_role(UserFactory(), role, county), at=MORNING)

    assert state_of(exam) == NOTHING_LEFT


def test_an_administrator_of_a_township_may_not_publish_for_the_county(exam: Exam, township: Division) -> None:
    with pytest.raises(NotAllowed):
        request_publication(exam, by=give_role(UserFactory(), Role.ADMINISTRATOR, township), at=MORNING)


def test_an_exam_is_published_once(exam: Exam, cleo: User) -> None:
    publish(exam, by=cleo)
    before = state_of(exam)

    with pytest.raises(ExamNotEditable):
        request_publication(exam, by=cleo, at=NOON)
    assert state_of(exam) == before


@pytest.mark.parametrize("at", [EVENING, EVENING + timedelta(days=1)])
def test_an_exam_that_would_be_over_is_not_published(exam: Exam, cleo: User, at: Any) -> None:
    with pytest.raises(ExamNotEditable):
        request_publication(exam, by=cleo, at=at)


def test_a_draw_must_have_been_made(people: list[User], cleo: User) -> None:
    exam = ExamFactory.create(audience=Audience.DRAW, draw_count=2)

    with pytest.raises(DrawMissing):
        request_publication(exam, by=cleo, at=MORNING)


def test_somebody_must_be_examined(cleo: User) -> None:
    with pytest.raises(NobodyToExamine):
        request_publication(ExamFactory.create(), by=cleo, at=MORNING)


def test_the_bank_is_checked_again_when_an_exam_is_published(exam: Exam, cleo: User) -> None:
    retire_question(Question.objects.filter(kind=Kind.SINGLE).first(), by=cleo, at=MORNING)

    with pytest.raises(BankTooSmall) as refusal:
        request_publication(exam, by=cleo, at=MORNING)

    assert refusal.value.members == {"shortages": [{"row": 1, "needed": 3, "missing": 1}]}
    assert state_of(exam) == NOTHING_LEFT
    assert not Publication.objects.exists()


def test_a_second_publication_of_one_exam_is_refused_while_the_first_runs(exam: Exam, cleo: User) -> None:
    request_publication(exam, by=cleo, at=MORNING)
    Exam.objects.filter(pk=exam.pk).update(state=ExamState.DRAFT)

    with pytest.raises(PublicationRunning):
        request_publication(exam, by=cleo, at=MORNING)


# -- all or none ----------------------------------------------------------------------------


def fail_in_batch(number: int, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """The worker fails while it writes the ``number``-th batch, just after it was committed."""
    write = publishing._Bench.write
    calls = []

    def failing(self: Any, sitters: Any) -> None:
        write(self, sitters)
        calls.append(sitters)
        if len(calls) == number:
            raise error

    monkeypatch.setattr(publishing._Bench, "write", failing)


def test_an_error_in_the_middle_leaves_a_draft_and_says_so(
    exam: Exam, cleo: User, batches_of_three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    publication = request_publication(exam, by=cleo, at=MORNING)
    fail_in_batch(2, monkeypatch, RuntimeError("disk full"))

    publication = run_publication(publication.pk, at=MORNING)

    assert state_of(exam) == NOTHING_LEFT
    assert (publication.state, publication.done, publication.lease_until) == (PublicationState.FAILED, 0, None)
    assert publication.error
    assert "disk full" not in publication.error


def test_a_bank_that_shrank_since_the_request_is_told_to_the_office(exam: Exam, cleo: User) -> None:
    publication = request_publication(exam, by=cleo, at=MORNING)
    retire_question(Question.objects.filter(kind=Kind.SINGLE).first(), by=cleo, at=MORNING)

    publication = run_publication(publication.pk, at=MORNING)

    assert state_of(exam) == NOTHING_LEFT
    assert publication.state == PublicationState.FAILED
    with pytest.raises(BankTooSmall, match=re.escape(publication.error)):
        request_publication(exam, by=cleo, at=MORNING)


def test_after_a_failure_the_exam_can_be_published_again(
    exam: Exam, cleo: User, batches_of_three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        fail_in_batch(2, broken, RuntimeError("disk full"))
        run_publication(request_publication(exam, by=cleo, at=MORNING).pk, at=MORNING)

    publish(exam, by=cleo)

    assert state_of(exam) == {
        "state": ExamState.PUBLISHED,
        "candidates": 7,
        "papers": 7,
        "questions": 5,
        "publication": Publication.objects.get(state=PublicationState.DONE).pk,
    }


class Killed(BaseException):
    """The worker's process is gone: nothing after this line ran."""


def test_a_killed_worker_is_followed_by_another_when_its_lease_has_ended(
    exam: Exam, cleo: User, batches_of_three: None, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    publication = request_publication(exam, by=cleo, at=clock())
    with monkeypatch.context() as killed:
        fail_in_batch(2, killed, Killed())
        with pytest.raises(Killed):
            run_publication(publication.pk, at=clock())
    half_done = state_of(exam)

    clock.forward(seconds=119)
    too_early = revive_publications(at=clock())
    with pytest.raises(PublicationLost):
        run_publication(publication.pk, at=clock())
    clock.forward(seconds=2)
    in_time = revive_publications(at=clock())

    assert half_done["state"] == ExamState.PUBLISHING
    assert half_done["papers"] > 0
    assert (too_early, in_time) == (0, 1)
    assert state_of(exam) == {
        "state": ExamState.PUBLISHED,
        "candidates": 7,
        "papers": 7,
        "questions": 5,
        "publication": publication.pk,
    }


def test_a_publication_that_its_queue_lost_is_taken_up(exam: Exam, cleo: User, clock: Any) -> None:
    request_publication(exam, by=cleo, at=clock())

    clock.forward(seconds=119)
    too_early = revive_publications(at=clock())
    clock.forward(seconds=2)
    in_time = revive_publications(at=clock())

    assert (too_early, in_time) == (0, 1)
    assert state_of(exam)["state"] == ExamState.PUBLISHED


def test_nothing_is_revived_when_nothing_is_lost(exam: Exam, cleo: User, clock: Any) -> None:
    publish(exam, by=cleo)

    assert revive_publications(at=clock() + timedelta(days=1)) == 0


def test_running_a_finished_publication_again_changes_nothing(exam: Exam, cleo: User) -> None:
    publish(exam, by=cleo)
    before = (state_of(exam), list(Paper.objects.values_list("pk", "items")))

    publication = run_publication(exam.publication_id, at=NOON)

    assert publication.state == PublicationState.DONE
    assert (state_of(exam), list(Paper.objects.values_list("pk", "items"))) == before


def test_a_worker_that_slept_past_its_lease_does_no_harm_when_it_wakes(
    exam: Exam, cleo: User, batches_of_three: None, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    """It stands still between two batches; meanwhile another worker takes over and finishes."""
    publication = request_publication(exam, by=cleo, at=clock())
    write = publishing._Bench.write
    finished = []

    def sleeping(self: Any, sitters: Any) -> None:
        if not finished and self.done == 3:
            finished.append(True)
            clock.forward(seconds=200)
            run_publication(publication.pk, at=clock())
        write(self, sitters)

    monkeypatch.setattr(publishing._Bench, "write", sleeping)
    with pytest.raises(PublicationLost):
        run_publication(publication.pk, at=clock())

    publication.refresh_from_db()
    assert (publication.state, publication.error) == (PublicationState.DONE, "")
    assert state_of(exam)["state"] == ExamState.PUBLISHED
    assert state_of(exam)["papers"] == 7


def test_a_sleeper_that_wakes_while_the_other_works_leaves_its_work_alone(
    exam: Exam, cleo: User, batches_of_three: None, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    publication = request_publication(exam, by=cleo, at=clock())
    sleeper = publishing._take(publication.pk, at=clock())
    clock.forward(seconds=200)
    fail_in_batch(2, monkeypatch, Killed())
    with pytest.raises(Killed):
        run_publication(publication.pk, at=clock())
    before = (state_of(exam), Publication.objects.values().get(pk=publication.pk))

    for harm in (
        lambda: publishing._report(sleeper, 0),
        lambda: publishing._make_papers(sleeper, at=clock()),
        lambda: publishing._give_up(sleeper, "woke up"),
    ):
        with pytest.raises(PublicationLost):
            harm()

    assert before[0]["papers"] == 6
    assert (state_of(exam), Publication.objects.values().get(pk=publication.pk)) == before


def test_publishing_one_exam_leaves_the_papers_of_others_alone(exam: Exam, cleo: User, ana: User) -> None:
    other = published_exam(ana, by=cleo)
    attempt = sat_attempt(other, ana)
    before = state_of(other)

    publish(exam, by=cleo, at=NOON)

    attempt.refresh_from_db()
    assert state_of(other) == before
    assert attempt.score == 100


def test_a_team_gets_no_papers_of_another_division(cleo: User, township: Division, ana: User, dan: User) -> None:
    TeamFactory()

    exam = publish(ExamFactory.create(division=township), by=cleo)

    assert list(Candidate.objects.filter(exam=exam).values_list("person__code", flat=True)) == ["LX0001"]
