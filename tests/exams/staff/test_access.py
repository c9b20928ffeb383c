"""Role by address: who is shown what in the staff interface, and who is not told that it exists."""

import pytest
from django.test import Client
from django.urls import reverse

from exams.models import Exam
from members.enums import Role
from members.models import Division, User
from tests.conftest import NOON, Clock
from tests.factories.exams import candidate_of, sat_attempt
from tests.factories.members import UserFactory, give_role

# As of the table of all addresses: roles are told apart by the same questions on either database.
pytestmark = pytest.mark.once
# How an answer is read: the page, a form that was taken, "there is no such thing", "you may not come in here".
SEEN, TAKEN, ABSENT, TURNED_AWAY = "seen", "taken", "absent", "turned away"
NOBODY, MEMBER, TRAINER, INSPECTOR, OUTSIDER, RIGHT = "nobody", "ana", "ben", "iris", "eve", "cleo"
EVERYBODY = (NOBODY, MEMBER, TRAINER, INSPECTOR, OUTSIDER, RIGHT)


def outcome(response) -> str:
    if response.streaming:
        # Read to its end a file closes itself.
        b"".join(response.streaming_content)
    if response.status_code == 302:
        away = response.url.startswith(("/admin/login/", "/sign-in/")) or response.url == "/admin/"
        return TURNED_AWAY if away else TAKEN
    return {200: SEEN, 404: ABSENT, 403: TURNED_AWAY}[response.status_code]


def outcomes(client: Client, people: dict, send) -> dict[str, str]:
    found = {}
    for name in EVERYBODY:
        client.logout()
        if name != NOBODY:
            client.force_login(people[name])
        found[name] = outcome(send())
    return found


def only(*allowed: str, absent: tuple[str, ...] = (OUTSIDER,), seen: str = SEEN) -> dict[str, str]:
    """Those in ``allowed`` see it, to those in ``absent`` it does not exist, everybody else stays outside."""
    return {name: seen if name in allowed else ABSENT if name in absent else TURNED_AWAY for name in EVERYBODY}


@pytest.fixture
def people(ana: User, ben: User, iris: User, eve: User, cleo: User) -> dict[str, User]:
    return {"ana": ana, "ben": ben, "iris": iris, "eve": eve, "cleo": cleo}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("exams_staff:index", only(RIGHT, OUTSIDER)),
        ("exams_staff:add", only(RIGHT, OUTSIDER)),
        ("blueprints:index", only(RIGHT, OUTSIDER)),
        ("blueprints:add", only(RIGHT, OUTSIDER)),
        ("exams_marking:index", only(RIGHT, OUTSIDER, TRAINER)),
        ("exams_scores:index", only(RIGHT, OUTSIDER, INSPECTOR)),
        ("wagtailadmin_home", only(RIGHT, OUTSIDER, TRAINER, INSPECTOR)),
    ],
)
def test_lists_are_for_roles(client: Client, clock: Clock, people: dict, name: str, expected: dict) -> None:
    found = outcomes(client, people, lambda: client.get(reverse(name)))

    assert found == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("control", only(RIGHT, absent=(MEMBER, TRAINER, INSPECTOR, OUTSIDER))),
        ("draw", only(RIGHT, absent=(MEMBER, TRAINER, INSPECTOR, OUTSIDER))),
        ("publish", only(RIGHT, absent=(MEMBER, TRAINER, INSPECTOR, OUTSIDER))),
    ],
)
def test_exam_in_preparation_is_for_its_administrators(
    client: Client, people: dict, draft: Exam, name: str, expected: dict
) -> None:
    address = reverse(f"exams_staff:{name}", args=[draft.uuid])

    found = outcomes(client, people, lambda: client.get(address))

    # A member has no business in /admin/ at all and is stopped before the exam is looked for.
    assert found == {**expected, MEMBER: TURNED_AWAY}


MANAGERS = only(RIGHT, absent=(TRAINER, INSPECTOR, OUTSIDER))
READERS = only(RIGHT, INSPECTOR, absent=(TRAINER, OUTSIDER))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("control", MANAGERS),
        ("board", MANAGERS),
        ("progress", MANAGERS),
        ("missing", MANAGERS),
        ("close", MANAGERS),
        ("release", MANAGERS),
        ("retake", MANAGERS),
        ("papers", MANAGERS),
        ("scores", READERS),
        ("scores_results", READERS),
        ("export", READERS),
    ],
)
def test_published_exam_is_for_its_office(client: Client, people: dict, exam: Exam, name: str, expected: dict) -> None:
    address = reverse(f"exams_staff:{name}", args=[exam.uuid])

    found = outcomes(client, people, lambda: client.get(address))

    assert found == expected


@pytest.mark.parametrize(
    ("namespace", "names"),
    [("exams_staff", ("edit", "delete", "history")), ("blueprints", ("edit", "delete", "history", "copy"))],
)
def test_what_wagtail_adds_is_bounded_too(
    client: Client, people: dict, draft: Exam, namespace: str, names: tuple[str, ...]
) -> None:
    pk = draft.pk if namespace == "exams_staff" else draft.blueprint_id
    found = {}
    for name in names:
        address = reverse(f"{namespace}:{name}", args=[pk])
        found[name] = outcomes(client, people, lambda address=address: client.get(address))

    expected = dict.fromkeys(names, MANAGERS)
    if namespace == "blueprints":
        # An exam rests on it, so nobody deletes it.
        expected |= {"delete": {**MANAGERS, RIGHT: TURNED_AWAY}, "copy": only(RIGHT)}
    assert found == expected


