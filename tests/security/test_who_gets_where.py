"""Role × address: who gets an answer, who is sent to sign in, who is told that there is nothing."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from exams.domain.drawing import draw_candidates
from exams.enums import Audience, RepairKind
from exams.models import Exam, PendingAnswer
from members.domain.feedback import send_feedback
from members.enums import FeedbackKind, Role
from members.models import Division, RosterImport, User
from question_bank.domain.showing import shown_address
from question_bank.enums import BatchState
from question_bank.models import ImportBatch, Question
from tests.conftest import Clock, stopped_clock
from tests.factories.cms import a_handbook, an_entry, entry_of
from tests.factories.exams import (
    NOON,
    ROWS_WITH_SHORT_ANSWER,
    BlueprintFactory,
    ExamFactory,
    published_exam,
    sat_attempt,
)
from tests.factories.members import PASSWORD, UserFactory, give_role
from tests.factories.question_bank import FigureFactory
from tests.factories.repairs import asked_version, proposed
from tests.security.appraisal_places import APPRAISAL_TABLE, appraisal_of, filled
from tests.security.attendance_places import ATTENDANCE_TABLE, attendance_of
from tests.security.calendar_places import CALENDAR_TABLE, calendar_of
from tests.security.certificate_places import CERTIFICATE_TABLE, certificate_of
from tests.security.training_places import TRAINING_TABLE, training_of
from tests.security.training_report_places import REPORTS_TABLE, reports_of
from tests.support import cast as people

pytestmark = [pytest.mark.django_db, pytest.mark.once]

OUR_APPS = ("config", "members", "question_bank", "cms", "exams", "courses", "performance")
CAST = ("nobody", "ana", "dan", "ben", "cleo", "elsewhere", "inspector", "auditor")


def our_addresses() -> Iterator[str]:
    """Every address that leads to a view of ours."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                module = getattr(pattern.callback, "__module__", "")
                if module.split(".")[0] in OUR_APPS:
                    # Wagtail's own programs are addressed by expressions.
                    yield "/" + (prefix + str(pattern.pattern)).replace("^", "")

    yield from walk(get_resolver().url_patterns, "")


@pytest.fixture(scope="module", autouse=True)
def _cast(standing: None) -> dict[str, User | None]:
    """Ana sits the exam of 青石镇; ``elsewhere`` administers 柳河镇."""
    county, township, other_township = people.county(), people.township(), people.other_township()
    return {
        "nobody": None,
        "ana": people.ana(township),
        "dan": people.dan(other_township),
        "ben": people.ben(county),
        "cleo": people.cleo(county),
        "elsewhere": give_role(UserFactory(username="elsewhere"), Role.ADMINISTRATOR, other_township),
        "inspector": give_role(UserFactory(username="inspector"), Role.INSPECTOR, county),
        "auditor": give_role(UserFactory(username="auditor"), Role.AUDITOR, county),
    }


@pytest.fixture(scope="module", autouse=True)
def _places(_cast: dict[str, User | None]) -> dict[str, Any]:
    """What the parts of an address stand for: all of it belongs to 青石镇. Every test finds it as it was made."""
    with stopped_clock() as clock:
        clock.forward(hours=7)
        return places_of(people.township(), ana=_cast["ana"], cleo=_cast["cleo"])


@pytest.fixture
def cast(_cast: dict[str, User | None], db: None) -> dict[str, User | None]:
    return {name: person and User.objects.get(pk=person.pk) for name, person in _cast.items()}


@pytest.fixture
def places(_places: dict[str, Any], db: None, clock: Clock) -> dict[str, Any]:
    clock.forward(hours=7)
    return deepcopy(_places)


