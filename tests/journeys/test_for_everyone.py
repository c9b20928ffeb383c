"""Every page a member meets: axe finds nothing serious in light and dark at three text sizes; 360 px are enough."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import pytest
from playwright.sync_api import Page

from exams.domain.drawing import draw_candidates
from exams.domain.sitting import open_attempt
from exams.enums import Audience, ReleaseRule
from exams.models import Exam
from members.models import Division, User
from tests.factories.exams import ExamFactory, candidate_of, sat_attempt
from tests.journeys.conftest import TWO_CHOICES, Device, OpenDevice, open_exam
from tests.security.appraisal_places import appraisal_of, filled
from tests.security.training_places import training_of
from tests.support.axe import grave_violations

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]

LOOKS: tuple[tuple[str, Literal["light", "dark"]], ...] = (
    ("normal", "light"),
    ("normal", "dark"),
    ("large", "light"),
    ("xlarge", "dark"),
)
# axe's own second fetching of styles would ask for them where they are not.
ONCE = {"resultTypes": ["violations"], "preload": False}
# The others look at structure, which neither scheme nor size changes.
RULES_OF_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]


@pytest.fixture
def places(ana: User, cleo: User, exam: Exam, moment: datetime) -> dict[str, str]:
    """Every kind of page a member sees, by what it is."""
    county = cleo.role_assignments.get().division
    released = open_exam(ana, at=moment, division=county, plan=TWO_CHOICES, release_rule=ReleaseRule.AT_ONCE)
    waiting = open_exam(ana, at=moment, division=county)
    coming = open_exam(ana, at=moment + timedelta(days=2), division=county, plan=TWO_CHOICES)
    drawn = ExamFactory.create(
        division=county, audience=Audience.DRAW, draw_count=1, blueprint__plan=TWO_CHOICES,
        opens_at=moment, closes_at=moment + timedelta(hours=1),
    )  # fmt: skip
    draw = draw_candidates(drawn, by=cleo, at=moment)
    attempt, _created = open_attempt(candidate_of(exam, ana), at=moment)
    before = moment - timedelta(minutes=20)
    appraisal = appraisal_of(Division.objects.get(code="530999101000"), ana=ana, cleo=cleo)
    of_the_appraisal = ("/me/quarters/", "/me/quarters/<uuid:uuid>/", "/ledger/<uuid:uuid>/", "/verify/<str:key>/")
    training = training_of(Division.objects.get(code="530999101000"), ana=ana, cleo=cleo, at=moment)
    return {
        **{address: filled(address, appraisal) for address in of_the_appraisal},
        **{address: filled(address, training) for address in ("/courses/", "/courses/<uuid:uuid>/")},
        "home": "/",
        "my exams": "/exams/",
        "rules of a running test": f"/exams/{exam.uuid}/",
        "rules of a coming test": f"/exams/{coming.uuid}/",
        "rules of a test that was sat": f"/exams/{released.uuid}/",
        "question": f"/attempts/{attempt.uuid}/",
        "answer card as a page": f"/attempts/{attempt.uuid}/?card",
        "result": f"/attempts/{sat_attempt(released, ana, right=1, at=before).uuid}/?show=all",
        "receipt": f"/attempts/{sat_attempt(waiting, ana, at=before).uuid}/",
        "draw": f"/draws/{draw.uuid}/",
        "me": "/me/",
        "password": "/password/",
        "privacy": "/privacy/",
        "complaints and suggestions": "/feedback/?from=/exams/",
        "nothing there": "/exams/00000000-0000-0000-0000-000000000000/",
        "api": "/api/docs/",
    }


@pytest.mark.long
def test_no_page_of_a_member_keeps_anybody_out(browse: OpenDevice, ana: User, places: dict[str, str]) -> None:
    found = [
        *faults_of(browse(), {"sign-in": "/sign-in/"}),
        *faults_of(browse(ana, is_mobile=True, has_touch=True), places),
    ]

    assert found == []


def faults_of(phone: Device, places: dict[str, str]) -> Iterator[str]:
    page = phone.open("/sign-in/")
    for name, path in places.items():
        page.goto(phone.address + path)
        yield from faults_of_looks(page, name)
        if name == "question":
            for number in range(1, 6):
                page.goto(f"{phone.address}{path}#question-{number}")
                yield from faults_of_looks(page, f"question {number}")
            page.locator("[data-open-card]").click()
            yield from faults_of_looks(page, "answer card")


def faults_of_looks(page: Page, name: str) -> Iterator[str]:
    """The page as it is, in every scheme and every text size."""
    for size, scheme in LOOKS:
        page.evaluate("size => (document.documentElement.dataset.textSize = size)", size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield f"{name}, {size}: wider than the phone"
        options = ONCE if (size, scheme) == LOOKS[0] else ONCE | {"runOnly": {"type": "rule", "values": RULES_OF_LOOKS}}
        for violation in grave_violations(page, options):
            targets = [node["target"] for node in violation["nodes"]]
            yield f"{name}, {size}, {scheme}: {violation['id']} {targets}"