def test_paper_of_a_candidate_is_for_administrators(client: Client, people: dict, exam: Exam, ana: User) -> None:
    attempt = sat_attempt(exam, ana)
    paper = reverse("exams_attempts:attempt", args=[attempt.uuid])
    person = reverse("exams_staff:candidate", args=[exam.uuid, ana.code])

    assert outcomes(client, people, lambda: client.get(paper)) == MANAGERS
    assert outcomes(client, people, lambda: client.get(person)) == {**MANAGERS, RIGHT: TAKEN}


SENT = {
    "draw": {"seed": "1"},
    "publish": {},
    "close": {},
    "release": {},
    "retake": {"title": "补测", "opens_at": "2026-06-20 09:00", "closes_at": "2026-06-20 18:00", "absent": "on"},
    "export": {"format": "csv", "reason": "存档"},
}


@pytest.mark.parametrize("name", ["draw", "publish", "close", "release", "retake", "export"])
def test_deeds_are_refused_to_everybody_else(client: Client, people: dict, exam: Exam, name: str) -> None:
    address = reverse(f"exams_staff:{name}", args=[exam.uuid])
    others = {key: person for key, person in people.items() if key != RIGHT} | {RIGHT: people["eve"]}

    found = outcomes(client, others, lambda: client.post(address, SENT[name]))

    readers = (INSPECTOR,) if name == "export" else ()
    absent = tuple({TRAINER, INSPECTOR, OUTSIDER, RIGHT} - set(readers))
    assert found == only(*readers, absent=absent)
    exam.refresh_from_db()
    assert (exam.state, exam.released_at, Exam.objects.count()) == ("published", None, 1)


def test_papers_are_for_administrators(client: Client, people: dict, exam: Exam, ana: User) -> None:
    form = reverse("exams_staff:enter_paper", args=[exam.uuid, ana.code])
    search = reverse("exams_staff:find_paper", args=[exam.uuid])
    printing = reverse("exams_staff:papers", args=[exam.uuid])
    said = {"number": "1", "handed_in_at": "2026-06-15 11:30", "reason": "停电"}

    found = [
        outcomes(client, people, send)
        for send in (
            lambda: client.get(form),
            lambda: client.get(search, {"code": ana.code}),
            lambda: client.post(printing, {"code": "", "reason": "停电"}),
            lambda: client.post(form, said),
        )
    ]

    taken = {**MANAGERS, RIGHT: TAKEN}
    assert found == [MANAGERS, taken, MANAGERS, taken]
    assert candidate_of(exam, ana).attempts.count() == 1


def test_overruling_is_refused_to_everybody_else(client: Client, people: dict, exam: Exam, ana: User) -> None:
    attempt = sat_attempt(exam, ana)
    address = reverse("exams_attempts:overrule", args=[attempt.uuid, 1])
    others = {key: person for key, person in people.items() if key != RIGHT} | {RIGHT: people["eve"]}

    found = outcomes(client, others, lambda: client.post(address, {"points": "0", "reason": "x"}))

    assert found == only(absent=(TRAINER, INSPECTOR, OUTSIDER, RIGHT))
    assert attempt.marks.count() == 2


def test_marking_is_for_markers_of_the_division(client: Client, people: dict, written_exam: Exam, ana: User) -> None:
    sat_attempt(written_exam, ana)
    address = reverse("exams_staff:marking", args=[written_exam.uuid])

    found = outcomes(client, people, lambda: client.post(address))

    assert found == only(RIGHT, TRAINER, absent=(INSPECTOR, OUTSIDER), seen=TAKEN)


def test_marker_of_another_township_gets_no_answer(
    client: Client, written_exam: Exam, ana: User, other_township: Division
) -> None:
    stranger = give_role(UserFactory.create(), Role.TRAINER, other_township)
    sat_attempt(written_exam, ana)
    client.force_login(stranger)

    response = client.get(reverse("exams_marking:index"))

    assert list(response.context["exams"]) == []
    assert client.post(reverse("exams_staff:marking", args=[written_exam.uuid])).status_code == 404


@pytest.mark.parametrize("name", ["draw", "publish", "close", "release", "retake", "export", "marking", "papers"])
def test_no_deed_without_a_token_of_the_form(exam: Exam, cleo: User, name: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cleo)

    response = strict.post(reverse(f"exams_staff:{name}", args=[exam.uuid]), SENT.get(name, {}))

    assert response.status_code == 403


def test_no_paper_is_entered_without_a_token_of_the_form(exam: Exam, cleo: User, ana: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cleo)
    said = {"number": "1", "handed_in_at": "2026-06-15 11:30", "reason": "停电"}

    response = strict.post(reverse("exams_staff:enter_paper", args=[exam.uuid, ana.code]), said)

    assert (response.status_code, candidate_of(exam, ana).attempts_used) == (403, 0)


def test_no_overruling_without_a_token_of_the_form(exam: Exam, cleo: User, ana: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cleo)
    attempt = sat_attempt(exam, ana)

    response = strict.post(reverse("exams_attempts:overrule", args=[attempt.uuid, 1]), {"points": 0, "reason": "x"})

    assert response.status_code == 403
    assert candidate_of(exam, ana).score == 100


def test_lists_end_at_ones_division(client: Client, exam: Exam, eve: User, cleo: User) -> None:
    shown = {}
    for person in (cleo, eve):
        client.force_login(person)
        exams = client.get(reverse("exams_staff:index")).context["object_list"]
        blueprints = client.get(reverse("blueprints:index")).context["object_list"]
        scores = client.get(reverse("exams_scores:index")).context["exams"]
        shown[person.username] = [list(exams), [plan.title for plan in blueprints], list(scores)]

    assert shown == {"cleo": [[exam], [exam.blueprint.title], [exam]], "eve": [[], [], []]}
    assert exam.opens_at < NOON
