"""The pages on which a key is repaired: what they show, who gets where, what they ask of the database."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exams.domain.repairing import approve_repair, carry_out
from exams.enums import RepairKind, RepairState
from exams.models import Exam, KeyRepair
from members.models import Division, User
from question_bank.domain.reporting import report_question
from question_bank.enums import Kind
from question_bank.models import QuestionVersion
from tests.conftest import Clock
from tests.exams.staff.counting import queries_of
from tests.factories.exams import NOON, published_exam
from tests.factories.members import UserFactory
from tests.factories.repairs import (
    AFTERWARDS,
    answered,
    asked_version,
    other_key,
    proposed,
    repaired,
    second_administrator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(exam: Exam, ana: User, clock: Clock) -> QuestionVersion:
    """A question to which Ana gave the answer that the wrong key calls wrong."""
    version = asked_version(exam)
    answered(exam, ana, {version.pk: other_key(version)})
    clock.forward(hours=8)
    return version


@pytest.fixture
def flo(county: Division) -> User:
    return second_administrator(county)


def said(version: QuestionVersion, exam: Exam, **more: Any) -> dict[str, Any]:
    (right,) = other_key(version)["options"]
    return {"kind": "correct_key", "options": right, "exams": [exam.pk], "reason": "答案有误", **more}


def propose_url(version: QuestionVersion) -> str:
    return reverse("exams_repairs:propose", args=[version.pk])


def url(repair: KeyRepair, name: str = "repair") -> str:
    return reverse(f"exams_repairs:{name}", args=[repair.uuid])


def test_the_preview_shows_who_is_affected_and_stores_nothing(
    office: Client, version: QuestionVersion, exam: Exam
) -> None:
    page = office.post(propose_url(version), said(version, exam, preview="1"))

    assert page.status_code == 200
    assert [(row.candidate.person.code, row.old_points, row.new_points) for row in page.context["rows"]] == [
        ("LX0001", 0, 50)
    ]
    assert not KeyRepair.objects.exists()


def test_a_repair_is_proposed_and_waits_for_somebody_else(
    office: Client, version: QuestionVersion, exam: Exam, cleo: User
) -> None:
    response = office.post(propose_url(version), said(version, exam))

    repair = KeyRepair.objects.get()
    page = office.get(url(repair))
    assert (response.status_code, response["Location"]) == (302, url(repair))
    assert (repair.proposed_by, repair.new_key, list(repair.exams.all())) == (cleo, other_key(version), [exam])
    assert (page.context["may_decide"], page.context["may_withdraw"]) == (False, True)
    office.post(url(repair, "approve"))
    repair.refresh_from_db()
    assert repair.state == RepairState.PROPOSED


@pytest.mark.parametrize(("name", "state"), [("approve", RepairState.APPROVED), ("decline", RepairState.DECLINED)])
def test_the_second_administrator_decides(
    office: Client, version: QuestionVersion, cleo: User, flo: User, name: str, state: str
) -> None:
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)
    client = Client()
    client.force_login(flo)

    response = client.post(url(repair, name))

    repair.refresh_from_db()
    assert (response.status_code, repair.state, repair.decided_by) == (302, state, flo)


def test_the_proposer_withdraws(office: Client, version: QuestionVersion, cleo: User) -> None:
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)

    office.post(url(repair, "withdraw"))

    repair.refresh_from_db()
    assert repair.state == RepairState.WITHDRAWN


def test_a_refusal_is_said_and_nothing_typed_is_lost(office: Client, version: QuestionVersion, exam: Exam) -> None:
    page = office.post(propose_url(version), said(version, exam, options=version.key["options"][0]))

    assert page.status_code == 200
    assert "无须更正" in page.content.decode()
    assert "答案有误" in page.content.decode()


@pytest.mark.parametrize("name", ["approve", "decline", "withdraw"])
@pytest.mark.parametrize("person", [None, "ana", "ben", "eve", "iris"])
def test_nobody_else_decides(
    version: QuestionVersion, cleo: User, ana: User, ben: User, eve: User, iris: User, name: str, person: str | None
) -> None:
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)
    client = Client()
    if person:
        client.force_login({"ana": ana, "ben": ben, "eve": eve, "iris": iris}[person])

    response = client.post(url(repair, name))

    repair.refresh_from_db()
    assert repair.state == RepairState.PROPOSED
    assert response.status_code == (404 if person in {"ben", "eve", "iris"} else 302)


def test_decisions_need_a_token(version: QuestionVersion, cleo: User, flo: User) -> None:
    repair = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)
    client = Client(enforce_csrf_checks=True)
    client.force_login(flo)

    answers = [client.post(url(repair, name)).status_code for name in ("approve", "decline", "withdraw")]

    assert answers == [403] * 3


def test_versions_of_other_divisions_are_not_there(version: QuestionVersion, eve: User, clock: Clock) -> None:
    client = Client()
    client.force_login(eve)

    assert client.get(propose_url(version)).status_code == 404
    assert list(client.get(reverse("exams_repairs:index")).context["repairs"]) == []


def test_the_question_offers_the_repair_to_whom_it_may_concern(
    office: Client, version: QuestionVersion, eve: User
) -> None:
    pages = [
        reverse(f"wagtailsnippets_question_bank_question:{name}", args=[version.question_id])
        for name in ("inspect", "versions")
    ]
    other = Client()
    other.force_login(eve)

    assert [propose_url(version) in office.get(page).content.decode() for page in pages] == [True, True]
    assert [propose_url(version) in other.get(page).content.decode() for page in pages] == [False, False]


def test_a_fill_in_question_is_corrected_line_by_line(
    office: Client, ana: User, township: Division, clock: Clock
) -> None:
    exam = published_exam(ana, division=township, blueprint__plan=((Kind.FILL, 1, 10),))
    version = asked_version(exam)
    fields = {"kind": "correct_key", "exams": [exam.pk], "reason": "漏列", "blank_1": "甲\n乙", "blank_2": "丙"}

    office.post(propose_url(version), fields)

    assert KeyRepair.objects.get().new_key == {"blanks": [["甲", "乙"], ["丙"]], "any_order": False}


def test_blanks_that_were_bound_to_an_order_are_set_free(
    office: Client, ana: User, township: Division, clock: Clock
) -> None:
    exam = published_exam(ana, division=township, blueprint__plan=((Kind.FILL, 1, 10),))
    version = asked_version(exam)
    texts = {f"blank_{place}": "\n".join(lines) for place, lines in enumerate(version.key["blanks"], start=1)}
    fields = {"kind": "correct_key", "exams": [exam.pk], "reason": "次序无关", "any_order": "on", **texts}

    office.post(propose_url(version), fields)

    assert KeyRepair.objects.get().new_key == {**version.key, "any_order": True}


def test_the_next_repair_begins_with_the_key_in_force_and_names_the_last(
    office: Client, version: QuestionVersion, cleo: User, flo: User
) -> None:
    done = repaired(version, RepairKind.CORRECT_KEY, by=cleo, second=flo)

    page = office.get(propose_url(version))

    assert page.context["form"].fields["options"].initial == other_key(version)["options"][0]
    assert url(done) in page.content.decode()


def test_exams_that_the_repair_leaves_alone_stand_on_its_page(
    office: Client, version: QuestionVersion, exam: Exam, ana: User, cleo: User, flo: User
) -> None:
    open_one = proposed(version, RepairKind.CREDIT_EVERYBODY, by=cleo)
    alone = office.get(url(open_one)).content.decode()
    published_exam(ana, title="次日测试", division=exam.division, blueprint=exam.blueprint)
    waiting = office.get(url(open_one)).content.decode()
    approve_repair(open_one, by=flo, at=AFTERWARDS)
    carry_out(open_one.pk, at=AFTERWARDS)

    done = office.get(url(open_one)).content.decode()

    assert ["次日测试" in page for page in (alone, waiting, done)] == [False, True, True]
    assert [propose_url(version) in page for page in (alone, waiting, done)] == [False, False, True]


@pytest.mark.once
def test_the_number_of_people_and_repairs_does_not_change_the_number_of_queries(
    office: Client, township: Division, cleo: User, flo: User, clock: Clock
) -> None:
    counts = []
    for people in (1, 4):
        exam = published_exam(*UserFactory.create_batch(people), division=township, fresh_days=0)
        for candidate in exam.candidates.select_related("person"):
            answered(exam, candidate.person, {})
        repair = proposed(asked_version(exam), RepairKind.CREDIT_EVERYBODY, by=cleo, exams=[exam])
        seen = [
            queries_of(lambda repair=repair: office.get(url(repair))),
            queries_of(lambda: office.get(reverse("exams_repairs:index"))),
        ]
        approve_repair(repair, by=flo, at=AFTERWARDS)
        carry_out(repair.pk, at=AFTERWARDS)
        counts.append([*seen, queries_of(lambda repair=repair: office.get(url(repair)))])

    assert counts[0] == counts[1]
    assert NOON < AFTERWARDS


def test_a_report_of_a_wrong_key_leads_to_its_repair(
    office: Client, version: QuestionVersion, ana: User, ben: User
) -> None:
    report_question(version, reason="wrong_key", text="", by=ana, at=AFTERWARDS)

    seen_by_office = propose_url(version) in office.get(reverse("question_reports:index")).content.decode()
    office.force_login(ben)
    seen_by_trainer = propose_url(version) in office.get(reverse("question_reports:index")).content.decode()

    assert (seen_by_office, seen_by_trainer) == (True, False)


@pytest.mark.once
def test_reports_cost_the_same_for_one_and_for_three(office: Client, exam: Exam, version: QuestionVersion, ana: User):
    address = reverse("question_reports:index")
    report_question(version, reason="wrong_key", text="", by=ana, at=AFTERWARDS)
    few = queries_of(lambda: office.get(address))
    for other in UserFactory.create_batch(2):
        report_question(version, reason="wrong_key", text="", by=other, at=AFTERWARDS)

    many = queries_of(lambda: office.get(address))

    assert (many, len(office.get(address).context["rows"])) == (few, 3)
