"""Every page of ours in the staff interface: axe finds nothing serious at a desk, in light and dark."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from exams.domain.sitting import open_attempt
from exams.models import Exam, PendingAnswer
from members.domain.feedback import send_feedback
from members.enums import FeedbackKind, Role
from members.models import Division, User
from question_bank.models import Question
from tests.factories.exams import ExamFactory, candidate_of, sat_attempt
from tests.factories.members import give_role
from tests.journeys.conftest import ALL_KINDS, TWO_CHOICES, Device, OpenDevice, open_exam
from tests.members.rosters import row, uploaded
from tests.security.appraisal_places import appraisal_of, filled
from tests.security.training_places import training_of
from tests.support.axe import grave_violations

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]

OPTIONS = {"resultTypes": ["violations"], "preload": False}
# All else looks at structure, which the scheme does not change.
COLOURS = OPTIONS | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
OF_THE_APPRAISAL = (
    "/admin/quarters/",
    "/admin/quarters/<uuid:uuid>/",
    "/admin/quarters/<uuid:uuid>/dashboard/",
    "/admin/quarters/<uuid:uuid>/scorecards/",
    "/admin/quarters/<uuid:uuid>/scorecards/<uuid:card>/",
    "/admin/quarters/<uuid:uuid>/objections/<uuid:appeal>/",
    "/admin/quarters/<uuid:uuid>/reports/",
    "/admin/quarters/<uuid:uuid>/reports/new/",
    "/admin/schemes/<int:pk>/",
    "/admin/schemes/<int:pk>/compare/",
    "/admin/schemes/<int:pk>/indicators/<int:indicator>/",
    "/admin/ledger/",
    "/admin/ledger/<uuid:uuid>/",
    "/admin/ledger/new/<int:pk>/",
    "/admin/ratings/by-hand/",
    "/admin/ratings/files/new/",
)
OF_TRAINING = (
    "/admin/courses/",
    "/admin/courses/new/",
    "/admin/courses/<uuid:uuid>/",
    "/admin/courses/<uuid:uuid>/gaps/",
    "/admin/courses/<uuid:uuid>/cohort/",
    "/admin/courses/<uuid:uuid>/close/",
    "/admin/courses/<uuid:uuid>/exempt/",
    "/admin/courses/<uuid:uuid>/sessions/new/",
    "/admin/courses/<uuid:uuid>/sessions/<uuid:session>/repeat/",
    "/admin/courses/kinds/",
    "/admin/courses/lecturers/new/",
)
END_TRANSITIONS = (
    "document.getAnimations().filter(each => each instanceof CSSTransition).forEach(each => each.finish())"
)


@pytest.fixture
def of_exams(ana: User, dan: User, cleo: User, moment: datetime) -> dict[str, str]:
    """Every kind of page about exams and their questions."""
    county = cleo.role_assignments.get().division
    running = open_exam(ana, dan, at=moment, division=county, plan=ALL_KINDS)
    open_attempt(candidate_of(running, dan), at=moment)
    over = open_exam(ana, at=moment, division=county, plan=ALL_KINDS)
    attempt = sat_attempt(over, ana, at=moment - timedelta(minutes=20))
    draft = ExamFactory.create(
        division=county, people=[ana], created_by=cleo, blueprint__plan=TWO_CHOICES,
        opens_at=moment + timedelta(hours=1), closes_at=moment + timedelta(hours=2),
    )  # fmt: skip
    question = Question.objects.first()
    return {
        "first page": "/admin/",
        "exams": reverse("exams_staff:index"),
        "new exam": reverse("exams_staff:add"),
        "exam in preparation": of_exam("control", draft),
        "exam that runs": of_exam("control", running),
        "not arrived": of_exam("missing", running),
        "closing": of_exam("close", running),
        "pen and paper": of_exam("papers", running),
        "entering a paper": of_exam("enter_paper", running, "LX0001"),
        "scores of exams": reverse("exams_scores:index"),
        "scores": of_exam("scores", over),
        "export": of_exam("export", over),
        "attempt": reverse("exams_attempts:attempt", args=[attempt.uuid]),
        "marking": reverse("exams_marking:index"),
        "one answer": reverse("exams_marking:answer", args=[PendingAnswer.objects.get().pk]),
        "blueprints": reverse("blueprints:index"),
        "blueprint": reverse("blueprints:edit", args=[draft.blueprint_id]),
        "questions": "/admin/snippets/question_bank/question/",
        "question": f"/admin/snippets/question_bank/question/edit/{question.pk}/",
    }


@pytest.fixture
def of_people(ana: User, cleo: User, township: Division, moment: datetime) -> dict[str, str]:
    """Every kind of page about people, their appraisal and their training."""
    county = cleo.role_assignments.get().division
    roster = uploaded([row("LX0001"), row("LX7001", 人员类别="")], by=cleo, division=county)
    feedback = send_feedback(FeedbackKind.COMPLAINT, "考试页面打开很慢", page="/exams/", by=ana, at=moment)
    appraisal = appraisal_of(township, ana=ana, cleo=cleo)
    training = training_of(township, ana=ana, cleo=cleo, at=moment)
    User.objects.filter(pk=ana.pk).update(phone="13812341234")
    return {
        "people": reverse("people:index"),
        "person": reverse("people:inspect", args=[ana.pk]),
        "particulars": reverse("people:edit", args=[ana.pk]),
        "teams": reverse("teams:index"),
        "team": reverse("teams:edit", args=[ana.postings.get().team_id]),
        "rosters": reverse("rosters:index"),
        "bringing in a roster": reverse("rosters:add"),
        "dry run": reverse("rosters:inspect", args=[roster.pk]),
        "complaints and suggestions": reverse("feedback:index"),
        "one complaint": reverse("feedback:inspect", args=[feedback.pk]),
        "answering": reverse("feedback:edit", args=[feedback.pk]),
        **{address: filled(address, appraisal) for address in OF_THE_APPRAISAL},
        **{address: filled(address, training) for address in OF_TRAINING},
    }


def of_exam(name: str, exam: Exam, *parts: str) -> str:
    return reverse(f"exams_staff:{name}", args=[exam.uuid, *parts])


@pytest.mark.long
@pytest.mark.parametrize("about", ["of_exams", "of_people"])
def test_no_page_of_the_office_keeps_anybody_out(
    browse: OpenDevice, cleo: User, about: str, request: pytest.FixtureRequest
) -> None:
    """Two lots, for two browsers at the same time."""
    places = request.getfixturevalue(about)
    give_role(cleo, Role.TRAINER, cleo.role_assignments.get().division)

    found = list(faults_of(browse(cleo, desk=True), places))

    assert "\n".join(found) == ""


def faults_of(desk: Device, places: dict[str, str]) -> Iterator[str]:
    page = desk.open("/sign-in/")
    for name, path in places.items():
        response = page.goto(desk.address + path)
        if response is None or response.status != 200 or "/sign-in/" in page.url:
            yield f"{name}: not shown"
        page.wait_for_load_state("load")
        yield from faults_on(page, name)


def faults_on(page: Page, name: str) -> Iterator[str]:
    for scheme, options in (("light", OPTIONS), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        # A colour on its way from one scheme to the other is neither's.
        page.evaluate(END_TRANSITIONS)
        for violation in grave_violations(page, options):
            yield f"{name}, {scheme}: {violation['id']} {[node['target'] for node in violation['nodes']][:6]}"


def test_control_a_fault_is_found(browse: OpenDevice, cleo: User) -> None:
    page = browse(cleo, desk=True).open("/admin/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('afterbegin', '<input><p id=pale>浅色的字</p>')")
    page.evaluate("document.querySelector('#pale').style.cssText = 'color: #ccc; background: #fff'")

    found = {fault.split(": ")[1].split()[0] for fault in faults_on(page, "first")}

    assert found == {"label", "color-contrast"}
