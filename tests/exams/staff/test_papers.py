"""Pen and paper in the staff interface."""

from datetime import timedelta

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from exams.domain.printing import print_papers
from exams.enums import HandIn, ReleaseRule
from exams.models import Attempt, Exam, Paper
from members.models import Division, User
from question_bank.enums import Kind
from tests.conftest import NOON, Clock
from tests.exams.staff.counting import queries_of
from tests.factories.exams import EVENING, opened_attempt, published_exam, right_answers, sat_attempt
from tests.support.pages import page_of

MIXED = (
    (Kind.SINGLE, 1, 20),
    (Kind.MULTIPLE, 1, 20),
    (Kind.TRUE_FALSE, 1, 20),
    (Kind.FILL, 1, 20),
    (Kind.SHORT, 1, 20),
)


@pytest.fixture
def mixed(clock: Clock, ana: User, dan: User, county: Division) -> Exam:
    """An exam of all five kinds that runs at noon and whose results the office releases."""
    return published_exam(ana, dan, blueprint__plan=MIXED, release_rule=ReleaseRule.BY_HAND)


def address(name: str, exam: Exam, *parts: str) -> str:
    return reverse(f"exams_staff:{name}", args=[exam.uuid, *parts])


def filled_in(exam: Exam, person: User, **change: str) -> dict[str, object]:
    """The form as somebody fills it in who has the right answers before them."""
    with_answers = opened_attempt(exam, person)
    fields: dict[str, object] = {"number": "1", "handed_in_at": "2026-06-15 11:30", "reason": "手机损坏"}
    for row in right_answers(with_answers):
        match row.answer:
            case {"options": options}:
                fields[f"q{row.number}"] = options
            case {"blanks": blanks}:
                fields |= {f"q{row.number}-{place}": text for place, text in enumerate(blanks, start=1)}
            case {"text": text}:
                fields[f"q{row.number}"] = text + "\r\n第二行"
    with_answers.delete()
    with_answers.candidate.attempts_used = 0
    with_answers.candidate.save()
    return fields | change


def test_paper_is_printed_for_one_and_for_all(office: Client, mixed: Exam, ana: User) -> None:
    counts = {}
    for code in (ana.code, ""):
        response = office.post(address("papers", mixed), {"code": code, "township": "", "reason": "停电"})
        document = pypdfium2.PdfDocument(b"".join(response.streaming_content))
        counts[code] = sum("第 1 页" in page.get_textpage().get_text_bounded() for page in document)
        document.close()

    assert counts == {"LX0001": 1, "": 2}
    assert (response["Content-Type"], "no-store" in response["Cache-Control"]) == ("application/pdf", True)


def test_what_cannot_be_printed_is_said(office: Client, mixed: Exam, clock: Clock) -> None:
    nobody = page_of(office.post(address("papers", mixed), {"code": "LX7777", "reason": "停电"}))
    no_reason = office.post(address("papers", mixed), {"code": "", "reason": ""})
    clock.forward(hours=7)
    office.force_login(mixed.created_by if mixed.created_by.is_staff else User.objects.get(username="cleo"))
    too_late = office.post(address("papers", mixed), {"code": "", "reason": "停电"})

    assert [bool(node.text) for node in nobody.all("p", _class="refusal")] == [True]
    assert [response.streaming for response in (no_reason, too_late)] == [False, False]


def test_entered_paper_is_handed_in_with_every_kind_of_answer(office: Client, mixed: Exam, ana: User) -> None:
    response = office.post(address("enter_paper", mixed, ana.code), filled_in(mixed, ana))

    attempt = Attempt.objects.get()
    assert response["Location"] == reverse("exams_attempts:attempt", args=[attempt.uuid])
    assert (attempt.hand_in, attempt.submitted_at, attempt.objective_score) == (
        HandIn.PAPER, NOON - timedelta(minutes=30), 80,
    )  # fmt: skip
    assert attempt.responses.get(number=5).answer == {"text": "我的回答\n第二行"}
    assert attempt.receipt in office.get(response["Location"]).content.decode()


