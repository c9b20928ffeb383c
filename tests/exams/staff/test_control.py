"""Running an exam from its page: drawn, published, watched, closed, released, sat again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from wagtail.models import ModelLogEntry

from exams.enums import ExamState, HandIn, PublicationState
from exams.models import Attempt, Candidate, Draw, Exam, Paper, Publication
from exams.staff.steps import state_in_words
from members.models import Division, User
from question_bank.models import Question
from tests.conftest import NOON, Clock
from tests.exams.staff.conftest import SMALL_PLAN
from tests.exams.staff.counting import queries_of
from tests.factories.exams import BlueprintFactory, ExamFactory, opened_attempt, published_exam, sat_attempt
from tests.factories.members import PostingFactory


@pytest.fixture
def raffle(clock: Clock, ana: User, dan: User, county: Division, cleo: User) -> Exam:
    """An exam of the county in preparation that draws one of Ana and Dan."""
    plan = BlueprintFactory.create(division=county, plan=SMALL_PLAN)
    return ExamFactory.create(division=county, created_by=cleo, blueprint=plan, audience="draw", draw_count=1)


def url(exam: Exam, name: str = "control") -> str:
    return reverse(f"exams_staff:{name}", args=[exam.uuid])


def logged(exam: Exam) -> list[str]:
    entries = ModelLogEntry.objects.filter(content_type__model="exam", object_id=str(exam.pk))
    return list(entries.order_by("timestamp", "pk").values_list("action", flat=True))


# -- drawing -----------------------------------------------------------------------------------


def test_exam_with_a_draw_asks_for_the_draw_first(office: Client, raffle: Exam) -> None:
    preparation = office.get(url(raffle)).context["preparation"]

    assert (preparation.needs_draw, preparation.is_ready, preparation.population) == (True, False, 2)


def test_people_are_drawn_and_shown_by_township(office: Client, raffle: Exam, cleo: User) -> None:
    response = office.post(url(raffle, "draw"), {"seed": "20260615"}, follow=True)

    draw = Draw.objects.get()
    preparation = response.context["preparation"]
    assert (draw.record["seed"], draw.drawn_by, len(draw.record["drawn"])) == ("20260615", cleo, 1)
    assert (preparation.draw, preparation.needs_draw, preparation.is_ready) == (draw, False, True)
    assert sum(count for _name, count in preparation.townships) == 1
    assert f"/draws/{draw.uuid}/" in response.content.decode()
    assert "20260615" in response.content.decode()
    assert logged(raffle) == ["exams.draw"]


def test_drawing_again_needs_a_reason(office: Client, raffle: Exam) -> None:
    office.post(url(raffle, "draw"), {})

    refused = office.post(url(raffle, "draw"), {"reason": " "})
    office.post(url(raffle, "draw"), {"reason": "一人调离"})

    assert list(refused.context["form"].errors) == ["reason"]
    assert list(Draw.objects.order_by("number").values_list("number", "reason")) == [(1, ""), (2, "一人调离")]


def test_plan_changed_after_the_draw_asks_for_another(office: Client, raffle: Exam) -> None:
    office.post(url(raffle, "draw"), {})
    Exam.objects.update(draw_count=2)

    preparation = office.get(url(raffle)).context["preparation"]

    assert (preparation.needs_draw, preparation.is_ready) == (True, False)


# -- publishing ----------------------------------------------------------------------------------


def test_what_will_be_done_is_said_before_it_is_done(office: Client, draft: Exam) -> None:
    response = office.get(url(draft, "publish"))

    assert "1" in response.context["explanation"][0]
    assert (Exam.objects.get().state, Paper.objects.count()) == (ExamState.DRAFT, 0)


def test_published_exam_has_a_paper_for_everybody(
    office: Client, draft: Exam, ana: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = office.post(url(draft, "publish"))

    draft.refresh_from_db()
    assert response.url == url(draft)
    assert (draft.state, draft.total_points) == (ExamState.PUBLISHED, 100)
    assert [paper.candidate.person for paper in Paper.objects.all()] == [ana]
    assert logged(draft) == ["exams.publish"]


def test_progress_is_told_to_whoever_waits(office: Client, draft: Exam) -> None:
    office.post(url(draft, "publish"))
    Publication.objects.update(done=7, total=312)

    page, answer = office.get(url(draft)), office.get(url(draft, "progress"))

    assert answer.json() == {"state": "publishing", "done": 7, "total": 312}
    assert url(draft, "progress") in page.content.decode()
    assert '<meta http-equiv="refresh"' in page.content.decode()


def test_bank_that_became_too_small_is_said_on_the_page(office: Client, draft: Exam) -> None:
    Question.objects.update(live=False)

    page, refused = office.get(url(draft)), office.post(url(draft, "publish"))

    assert [check.is_met for check in page.context["preparation"].checks] == [True, False, True]
    assert refused.context["form"].non_field_errors()
    assert not Publication.objects.exists()


def test_publication_that_failed_is_explained(office: Client, draft: Exam, cleo: User) -> None:
    Publication.objects.create(
        exam=draft, state=PublicationState.FAILED, error="题库不够", requested_by=cleo, requested_at=NOON, seed="1"
    )

    assert office.get(url(draft)).context["failure"] == "题库不够"


# -- watching --------------------------------------------------------------------------------------


@pytest.fixture
def county_exam(clock: Clock, ana: User, dan: User) -> Exam:
    """Ana sits it, Dan has not come."""
    exam = published_exam(ana, dan, blueprint__plan=SMALL_PLAN)
    opened_attempt(exam, ana)
    return exam


def test_board_counts_by_township(office: Client, county_exam: Exam) -> None:
    board = office.get(url(county_exam, "board")).context["board"]

    assert [(row.name, row.expected, row.started, row.submitted, row.absent) for row in board.rows] == [
        ("青石镇", 1, 1, 0, 0),
        ("柳河镇", 1, 0, 0, 1),
    ]
    assert board.total == {"expected": 2, "started": 1, "submitted": 0, "absent": 1}


def test_those_who_have_not_come_are_named_when_asked_for(office: Client, county_exam: Exam, dan: User) -> None:
    User.objects.filter(pk=dan.pk).update(phone="13812341234")

    page = office.get(url(county_exam, "missing"))

    assert [candidate.person for candidate in page.context["object_list"]] == [dan]
    assert "138****1234" in page.content.decode()
    assert "13812341234" not in page.content.decode()


def more_people(exam: Exam, count: int) -> None:
    for posting in PostingFactory.create_batch(count):
        place = posting.team.division.code
        Candidate.objects.create(exam=exam, person=posting.person, team=posting.team, division_code=place)


@pytest.mark.once
@pytest.mark.parametrize("name", ["board", "missing", "control"])
def test_looking_costs_the_same_for_one_and_for_three(
    office: Client, county_exam: Exam, name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one = queries_of(lambda: office.get(url(county_exam, name)))
    more_people(county_exam, 2)

    with django_assert_num_queries(one):
        office.get(url(county_exam, name))


@pytest.mark.once
def test_board_is_lean(office: Client, county_exam: Exam) -> None:
    # Session, person, their language, permissions (two), roles, the exam; then two for the board.
    assert queries_of(lambda: office.get(url(county_exam, "board"))) == 9


def test_watching_does_not_keep_an_idle_session_awake(office: Client, clock: Clock, county_exam: Exam) -> None:
    office.get(url(county_exam))
    answers = []
    for _minute in range(11):
        clock.forward(minutes=1)
        answers.append(office.get(url(county_exam, "board")).status_code)

    assert answers[:10] == [200] * 10
    assert answers[10] != 200


@pytest.mark.once
def test_list_of_exams_costs_the_same_for_one_and_for_three(
    office: Client, county_exam: Exam, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("exams_staff:index")
    one = queries_of(lambda: office.get(address))
    ExamFactory.create_batch(2, blueprint=county_exam.blueprint)

    with django_assert_num_queries(one):
        office.get(address)


# -- afterwards --------------------------------------------------------------------------------------


def test_closing_says_how_many_still_sit_and_hands_their_papers_in(office: Client, county_exam: Exam) -> None:
    said = office.get(url(county_exam, "close")).context["explanation"]

    office.post(url(county_exam, "close"))

    county_exam.refresh_from_db()
    assert "1" in said[0]
    assert county_exam.state == ExamState.CLOSED
    assert [attempt.hand_in for attempt in Attempt.objects.all()] == [HandIn.OFFICE]
    assert logged(county_exam)[-1] == "exams.close"


def test_results_are_released_after_the_end_only(office: Client, county_exam: Exam) -> None:
    early = office.post(url(county_exam, "release"))
    office.post(url(county_exam, "close"))
    office.post(url(county_exam, "release"))

    county_exam.refresh_from_db()
    assert early.context["form"].non_field_errors()
    assert county_exam.released_at == NOON
    assert logged(county_exam)[-1] == "exams.release"


def test_retake_is_prepared_for_those_who_failed_or_did_not_come(
    office: Client, county_exam: Exam, ana: User, dan: User
) -> None:
    office.post(url(county_exam, "close"))
    wishes = {"title": "补测", "opens_at": "2026-06-20 09:00", "closes_at": "2026-06-20 18:00"}

    response = office.post(url(county_exam, "retake"), wishes | {"failed": "on", "absent": "on"})

    retake = county_exam.retakes.get()
    assert response.url == url(retake)
    assert (retake.title, retake.state, set(retake.audience_people.all())) == ("补测", ExamState.DRAFT, {ana, dan})


@pytest.mark.parametrize(
    ("changes", "at_field"),
    [({"closes_at": "2026-06-20 08:00"}, "closes_at"), ({"absent": ""}, "absent"), ({"title": ""}, "title")],
)
def test_retake_that_makes_no_sense_is_refused(office: Client, exam: Exam, changes: dict, at_field: str) -> None:
    wishes = {"title": "补测", "opens_at": "2026-06-20 09:00", "closes_at": "2026-06-20 18:00", "absent": "on"}

    response = office.post(url(exam, "retake"), wishes | changes)

    assert list(response.context["form"].errors) == [at_field]
    assert not exam.retakes.exists()


def test_next_step_follows_the_state(office: Client, clock: Clock, written_exam: Exam, ana: User, cleo: User) -> None:
    Exam.objects.update(release_rule="by_hand")

    def next_address() -> str | None:
        step = office.get(url(written_exam)).context["standing"].next
        return step and step.url

    running = next_address()
    attempt = sat_attempt(written_exam, ana)
    clock.forward(hours=7)
    office.logout()
    office.force_login(cleo)
    to_mark = next_address()
    attempt.pending_answers.all().delete()
    to_release = next_address()
    office.post(url(written_exam, "release"))
    released = next_address()

    names = ("marking", "release", "scores")
    assert [running, to_mark, to_release, released] == [None, *(url(written_exam, name) for name in names)]


def test_page_of_an_exam_closes_what_is_overdue(office: Client, clock: Clock, county_exam: Exam) -> None:
    clock.forward(hours=1)

    office.get(url(county_exam))

    assert [attempt.hand_in for attempt in Attempt.objects.all()] == [HandIn.TIME]


def test_state_is_said_by_the_clock_too(exam: Exam) -> None:
    moments = [exam.opens_at - timedelta(hours=1), NOON, exam.closes_at]

    words = {state_in_words(exam, at=moment) for moment in moments}

    assert len(words) == 3
