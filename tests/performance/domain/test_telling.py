"""Everybody is told what of the appraisal concerns them, once, and nobody what concerns others."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from members.models import Division, Message, User
from performance.domain.appeals import decide_appeal, file_appeal
from performance.domain.computing import compute_quarter
from performance.domain.ledger import confirm_item, decline_item, enter_item, reverse_item
from performance.domain.quarters import publish_quarter
from performance.domain.telling import tell_published
from performance.enums import LedgerSign, LedgerTarget
from performance.models import Quarter, Scorecard, ScoreLine
from tests.factories.members import PostingFactory, UserFactory
from tests.factories.performance import (
    COMPUTED_AT,
    a_ledger_entry,
    a_ledger_kind,
    a_quarter,
    a_scheme,
    administrator,
)
from tests.performance.domain.test_quarters import LEDGER_ONLY

pytestmark = pytest.mark.django_db

IN_TERM = COMPUTED_AT + timedelta(days=2)
DAY = date(2026, 6, 10)


def told() -> list[tuple[str, str]]:
    """Whom, and what about."""
    return list(Message.objects.order_by("pk").values_list("person__code", "subject"))


# -- the ledger -----------------------------------------------------------------------------------


def test_whom_an_entry_concerns_is_told_when_it_counts_and_when_it_counts_no_more(
    county: Division, ana: User, dan: User, boss: User, second: User
) -> None:
    kind = a_ledger_kind(county, "N1", 10, sign=LedgerSign.NEGATIVE, title="无故不在岗")

    entry = enter_item(kind, person=ana, occurred_on=DAY, description="抽查时未在村", by=boss, at=COMPUTED_AT)
    assert told() == []
    confirm_item(entry, by=second, at=COMPUTED_AT)
    reversal = reverse_item(entry, reason="当天请了假", by=boss, at=COMPUTED_AT)
    confirm_item(reversal, by=second, at=COMPUTED_AT)

    messages = list(Message.objects.order_by("pk").values_list("person__code", "subject", "text", "link"))
    link = f"/ledger/{entry.uuid}/"
    assert messages == [
        ("LX0001", "正负清单登记：无故不在岗", "2026-06-10，-10 分：抽查时未在村", link),
        ("LX0001", "正负清单冲销：无故不在岗", "2026-06-10，+10 分：当天请了假", link),
    ]


def test_of_a_declined_entry_nobody_is_told(county: Division, ana: User, boss: User, second: User) -> None:
    entry = enter_item(a_ledger_kind(county), person=ana, occurred_on=DAY, description="x", by=boss, at=COMPUTED_AT)

    decline_item(entry, reason="不属实", by=second, at=COMPUTED_AT)

    assert told() == []


def test_of_a_teams_entry_those_are_told_who_served_in_it_that_day(
    county: Division, ana: User, mate: User, dan: User, boss: User, second: User
) -> None:
    kind = a_ledger_kind(county, target=LedgerTarget.TEAM)
    team = ana.postings.get().team
    PostingFactory(person=UserFactory(code="LX0010"), team=team, starts_on=DAY + timedelta(days=1))
    entry = enter_item(kind, team=team, occurred_on=DAY, description="做法被推广", by=boss, at=COMPUTED_AT)

    confirm_item(entry, by=second, at=COMPUTED_AT)

    assert sorted(code for code, _subject in told()) == ["LX0001", "LX0009"]


# -- the quarter and objections ------------------------------------------------------------------------


@pytest.fixture
def quarter(county: Division, ana: User, mate: User, dan: User, boss: User, second: User) -> Quarter:
    """Published; ten points were taken off Ana's team. Dan has the better grade, of which there is one in three."""
    quarter = a_quarter(county, by=boss)
    a_scheme(quarter, LEDGER_ONLY, by=boss, grades=(("优秀", 80, 34), ("称职", 0, None)))
    wrong = a_ledger_kind(county, "N1", 10, sign=LedgerSign.NEGATIVE, target=LedgerTarget.TEAM)
    a_ledger_entry(wrong, team=ana.postings.get().team, on=date(2026, 5, 4))
    compute_quarter(quarter, by=boss, at=COMPUTED_AT)
    return publish_quarter(quarter, by=boss, at=COMPUTED_AT)


def test_everybody_with_a_scorecard_is_told_once_that_it_can_be_read(quarter: Quarter) -> None:
    again = tell_published(quarter.computation, until=quarter.objections_until, at=COMPUTED_AT)

    subject = "季度成绩单已公示：2026 年第 2 季度"
    assert sorted(told()) == [("LX0001", subject), ("LX0002", subject), ("LX0009", subject)]
    assert again == 0
    message = Message.objects.first()
    assert (message.link, message.text) == (
        "/me/quarters/",
        "可逐项查看得分和来源，如有异议，请在 7 月 8 日 00:00 前提出。",
    )


def test_who_may_decide_is_told_of_an_objection_and_the_author_of_the_answer(
    quarter: Quarter, ana: User, boss: User, second: User
) -> None:
    Message.objects.all().delete()
    line = ScoreLine.objects.get(scorecard__person=ana)
    administrator(Division.objects.get(code="530999101000"))

    appeal = file_appeal(line, text="当天我们在村里", by=ana, at=IN_TERM)
    waiting = Message.objects.get()
    decide_appeal(appeal, accept=False, answer="有记录", by=second, at=IN_TERM)

    assert (waiting.person, waiting.text, waiting.link) == (
        second,
        "当天我们在村里",
        f"/admin/quarters/{quarter.uuid}/objections/{appeal.uuid}/",
    )
    answer = Message.objects.exclude(pk=waiting.pk).get()
    assert (answer.person, answer.subject, answer.text, answer.link) == (
        ana,
        f"异议未采纳：{line.indicator.title}",
        "有记录",
        f"/me/quarters/{line.scorecard.uuid}/",
    )


def test_an_accepted_objection_is_told_to_everybody_it_changed_and_names_nobody(
    quarter: Quarter, ana: User, mate: User, dan: User, second: User
) -> None:
    line = ScoreLine.objects.get(scorecard__person=ana)
    appeal = file_appeal(line, text="当天我们在村里", by=ana, at=IN_TERM)
    Message.objects.all().delete()

    decide_appeal(appeal, accept=True, answer="记录有误", points=Decimal(15), also=[mate], by=second, at=IN_TERM)

    anew = "有人的得分作了更正。您的分数没有变化，等次按比例重新确定。"
    pages = {card.person.code: f"/me/quarters/{card.uuid}/" for card in Scorecard.objects.select_related("person")}
    found = Message.objects.values_list("person__code", "subject", "text", "link")
    assert sorted(found) == [
        ("LX0001", f"异议已采纳：{line.indicator.title}", "记录有误", pages["LX0001"]),
        ("LX0002", "季度成绩单有更新：2026 年第 2 季度", anew, pages["LX0002"]),
        ("LX0009", "季度成绩单有更新：2026 年第 2 季度", "记录有误", pages["LX0009"]),
    ]