def places_of(township: Division, *, ana: User, cleo: User) -> dict[str, Any]:
    exam = published_exam(ana, by=cleo, division=township, blueprint__plan=ROWS_WITH_SHORT_ANSWER)
    attempt = sat_attempt(exam, ana, at=NOON)
    draft = ExamFactory.create(division=township, audience=Audience.DRAW, draw_count=1)
    draw = draw_candidates(draft, by=cleo, at=NOON)
    posting = ana.postings.get()
    roster = RosterImport.objects.create(
        division=township,
        file_name="x.csv",
        sha256="",
        rows=[],
        effective_on=NOON.date(),
        uploaded_by=cleo,
        uploaded_at=NOON,
    )
    batch = ImportBatch.objects.create(
        file_name="x.csv", content=b"x", sha256="", state=BatchState.READ, uploaded_by=cleo, uploaded_at=NOON
    )
    figure = FigureFactory.create()
    return {
        "appraisal": appraisal_of(township, ana=ana, cleo=cleo),
        "calendar": calendar_of(township, ana=ana),
        "training": training_of(township, ana=ana, cleo=cleo),
        "training reports": reports_of(township),
        "attendance": attendance_of(township, ana=ana),
        "certificates": certificate_of(township, ana=ana, cleo=cleo),
        "exam": exam,
        "batch": batch,
        "figure": figure.digest,
        "seal": shown_address(figure.digest, ana).split("/")[-2],
        "question-figures": figure.pk,
        "attempt": attempt,
        "repair": proposed(asked_version(exam), RepairKind.CREDIT_EVERYBODY, by=cleo),
        "repairs": asked_version(exam).pk,
        "draft": draft,
        "draw": draw,
        "assignment": ana.role_assignments.get().pk,
        "exams": draft.pk,
        "books": a_handbook(title="送审手册").pk,
        "entries": entry_of(a_handbook(an_entry())).pk,
        "blueprints": BlueprintFactory.create(division=township, bank=False).pk,
        "marking": PendingAnswer.objects.get().pk,
        "snippets": Question.objects.first().pk,
        "question-statistics": Question.objects.first().pk,
        "people": ana.pk,
        "postings": posting.pk,
        "teams": posting.team_id,
        "sending-units": posting.team.sending_unit_id,
        "divisions": township.pk,
        "rosters": roster.pk,
        "feedback": send_feedback(FeedbackKind.COMPLAINT, "安娜的意见", by=ana, at=NOON).pk,
    }


def shown(address: str, places: dict[str, Any]) -> str:
    """The address with its parts filled in: for every kind of thing one of 青石镇."""
    for kind in ("attendance", "calendar", "training reports", "certificates", "training", "appraisal"):
        address = filled(address, places[kind])
    room = address.split("/")[2] if address.startswith("/admin/") else ""
    thing = places["draft"] if address.endswith(("/draw/", "/publish/")) else places["exam"]
    parts = (
        ("attempts/<uuid", "attempt"),
        ("draws/<uuid", "draw"),
        ("question-files/<uuid", "batch"),
        ("repairs/<uuid", "repair"),
    )
    for part, found in ((part, places[name]) for part, name in parts):
        thing = found if part in address else thing
    address = address.replace("<uuid:uuid>", str(thing.uuid)).replace("<str:code>", "LX0001")
    address = address.replace("<int:number>", "1").replace("<int:assignment>", str(places["assignment"]))
    address = address.replace("<slug:digest>", places["figure"]).replace("<slug:seal>", places["seal"])
    address = address.replace("<str:pk>", str(places["question-figures"]))
    return address.replace("<int:pk>", str(places.get(room, 0)))


def said(response: Any) -> str:
    """How an answer is written in the table."""
    if response.streaming:
        # Read to its end a file closes itself.
        b"".join(response.streaming_content)
    where = response.headers.get("Location", "")
    if response.status_code == 302:
        return "s" if where.startswith(("/sign-in/", "/admin/login/")) else "b" if where in ("/admin/", "/") else ">"
    return {200: ".", 401: "u", 403: "x", 404: "-", 405: "m"}.get(response.status_code, str(response.status_code))


