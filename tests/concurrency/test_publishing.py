"""Two offices, two workers, two draws at the same moment."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from exams.domain import drawing, publishing
from exams.domain.drawing import draw_candidates
from exams.domain.publishing import PublicationLost, request_publication, run_publication
from exams.domain.refusals import ExamNotEditable, PublicationRunning, ReasonMissing
from exams.enums import Audience, ExamState, PublicationState
from exams.models import Draw, Exam, Paper, Publication
from members.models import User
from tests.factories.exams import MORNING, ExamFactory
from tests.factories.members import PostingFactory
from tests.support.races import Turn, at_once, pausing

pytestmark = pytest.mark.django_db(transaction=True)
needs_row_locks = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _nobody_works_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue keeps what it is given; each test says who works on it."""
    monkeypatch.setattr(type(publishing.publish_in_background), "enqueue", lambda *_args, **_kwargs: None)


@pytest.fixture
def exam(ana: User) -> Exam:
    team = ana.postings.get().team
    for _number in range(5):
        PostingFactory(team=team)
    return ExamFactory.create(blueprint__plan=(("single", 2, 5),))


def state_of(exam: Exam) -> tuple[str, int, int]:
    fresh = Exam.objects.get(pk=exam.pk)
    return fresh.state, fresh.candidates.count(), Paper.objects.filter(candidate__exam=exam).count()


# -- two publications -----------------------------------------------------------------------


def test_an_exam_is_handed_to_the_worker_once(exam: Exam, cleo: User) -> None:
    turns = at_once(*[lambda: request_publication(exam, by=cleo, at=MORNING)] * 3)

    errors = [type(turn.error) for turn in turns if turn.error]
    assert Publication.objects.count() == 1
    assert len(errors) == 2
    assert set(errors) <= {ExamNotEditable, PublicationRunning}


def unlock_exams(monkeypatch: pytest.MonkeyPatch) -> None:
    queryset = type(Exam.objects.all())
    monkeypatch.setattr(queryset, "select_for_update", lambda self, *_args, **_kwargs: self.all(), raising=False)


def request_twice(monkeypatch: pytest.MonkeyPatch, exam: Exam, cleo: User) -> list[Turn]:
    """The second asks while the first has checked everything and written nothing."""
    with pausing(monkeypatch, publishing, "require_feasible", after=True) as pause:
        first = Turn(lambda: request_publication(exam, by=cleo, at=MORNING)).start()
        pause.wait_until_reached()
        second = Turn(lambda: request_publication(exam, by=cleo, at=MORNING)).start()
        second.is_waiting  # noqa: B018 - gives it the time to overtake
        pause.go_on()
        return [first.finish(), second.finish()]