def test_second_press_leads_to_the_same_attempt(office: Client, mixed: Exam, ana: User) -> None:
    form = filled_in(mixed, ana)

    first, again = (office.post(address("enter_paper", mixed, ana.code), form)["Location"] for _press in range(2))

    assert first == again
    assert Attempt.objects.count() == 1


def test_form_has_the_questions_of_the_printed_paper(office: Client, mixed: Exam, ana: User) -> None:
    page = page_of(office.get(address("enter_paper", mixed, ana.code)))
    print_papers(mixed, code=ana.code, reason="停电", by=User.objects.get(username="cleo"), at=NOON).close()

    places = Paper.objects.get(candidate__person=ana).rows()
    assert [node.attributes["data-question"] for node in page.all("section", _class="question")] == [
        str(item.number) for item in places
    ]


@pytest.mark.parametrize(
    "change", [{"reason": ""}, {"handed_in_at": "2026-06-14 11:30"}, {"handed_in_at": "gestern"}, {"q1": "nonsense"}]
)
def test_what_is_refused_keeps_what_was_typed(office: Client, mixed: Exam, ana: User, change: dict[str, str]) -> None:
    form = filled_in(mixed, ana, **change)

    response = office.post(address("enter_paper", mixed, ana.code), form)

    page = page_of(response)
    assert (response.status_code, Attempt.objects.count()) == (200, 0)
    assert "第二行" in page.all("textarea")[0].text
    assert page.all("p", _class="refusal") or page.all("div", _class="w-field__errors")


def test_who_sits_at_a_screen_is_not_entered(office: Client, mixed: Exam, ana: User, dan: User) -> None:
    opened_attempt(mixed, ana)
    sat_attempt(mixed, dan)

    pages = [page_of(office.get(address("enter_paper", mixed, person.code))) for person in (ana, dan)]
    refused = office.post(
        address("enter_paper", mixed, ana.code), {"number": "1", "handed_in_at": "2026-06-15 11:30", "reason": "x"}
    )

    assert [len(page.all("section", _class="question")) for page in pages] == [0, 0]
    assert (refused.status_code, Attempt.objects.count()) == (200, 2)


def test_staff_number_leads_to_the_form_or_is_said_to_be_unknown(office: Client, mixed: Exam, ana: User) -> None:
    found = office.get(address("find_paper", mixed), {"code": " LX0001 "})
    unknown = office.get(address("find_paper", mixed), {"code": "LX7777"})

    assert (found["Location"], unknown["Location"]) == (
        address("enter_paper", mixed, ana.code), address("papers", mixed),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "after", "shown"),
    [
        (ReleaseRule.BY_HAND, 0, True),
        (ReleaseRule.BY_HAND, 7, True),
        (ReleaseRule.BY_HAND, 6 + 72, False),
        (ReleaseRule.AFTER_CLOSE, 7, False),
    ],
)
def test_watch_page_leads_there_while_papers_are_taken(
    client: Client, clock: Clock, ana: User, cleo: User, rule: ReleaseRule, after: int, shown: bool
) -> None:
    exam = published_exam(ana, release_rule=rule)
    clock.forward(hours=after)
    client.force_login(cleo)

    links = page_of(client.get(address("control", exam))).links("main")

    assert (address("papers", exam) in links) == shown
    assert exam.closes_at == EVENING


@pytest.mark.once
def test_pages_cost_the_same_whoever_many_there_are(
    office: Client, clock: Clock, ana: User, dan: User, ben: User
) -> None:
    one, three = published_exam(ana), published_exam(ana, dan, ben)

    costs = [
        [
            queries_of(lambda url=url: office.get(url))
            for url in (address("papers", exam), address("enter_paper", exam, "LX0001"))
        ]
        for exam in (one, three)
    ]

    assert costs[0] == costs[1]
