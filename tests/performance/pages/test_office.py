"""The pages from which a quarter is led: each step, who may take it, what is missing, what a second person decides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exams.enums import RepairKind
from members.enums import RequestState
from members.models import Division, User
from performance.domain.computing import compute_quarter
from performance.domain.quarters import ask_exemption, publish_quarter
from performance.enums import AppealState, QuarterState
from performance.models import Appeal, Exemption, Quarter, Scorecard
from tests.conftest import Clock
from tests.exams.staff.counting import queries_of
from tests.factories.exams import published_exam, sat_attempt
from tests.factories.members import PostingFactory, TeamFactory, UserFactory
from tests.factories.performance import COMPUTED_AT, a_quarter, a_rating_kind, a_scheme
from tests.factories.repairs import asked_version, repaired
from tests.performance.pages.conftest import As
from tests.performance.pages.making import (
    AFTERWARDS,
    INDICATORS,
    a_card,
    a_line,
    an_objection,
    closed,
    computed,
    published,
)

pytestmark = pytest.mark.django_db


def url(quarter: Quarter, name: str = "quarter", *parts: Any) -> str:
    return reverse(f"quarters:{name}", args=[quarter.uuid, *parts])


# -- from step to step ----------------------------------------------------------------------------


def test_the_list_shows_the_quarters_of_ones_divisions(
    as_: As, cleo: User, eve: User, ben: User, quarter: Quarter
) -> None:
    address = reverse("quarters:index")

    assert list(as_(cleo).get(address).context["quarters"]) == [quarter]
    # A township stands inside its county: its office reads how the county's quarter stands.
    assert list(as_(eve).get(address).context["quarters"]) == [quarter]
    assert as_(ben).get(address)["Location"] == "/admin/"


def test_an_administrator_opens_a_quarter(as_: As, cleo: User, county: Division) -> None:
    client = as_(cleo)
    said = {"division": county.pk, "year": 2026, "number": 3}

    response = client.post(reverse("quarters:open"), said)
    again = client.post(reverse("quarters:open"), said)

    quarter = Quarter.objects.get()
    assert (response.status_code, response["Location"]) == (302, url(quarter))
    assert (quarter.division, quarter.name, quarter.created_by) == (county, "2026Q3", cleo)
    assert again.context["form"].non_field_errors() == ["该季度已存在。"]


def test_the_next_button_follows_the_state(as_: As, cleo: User, county: Division, ana: User) -> None:
    quarter = a_quarter(county, by=cleo)
    a_rating_kind(county)
    client = as_(cleo)

    def shown() -> str:
        step = client.get(url(quarter)).context["next"]
        return step.url if step else ""

    seen = [shown()]
    a_scheme(quarter, INDICATORS, by=cleo)
    seen.append(shown())
    client.post(url(quarter, "compute"))
    seen.append(shown())

    assert seen == [reverse("schemes:start", args=[quarter.uuid]), url(quarter, "compute"), url(quarter, "publish")]


def test_a_repaired_key_is_said_on_the_quarter_before_and_after_it_was_published(
    as_: As, cleo: User, flo: User, ana: User, county: Division
) -> None:
    exam = published_exam(ana)
    sat_attempt(exam, ana, right=0)
    quarter = a_quarter(county, by=cleo)
    a_scheme(quarter, by=cleo)
    client = as_(cleo)

    def seen() -> tuple[list[str], str | None, bool]:
        page = client.get(url(quarter))
        step = page.context["next"]
        return page.context["changes"], step.url if step else None, "核算后的变化" in page.content.decode()

    compute_quarter(quarter, by=cleo, at=COMPUTED_AT)
    hour = timedelta(hours=1)
    repaired(asked_version(exam), RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo, at=COMPUTED_AT + hour)
    behind = seen()
    compute_quarter(quarter, by=cleo, at=COMPUTED_AT + 2 * hour)
    publish_quarter(quarter, by=cleo, at=COMPUTED_AT + 2 * hour)
    ready = seen()
    repaired(asked_version(exam, 1), RepairKind.CREDIT_EVERYBODY, by=cleo, second=flo, at=COMPUTED_AT + 3 * hour)

    said = f"核算后“{exam.title}”有试题勘误，1 人的成绩有变化。"
    assert (behind, ready) == (([said], url(quarter, "compute"), True), ([], None, False))
    assert seen() == ([said], None, True)


def test_a_quarter_goes_from_computing_to_its_end(
    as_: As, cleo: User, ana: User, county: Division, clock: Clock
) -> None:
    quarter = computed(county, by=cleo, people=[ana])
    client = as_(cleo)

    states = []
    for name in ("compute", "publish"):
        assert client.get(url(quarter, name)).status_code == 200
        client.post(url(quarter, name))
        quarter.refresh_from_db()
        states.append(quarter.state)
    early = client.post(url(quarter, "close"))
    clock.time = AFTERWARDS
    late = Client()
    late.force_login(cleo, backend="members.backends.PhoneOrCodeBackend")
    late.post(url(quarter, "close"))
    quarter.refresh_from_db()

    assert states == [QuarterState.COMPUTED, QuarterState.PUBLISHED]
    assert early.context["form"].non_field_errors()
    assert quarter.state == QuarterState.CLOSED


def test_publishing_says_how_many_people_will_see_it(
    as_: As, cleo: User, ana: User, dan: User, county: Division
) -> None:
    quarter = computed(county, by=cleo, people=[ana, dan])

    explanation = as_(cleo).get(url(quarter, "publish")).context["explanation"]

    assert explanation[0] == "公示后，2 人立即可以看到本人的成绩单，看不到他人的。"


def test_what_is_missing_names_its_people(as_: As, cleo: User, ana: User, county: Division) -> None:
    quarter = a_quarter(county, by=cleo)
    indicators = [
        {
            **INDICATORS[0],
            "weight": 100,
            "source": "exams",
            "settings": {"several": "mean", "absence": "zero", "retakes": "better"},
            "when_empty": "missing",
        }
    ]
    a_scheme(quarter, indicators, by=cleo)

    as_(cleo).post(url(quarter, "compute"))

    missing = as_(cleo).get(url(quarter)).context["missing"]
    assert missing
    assert [item.people for item in missing if item.people] == [[ana]] * sum(bool(item.people) for item in missing)
    assert any(item.people for item in missing)


# -- who may -----------------------------------------------------------------------------------------

DOORS: dict[str, Callable[[Quarter, Scorecard], str]] = {
    "compute": lambda quarter, card: url(quarter, "compute"),
    "publish": lambda quarter, card: url(quarter, "publish"),
    "close": lambda quarter, card: url(quarter, "close"),
    "exempt": lambda quarter, card: url(quarter, "exempt"),
    "reopen": lambda quarter, card: url(quarter, "reopen"),
    "scheme": lambda quarter, card: reverse("schemes:start", args=[quarter.uuid]),
    "approve exemption": lambda quarter, card: url(quarter, "approve_exemption", 1),
    "decline exemption": lambda quarter, card: url(quarter, "decline_exemption", 1),
    "approve reopening": lambda quarter, card: url(quarter, "approve_reopening", 1),
    "decline reopening": lambda quarter, card: url(quarter, "decline_reopening", 1),
}
# A form that was not filled in is shown again; a request that does not exist is not found.
RIGHT = {"compute": 200, "publish": 200, "close": 200, "exempt": 200, "reopen": 200, "scheme": 200}


@pytest.mark.parametrize("door", DOORS)
def test_who_may_change_a_quarter(
    as_: As, ana: User, ben: User, eve: User, iris: User, cleo: User, quarter: Quarter, card: Scorecard, door: str
) -> None:
    """Anonymous, a member, a trainer, an administrator of a township, an inspector; then the right one."""
    address = DOORS[door](quarter, card)
    inspected = as_(iris).post(address)

    assert Client().post(address).status_code == 302
    assert [as_(person).post(address).status_code for person in (ana, ben)] in ([302, 302], [302, 404], [404, 404])
    assert as_(eve).post(address).status_code == 404
    assert inspected.status_code == 404
    assert as_(cleo).post(address).status_code == RIGHT.get(door, 404)
    quarter.refresh_from_db()
    assert quarter.state == QuarterState.PUBLISHED


@pytest.mark.parametrize("door", DOORS)
def test_every_change_needs_the_token(cleo: User, quarter: Quarter, card: Scorecard, clock: Clock, door: str) -> None:
    clock.time = AFTERWARDS
    client = Client(enforce_csrf_checks=True)
    client.force_login(cleo, backend="members.backends.PhoneOrCodeBackend")

    assert client.post(DOORS[door](quarter, card)).status_code == 403
    quarter.refresh_from_db()
    assert quarter.state == QuarterState.PUBLISHED


# -- a second person ------------------------------------------------------------------------------------


def test_an_exemption_is_asked_by_one_and_decided_by_another(
    as_: As, cleo: User, flo: User, ana: User, county: Division
) -> None:
    quarter = computed(county, by=cleo, people=[ana])
    as_(cleo).post(url(quarter, "exempt"), {"code": ana.code, "reason": "长期病假"})
    exemption = Exemption.objects.get()

    as_(cleo).post(url(quarter, "approve_exemption", exemption.pk))
    exemption.refresh_from_db()
    first = exemption.state
    as_(flo).post(url(quarter, "approve_exemption", exemption.pk))
    exemption.refresh_from_db()

    assert (exemption.person, exemption.reason, exemption.asked_by) == (ana, "长期病假", cleo)
    assert (first, exemption.state, exemption.decided_by) == (RequestState.WAITING, RequestState.APPROVED, flo)


def test_an_unknown_staff_number_is_said(as_: As, cleo: User, quarter: Quarter) -> None:
    page = as_(cleo).post(url(quarter, "exempt"), {"code": "无此人", "reason": "病假"})

    assert page.context["form"].errors.keys() == {"code"}


def test_an_exemption_of_another_quarter_is_not_found_here(
    as_: As, cleo: User, flo: User, ana: User, county: Division
) -> None:
    quarter, other = a_quarter(county, by=cleo), a_quarter(county, by=cleo, number=1)
    exemption = ask_exemption(other, ana, reason="病假", by=cleo, at=COMPUTED_AT)

    assert as_(flo).post(url(quarter, "approve_exemption", exemption.pk)).status_code == 404


def test_a_reopened_quarter_keeps_its_first_edition_readable(
    as_: As, cleo: User, flo: User, ana: User, county: Division
) -> None:
    quarter = closed(county, by=cleo, people=[ana])
    card = a_card(quarter, ana)
    as_(cleo).post(url(quarter, "reopen"), {"reason": "漏记一项"})
    as_(flo).post(url(quarter, "approve_reopening", quarter.reopenings.get().pk))

    quarter.refresh_from_db()
    page = as_(cleo).get(url(quarter))
    earlier = as_(cleo).get(f"{url(quarter, 'cards')}?computation={card.computation.number}")

    assert (quarter.state, quarter.edition) == (QuarterState.OPEN, 2)
    assert page.context["earlier"] == [card.computation]
    assert list(earlier.context["object_list"]) == [card]
    assert as_(ana).get(reverse("performance:my_quarter", args=[card.uuid])).status_code == 200


# -- scorecards -----------------------------------------------------------------------------------------


def test_a_township_sees_its_own_people_alone(
    as_: As, cleo: User, eve: User, ana: User, dan: User, quarter: Quarter
) -> None:
    seen = {
        person.username: [card.person for card in as_(person).get(url(quarter, "cards")).context["object_list"]]
        for person in (cleo, eve)
    }

    assert seen == {"cleo": [ana, dan], "eve": [dan]}
    assert as_(eve).get(url(quarter, "card", a_card(quarter, ana).uuid)).status_code == 404
    assert as_(eve).get(url(quarter, "card", a_card(quarter, dan).uuid)).status_code == 200


def test_cards_are_filtered_and_found(as_: As, cleo: User, ana: User, dan: User, quarter: Quarter) -> None:
    an_objection(a_card(quarter, ana))
    client = as_(cleo)

    def found(**query: str) -> list[User]:
        return [card.person for card in client.get(url(quarter, "cards"), query).context["object_list"]]

    assert found(township="530999102000") == [dan]
    assert found(role="first_secretary") == []
    assert found(staff_category="civil_servant") == [ana, dan]
    assert found(grade=a_card(quarter, ana).grade) == [ana, dan]
    assert found(measure="talk") == []
    assert found(objections="open") == [ana]
    assert found(q="安") == [ana]
    assert found(q="LX0002") == [dan]
    assert found(ordering="-total") == [ana, dan]


@pytest.mark.once
def test_the_list_asks_as_much_for_one_as_for_three(
    as_: As, cleo: User, ana: User, dan: User, county: Division
) -> None:
    client = as_(cleo)
    one = published(county, by=cleo, people=[ana], number=1)
    Scorecard.objects.filter(computation=one.computation).exclude(person=ana).delete()
    few = queries_of(lambda: client.get(url(one, "cards")))
    third = UserFactory.create()
    PostingFactory.create(person=third, team=TeamFactory.create())
    many = published(county, by=cleo, people=[ana, dan, third])
    for card in Scorecard.objects.filter(computation=many.computation):
        an_objection(card)

    assert Scorecard.objects.filter(computation=many.computation).count() == 3
    assert queries_of(lambda: client.get(url(many, "cards"))) == few


def test_a_card_shows_every_line_with_its_evidence(as_: As, cleo: User, quarter: Quarter, card: Scorecard) -> None:
    context = as_(cleo).get(url(quarter, "card", card.uuid)).context

    assert [(row.title, len(row.evidence)) for row in context["rows"]] == [("正负清单", 1), ("乡镇评价", 1)]


# -- objections ---------------------------------------------------------------------------------------------


def decision(**more: Any) -> dict[str, Any]:
    return {"accept": "yes", "points": "3", "answer": "已核实，漏记一次。", **more}


def test_an_objection_is_accepted_by_somebody_who_did_not_publish(
    as_: As, cleo: User, flo: User, quarter: Quarter, card: Scorecard
) -> None:
    appeal = an_objection(card)
    address = url(quarter, "objection", appeal.uuid)

    refused = as_(cleo).post(address, decision())
    response = as_(flo).post(address, decision())

    appeal.refresh_from_db()
    card.refresh_from_db()
    assert refused.status_code in (302, 403)
    assert (response.status_code, response["Location"]) == (302, url(quarter, "objections"))
    assert (appeal.state, appeal.decided_by, str(card.total)) == (AppealState.ACCEPTED, flo, "91.00")
    assert as_(cleo).get(address).context["why_not"]


def test_an_objection_is_declined_with_an_answer(as_: As, flo: User, quarter: Quarter, card: Scorecard) -> None:
    appeal = an_objection(card)
    address = url(quarter, "objection", appeal.uuid)

    silent = as_(flo).post(address, decision(accept="no", answer=""))
    as_(flo).post(address, decision(accept="no"))

    appeal.refresh_from_db()
    card.refresh_from_db()
    assert silent.context["form"].errors.keys() == {"answer"}
    assert (appeal.state, appeal.answer, str(card.total)) == (AppealState.DECLINED, "已核实，漏记一次。", "88.00")


def test_accepting_needs_points(as_: As, flo: User, quarter: Quarter, card: Scorecard) -> None:
    appeal = an_objection(card)

    page = as_(flo).post(url(quarter, "objection", appeal.uuid), decision(points=""))

    assert page.context["form"].errors.keys() == {"points"}


def test_whoever_rests_on_the_same_evidence_can_be_corrected_too(
    as_: As, flo: User, ana: User, dan: User, quarter: Quarter, card: Scorecard
) -> None:
    other = a_line(a_card(quarter, dan))
    other.evidence = a_line(card).evidence
    other.save()
    appeal = an_objection(card)
    address = url(quarter, "objection", appeal.uuid)

    offered = as_(flo).get(address).context["form"].fields["also"].choices
    after = as_(flo).post(address, decision(also=[dan.pk]), follow=True)

    assert [value for value, _label in offered] == [dan.pk]
    assert {row.person for row in appeal.corrections.all()} == {ana, dan}
    assert f"同时有 1 人的成绩单发生变化：{dan.name}。" in after.content.decode()
    assert str(a_card(quarter, dan).total) == "91.00"


def test_who_may_decide(
    as_: As, ana: User, ben: User, eve: User, iris: User, flo: User, quarter: Quarter, card: Scorecard
) -> None:
    """Anonymous, the member, a trainer, another township; an inspector reads, does not decide; then the right one."""
    appeal = an_objection(card)
    address = url(quarter, "objection", appeal.uuid)

    statuses = [as_(person).post(address, decision()).status_code for person in (ana, ben, eve)]
    looked, tried = as_(iris).get(address), as_(iris).post(address, decision())

    assert Client().post(address, decision()).status_code == 302
    assert statuses[2] == 404
    assert all(status in (302, 404) for status in statuses)
    assert looked.status_code == 200
    assert looked.context["why_not"]
    assert tried.status_code in (302, 403)
    assert Appeal.objects.get().state == AppealState.OPEN
    assert as_(flo).post(address, decision()).status_code == 302
    assert Appeal.objects.get().state == AppealState.ACCEPTED


@pytest.mark.once
def test_the_list_of_objections_asks_as_much_for_one_as_for_three(
    as_: As, flo: User, ana: User, dan: User, quarter: Quarter
) -> None:
    client = as_(flo)
    an_objection(a_card(quarter, ana))
    few = queries_of(lambda: client.get(url(quarter, "objections")))
    an_objection(a_card(quarter, ana), "正负清单")
    an_objection(a_card(quarter, dan))

    assert queries_of(lambda: client.get(url(quarter, "objections"))) == few