def client_of(person: User | None, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    if person:
        client.force_login(person)
    return client


# One sign for each of the cast, in this order:
#   nobody, Ana (sits the exam), Dan (another township), Ben (trainer), Cleo (administrator of the county),
#   an administrator of another township, an inspector and an auditor of the county
# . the page   s sent to sign in   b sent back to the first page   > sent on   - not found   x forbidden
# u not signed in (for programs)   m no such method: reached only by POST   p the same, and they may
TABLE = {
    "/healthz": "........",
    "/language/": "mmmmmmmm",
    "/text-size/": "mmmmmmmm",
    "/api/docs/": "........",
    "/api/v1/token/": "mmmmmmmm",
    "/api/v1/me/": "u.......",
    "/api/v1/exams/": "u.......",
    "/api/v1/exams/<uuid:uuid>/attempts/": "ummmmmmm",
    "/api/v1/exams/<uuid:uuid>/scores/": "ux--.-..",
    "/api/v1/attempts/<uuid:uuid>/": "u.------",
    "/api/v1/attempts/<uuid:uuid>/responses/": "mmmmmmmm",
    "/api/v1/attempts/<uuid:uuid>/leaves/": "mmmmmmmm",
    "/api/v1/attempts/<uuid:uuid>/submit/": "ummmmmmm",
    "/admin/snippets/question_bank/question/": "sss.....",
    "/admin/snippets/question_bank/question/results/": "sss.....",
    "/admin/snippets/question_bank/question/add/": "sss...bb",
    "/admin/snippets/question_bank/question/edit/<int:pk>/": "sss...bb",
    "/admin/snippets/question_bank/question/inspect/<int:pk>/": "sss.....",
    "/admin/snippets/question_bank/question/versions/<int:pk>/": "sss.....",
    "/admin/exams/": "sssb..bb",
    "/admin/exams/results/": "sssb..bb",
    "/admin/exams/new/": "sssb..bb",
    "/admin/exams/edit/<int:pk>/": "sss-.---",
    "/admin/exams/delete/<int:pk>/": "sss-b---",
    "/admin/exams/history/<int:pk>/": "sss-.---",
    "/admin/exams/history-results/<int:pk>/": "sss-.---",
    "/admin/exams/<uuid:uuid>/": "sss-.---",
    "/admin/exams/<uuid:uuid>/board/": "sss-.---",
    "/admin/exams/<uuid:uuid>/progress/": "sss-.---",
    "/admin/exams/<uuid:uuid>/missing/": "sss-.---",
    "/admin/exams/<uuid:uuid>/draw/": "sss-.---",
    "/admin/exams/<uuid:uuid>/publish/": "sss-.---",
    "/admin/exams/<uuid:uuid>/close/": "sss-.---",
    "/admin/exams/<uuid:uuid>/release/": "sss-.---",
    "/admin/exams/<uuid:uuid>/retake/": "sss-.---",
    "/admin/exams/<uuid:uuid>/marking/": "sss>>---",
    "/admin/exams/<uuid:uuid>/scores/": "sss-.-..",
    "/admin/exams/<uuid:uuid>/scores/results/": "sss-.-..",
    "/admin/exams/<uuid:uuid>/scores/export/": "sss-.-..",
    "/admin/exams/<uuid:uuid>/candidates/<str:code>/": "sss->---",
    "/admin/exams/<uuid:uuid>/papers/": "sss-.---",
    "/admin/exams/<uuid:uuid>/papers/find/": "sss->---",
    "/admin/exams/<uuid:uuid>/papers/<str:code>/": "sss-.---",
    "/admin/exams/<uuid:uuid>/statistics/": "sss-.-..",
    "/admin/exams/<uuid:uuid>/statistics/export/": "sss-.-..",
    "/admin/exams/<uuid:uuid>/statistics/compute/": "sss-.---",
    "/admin/question-statistics/<int:pk>/": "sss.....",
    "/admin/blueprints/": "sssb..bb",
    "/admin/blueprints/results/": "sssb..bb",
    "/admin/blueprints/edit/<int:pk>/": "sss-.---",
    "/admin/blueprints/delete/<int:pk>/": "sss-.---",
    "/admin/blueprints/history/<int:pk>/": "sss-.---",
    "/admin/blueprints/history-results/<int:pk>/": "sss-.---",
    "/admin/blueprints/copy/<int:pk>/": "sssb.-bb",
    "/admin/snippets/question_bank/question/review/<int:pk>/": "sss.....",
    "/admin/question-reports/": "sss.....",
    "/admin/question-filters/": "sss.....",
    "/admin/question-reports/<uuid:uuid>/settle/": "sssmmmbb",
    "/admin/marking/": "sss...bb",
    "/admin/marking/<int:pk>/": "sss>>>bb",
    "/admin/scores/": "sssb....",
    "/admin/repairs/": "sssb..bb",
    "/admin/repairs/propose/<int:pk>/": "sss-.---",
    "/admin/repairs/<uuid:uuid>/": "sss-.---",
    "/admin/repairs/<uuid:uuid>/approve/": "sss-m---",
    "/admin/repairs/<uuid:uuid>/decline/": "sss-m---",
    "/admin/repairs/<uuid:uuid>/withdraw/": "sss-m---",
    "/admin/attempts/<uuid:uuid>/": "sss-.---",
    "/admin/attempts/<uuid:uuid>/overrule/<int:number>/": "sss-m---",
    "/admin/people/": "sssb....",
    "/admin/people/results/": "sssb....",
    "/admin/people/new/": "sssb..bb",
    "/admin/people/edit/<int:pk>/": "sssb.-bb",
    "/admin/people/history/<int:pk>/": "sss-.-..",
    "/admin/people/history-results/<int:pk>/": "sss-.-..",
    "/admin/people/inspect/<int:pk>/": "sss-.-..",
    "/admin/people/grant/<int:pk>/": "sssmmmmm",
    "/admin/people/revoke/<int:pk>/<int:assignment>/": "sssmmmmm",
    "/admin/people/reset-password/<int:pk>/": "sss-.---",
    "/admin/people/deactivate/<int:pk>/": "sss-.---",
    "/admin/people/reactivate/<int:pk>/": "sss-.---",
    "/admin/teams/": "sssb....",
    "/admin/teams/results/": "sssb....",
    "/admin/teams/new/": "sssb..bb",
    "/admin/teams/edit/<int:pk>/": "sssb.-bb",
    "/admin/teams/history/<int:pk>/": "sss-.-..",
    "/admin/teams/history-results/<int:pk>/": "sss-.-..",
    "/admin/postings/": "sssb..b.",
    "/admin/postings/results/": "sssb..b.",
    "/admin/postings/new/": "sssb..bb",
    "/admin/postings/edit/<int:pk>/": "sssb.-bb",
    "/admin/postings/history/<int:pk>/": "sss-.--.",
    "/admin/postings/history-results/<int:pk>/": "sss-.--.",
    "/admin/rosters/": "sssb..b.",
    "/admin/rosters/results/": "sssb..b.",
    "/admin/rosters/inspect/<int:pk>/": "sss-.--.",
    "/admin/rosters/new/": "sssb..bb",
    "/admin/rosters/template/": "sssb..bb",
    "/admin/rosters/carry-out/<int:pk>/": "sssmmmmm",
    "/admin/rosters/passwords/<int:pk>/": "sssmmmmm",
    "/admin/sending-units/": "sssb..b.",
    "/admin/sending-units/results/": "sssb..b.",
    "/admin/sending-units/new/": "sssb..bb",
    "/admin/sending-units/edit/<int:pk>/": "sssb.-bb",
    "/admin/sending-units/history/<int:pk>/": "sss-..-.",
    "/admin/sending-units/history-results/<int:pk>/": "sss-..-.",
    "/admin/divisions/": "sssb....",
    "/admin/divisions/results/": "sssb....",
    "/admin/divisions/new/": "sssbbbbb",
    "/admin/divisions/edit/<int:pk>/": "sssbbbbb",
    "/admin/divisions/history/<int:pk>/": "sss-.-..",
    "/admin/divisions/history-results/<int:pk>/": "sss-.-..",
    "/admin/question-files/": "sss.....",
    "/admin/question-files/new/": "sss...bb",
    "/admin/question-files/template/": "sss...bb",
    "/admin/question-files/<uuid:uuid>/": "sss.....",
    "/admin/question-files/<uuid:uuid>/progress/": "sss.....",
    "/admin/question-files/<uuid:uuid>/columns/": "sss>>>>>",
    "/admin/question-files/<uuid:uuid>/again/": "sssmmmbb",
    "/admin/question-files/<uuid:uuid>/rows/": "sssmmmbb",
    "/admin/question-files/<uuid:uuid>/commit/": "sssmmmbb",
    "/admin/question-files/<uuid:uuid>/undo/": "sss...bb",
    "/admin/question-export/": "sss...bb",
    "/admin/api/main/documents/": "sss.....",
    "/admin/api/main/documents/<int:pk>/": "sss-----",
    "/admin/api/main/documents/find/": "sss-----",
    "/admin/api/main/images/": "sss.....",
    "/admin/api/main/images/<int:pk>/": "sss-----",
    "/admin/api/main/images/find/": "sss-----",
    "/admin/question-figures/": "sss...bb",
    "/admin/question-figures/results/": "sss...bb",
    "/admin/question-figures/chosen/<str:pk>/": "sss...bb",
    "/admin/question-figures/chosen-multiple/": "sss...bb",
    "/admin/question-figures/create/": "sss...bb",
    "/admin/handbook-import/": "sss...bb",
    "/admin/handbook-import/<uuid:uuid>/": "sss---bb",
    "/admin/handbook-import/<uuid:uuid>/carry-out/": "sssmmmbb",
    "/admin/entries/<int:pk>/checked/": "sss...bb",
    "/admin/books/<int:pk>/submit/": "sss...bb",
    "/admin/books/<int:pk>/approve/": "sss...bb",
    "/admin/question-coverage/": "sss.....",
    "/admin/question-coverage/file/": "sss.....",
    "/admin/question-rechecks/": "sss.....",
    "/admin/question-rechecks/confirm/": "sss...bb",
    "/admin/reading/": "sss.....",
    "/admin/feedback/": "sssb..b.",
    "/admin/feedback/results/": "sssb..b.",
    "/admin/feedback/edit/<int:pk>/": "sssb.-bb",
    "/admin/feedback/inspect/<int:pk>/": "sss-.--.",
    "/admin/feedback/history/<int:pk>/": "sss-.--.",
    "/admin/feedback/history-results/<int:pk>/": "sss-.--.",
    "/admin/snippets/question_bank/question/unpublish/<int:pk>/": "sssb..bb",
    "/admin/snippets/question_bank/question/workflow/action/<int:pk>/<slug:action_name>/<int:task_state_id>/": (
        "sss-----"
    ),
    "/sign-in/": ".bbbbbbb",
    "/sign-in/demo/": "mmmmmmmm",
    "/sign-out/": "mmmmmmmm",
    "/password/": "s.......",
    "/me/": "s.......",
    "/me/data/": "s.......",
    "/feedback/": "s.......",
    "/privacy/": "........",
    "/exams/": "s.......",
    "/exams/<uuid:uuid>/": "s.------",
    "/exams/<uuid:uuid>/start/": "smmmmmmm",
    "/attempts/<uuid:uuid>/": "s.------",
    "/attempts/<uuid:uuid>/report/<int:number>/": "smmmmmmm",
    "/draws/<uuid:uuid>/": "........",
    "/draws/<uuid:uuid>/record.json": "........",
    "/question-figures/<slug:digest>/": "u--.....",
    "/question-figures/<slug:digest>/<slug:seal>/": "u.-.....",
    "/": "s.......",
    "/search/": "s.......",
    "/reading/<int:pk>/": "smmmmmmm",
    "/handbooks/<int:pk>/pdf/": "s-------",
    "/handbooks/<int:pk>/page/": "s-------",
    "/service-worker.js": "........",
    "/offline/": "........",
    "/e/<int:pk>/": "s-------",
    "/e/<int:pk>/qr.svg": "s-------",
    "/documents/<int:pk>/<path:name>": "--------",
    "/media/<path:path>": "--------",
    **APPRAISAL_TABLE,
    **CALENDAR_TABLE,
    **TRAINING_TABLE,
    **ATTENDANCE_TABLE,
    **CERTIFICATE_TABLE,
    **REPORTS_TABLE,
}


def test_the_table_names_every_address_of_ours() -> None:
    assert sorted(our_addresses()) == sorted(TABLE)


def test_everybody_gets_what_the_table_says(cast: dict[str, User | None], places: dict[str, Any]) -> None:
    clients = {name: client_of(cast[name]) for name in CAST}

    answers = {address: "".join(said(clients[name].get(shown(address, places))) for name in CAST) for address in TABLE}

    assert answers == {address: row.replace("p", "m") for address, row in TABLE.items()}


def everything() -> dict[str, int]:
    """How many rows there are of everything that is ours, and what may be changed in place."""
    counts = {
        model.__name__: model.objects.count() for app in OUR_APPS[1:] for model in apps.get_app_config(app).get_models()
    }
    states = list(Exam.objects.order_by("pk").values_list("state", "released_at", "closed_at"))
    people = list(User.objects.order_by("pk").values_list("is_active", "password", "must_change_password"))
    return {**counts, "states": hash(str(states)), "people": hash(str(people))}


@pytest.mark.parametrize("name", ["nobody", "dan", "elsewhere", "ben", "inspector", "auditor"])
def test_whoever_may_not_change_a_thing_changes_nothing_by_sending(
    cast: dict[str, User | None], places: dict[str, Any], name: str
) -> None:
    """An empty form to every address about a thing of 青石镇 that is not open to them."""
    place = CAST.index(name)
    aimed = [address for address, row in TABLE.items() if "<" in address and row[place] not in ".>p"]
    client, before = client_of(cast[name]), everything()

    answers = {address: client.post(shown(address, places), {}).status_code for address in aimed}

    assert {address: status for address, status in answers.items() if status not in (302, 401, 403, 404, 405)} == {}
    assert everything() == before


def test_every_change_by_a_page_needs_the_csrf_token(cast: dict[str, User | None], places: dict[str, Any]) -> None:
    client, before = client_of(cast["cleo"], enforce_csrf_checks=True), everything()
    # Called with a password or by an open page's own right, which no other site can send.
    of_programs = {
        address for address in TABLE if address in ("/api/v1/token/", "/healthz") or "/responses/" in address
    }

    answers = {
        address: client.post(shown(address, places), "{}", content_type="application/json").status_code
        for address in TABLE
        if address not in of_programs
    }

    assert {address: status for address, status in answers.items() if status not in (403, 404, 405)} == {}
    assert everything() == before


@pytest.mark.parametrize("address", ["/admin/groups/", "/admin/settings/", "/admin/sites/", "/admin/collections/"])
def test_nobody_of_the_office_gets_at_the_machinery(cast: dict[str, User | None], address: str) -> None:
    answers = {name: said(client_of(cast[name]).get(address)) for name in CAST}

    assert set(answers.values()) <= {"s", "b", "-", "x"}


# -- enumeration ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/exams/{}/",
        "/attempts/{}/",
        "/admin/exams/{}/",
        "/admin/exams/{}/scores/",
        "/admin/exams/{}/statistics/",
        "/admin/attempts/{}/",
    ],
)
def test_what_is_somebody_elses_looks_exactly_like_what_does_not_exist(
    cast: dict[str, User | None], places: dict[str, Any], address: str
) -> None:
    thing = places["attempt"] if "attempts" in address else places["exam"]
    name = "elsewhere" if "admin" in address else "dan"
    client = client_of(cast[name])

    foreign = client.get(address.format(thing.uuid))
    absent = client.get(address.format("00000000-0000-4000-8000-000000000000"))

    assert foreign.status_code == absent.status_code == 404
    assert without_tokens(foreign) == without_tokens(absent)


def without_tokens(response: Any) -> str:
    """The page without what differs on every page: the CSRF token, and the address it was asked under."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", text)


def test_a_member_at_the_door_of_the_staff_interface_is_turned_away_once(ana: User) -> None:
    response = client_of(ana).get("/admin/", follow=True)

    assert response.status_code == 403
    assert len(response.redirect_chain) == 2


def test_a_member_who_signs_in_on_the_way_there_arrives_at_the_first_page(ana: User) -> None:
    response = Client().post("/sign-in/", {"username": "ana", "password": PASSWORD, "next": "/admin/exams/"})

    assert (response.status_code, response.headers["Location"]) == (302, "/")