@needs_row_locks
def test_the_second_request_waits_and_finds_the_exam_taken(
    exam: Exam, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = request_twice(monkeypatch, exam, cleo)

    assert [type(turn.error) for turn in turns] == [type(None), ExamNotEditable]


@needs_row_locks
def test_without_the_lock_the_constraint_still_refuses_the_second(
    exam: Exam, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        type(Exam.objects.all()), "select_for_update", lambda self, *_a, **_k: self.all(), raising=False
    )

    turns = request_twice(monkeypatch, exam, cleo)

    assert sorted(str(type(turn.error).__name__) for turn in turns) == ["NoneType", "PublicationRunning"]
    assert Publication.objects.count() == 1


# -- two workers ----------------------------------------------------------------------------


def test_of_two_workers_one_makes_the_papers(exam: Exam, cleo: User) -> None:
    publication = request_publication(exam, by=cleo, at=MORNING)

    turns = at_once(*[lambda: run_publication(publication.pk, at=MORNING)] * 3)

    losers = [turn.error for turn in turns if turn.error]
    publication.refresh_from_db()
    assert all(isinstance(error, PublicationLost) for error in losers)
    assert (publication.state, publication.error) == (PublicationState.DONE, "")
    assert state_of(exam) == (ExamState.PUBLISHED, 6, 6)


def overtaking_workers(monkeypatch: pytest.MonkeyPatch, publication: Publication) -> list[Turn]:
    """A worker stands still in the middle of its papers for longer than its lease; another takes over."""
    monkeypatch.setattr(publishing, "BATCH", 2)
    with pausing(monkeypatch, publishing, "_report", after=True) as pause:
        sleeper = Turn(lambda: run_publication(publication.pk, at=MORNING)).start()
        pause.wait_until_reached()
        Publication.objects.filter(pk=publication.pk).update(lease_until=MORNING)
        second = Turn(lambda: run_publication(publication.pk, at=MORNING + timedelta(minutes=5))).start().finish()
        pause.go_on()
        return [sleeper.finish(), second]


def test_a_worker_that_was_overtaken_does_no_harm(exam: Exam, cleo: User, monkeypatch: pytest.MonkeyPatch) -> None:
    publication = request_publication(exam, by=cleo, at=MORNING)

    sleeper, second = overtaking_workers(monkeypatch, publication)

    publication.refresh_from_db()
    assert isinstance(sleeper.error, PublicationLost)
    assert second.error is None
    assert (publication.state, publication.error) == (PublicationState.DONE, "")
    assert state_of(exam) == (ExamState.PUBLISHED, 6, 6)


def test_control_without_looking_at_the_lease_it_spoils_the_others_work(
    exam: Exam, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_held", lambda publication: Publication.objects.filter(pk=publication.pk))
    publication = request_publication(exam, by=cleo, at=MORNING)

    overtaking_workers(monkeypatch, publication)

    publication.refresh_from_db()
    assert publication.state == PublicationState.FAILED


# -- two draws ------------------------------------------------------------------------------


@pytest.fixture
def to_draw(exam: Exam) -> Exam:
    Exam.objects.filter(pk=exam.pk).update(audience=Audience.DRAW, draw_count=2)
    return exam


def test_of_two_first_draws_one_must_say_why(to_draw: Exam, cleo: User) -> None:
    turns = at_once(*[lambda: draw_candidates(to_draw, by=cleo, at=MORNING)] * 3)

    assert sorted(type(turn.error).__name__ for turn in turns) == ["NoneType", "ReasonMissing", "ReasonMissing"]
    assert list(Draw.objects.values_list("number", flat=True)) == [1]


def draw_twice(monkeypatch: pytest.MonkeyPatch, exam: Exam, cleo: User) -> list[Turn]:
    """The second draws while the first has counted the draws before it and written nothing."""
    with pausing(monkeypatch, drawing, "_drawn_record") as pause:
        first = Turn(lambda: draw_candidates(exam, by=cleo, at=MORNING)).start()
        pause.wait_until_reached()
        second = Turn(lambda: draw_candidates(exam, by=cleo, at=MORNING)).start()
        second.is_waiting  # noqa: B018 - gives it the time to overtake
        pause.go_on()
        return [first.finish(), second.finish()]


@needs_row_locks
def test_the_second_draw_waits_for_the_first(to_draw: Exam, cleo: User, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = draw_twice(monkeypatch, to_draw, cleo)

    assert [type(turn.error) for turn in turns] == [type(None), ReasonMissing]


@needs_row_locks
def test_control_without_the_lock_both_draw_the_same_number(
    to_draw: Exam, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        type(Exam.objects.all()), "select_for_update", lambda self, *_a, **_k: self.all(), raising=False
    )

    turns = draw_twice(monkeypatch, to_draw, cleo)

    # The constraint on the number is the second guard.
    assert sorted(type(turn.error).__name__ for turn in turns) == ["IntegrityError", "NoneType"]


@needs_row_locks
def test_a_draw_and_a_publication_at_once_agree_on_who_sits(
    to_draw: Exam, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = draw_candidates(to_draw, by=cleo, at=MORNING)

    def publish_meanwhile() -> Any:
        return request_publication(to_draw, by=cleo, at=MORNING)

    with pausing(monkeypatch, drawing, "_drawn_record", after=True) as pause:
        again = Turn(lambda: draw_candidates(to_draw, by=cleo, at=MORNING, reason="again")).start()
        pause.wait_until_reached()
        publishing_turn = Turn(publish_meanwhile).start()
        waited = publishing_turn.is_waiting
        pause.go_on()
        again.finish()
        publication = publishing_turn.finish().result
    run_publication(publication.pk, at=MORNING)

    assert waited
    assert (again.error, publishing_turn.error) == (None, None)
    sitting = to_draw.candidates.values_list("person__code", flat=True)
    assert sorted(sitting) == sorted(again.result.record["drawn"])
    assert first.number == 1


def test_an_error_outside_a_race_is_still_an_error(exam: Exam, cleo: User) -> None:
    """The guard of the database, seen once without any race: one publication at a time."""
    request_publication(exam, by=cleo, at=MORNING)

    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(exam=exam, algorithm="x", seed="x", requested_by=cleo, requested_at=MORNING)
