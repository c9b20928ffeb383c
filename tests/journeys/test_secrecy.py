"""Nothing a phone receives before release helps to guess an answer."""

from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Response, expect

from exams.models import Attempt
from members.models import User
from question_bank.enums import Kind
from question_bank.models import Question
from tests.factories.exams import BlueprintFactory
from tests.factories.question_bank import QuestionFactory, TopicFactory, published
from tests.journeys.conftest import ALL_KINDS, Device, OpenDevice, open_exam
from tests.journeys.sheet import Sheet, kinds

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.django_db(transaction=True)]

# Words that stand nowhere but in the key.
SECRETS = ("密钥填空甲", "密钥填空乙", "密钥评分要点", "密钥解析", "密钥依据", "密钥文号")
# How a key is called inside: none of these is the name of anything that is sent.
NAMES = ('"key"', "is_right", "statement_is_true", "accepted", "explanation", "data-right", "correct")
TEXT = ("text/", "application/json", "application/problem+json", "application/javascript")


@pytest.fixture
def secret_bank() -> list[Question]:
    topic = TopicFactory.create(code="77", title="保密")
    said: dict[str, Any] = {
        "topic": topic,
        "explanation": "密钥解析",
        "basis": "密钥依据",
        "document_number": "密钥文号",
    }
    own: dict[Kind, dict[str, Any]] = {
        Kind.FILL: {"accepted": [["密钥填空甲"], ["密钥填空乙"]]},
        Kind.SHORT: {"marking_guide": "密钥评分要点"},
    }
    return [
        published(QuestionFactory.create(**{kind: True}, **said, **own.get(kind, {})))
        for kind, _count, _points in ALL_KINDS
    ]


def test_no_response_before_release_holds_anything_of_the_key(
    browse: OpenDevice, ana: User, secret_bank: list[Question], moment: datetime
) -> None:
    blueprint = BlueprintFactory.create(plan=ALL_KINDS, topic=secret_bank[0].topic, bank=False)
    exam = open_exam(ana, at=moment, plan=None, blueprint=blueprint)
    phone = browse(ana)
    page = phone.open("/")
    received = read(phone)
    page.goto(f"{phone.address}/exams/{exam.uuid}/")
    received |= read(phone)
    page.get_by_role("button", name="开始答题").click()
    sheet, attempt = Sheet(page), Attempt.objects.get(candidate__person=ana)
    for number, kind in kinds(attempt).items():
        sheet.go(number)
        # Typed answers are not those of the key: what was typed may come back.
        typed: dict[Kind, dict[str, Any]] = {Kind.FILL: {"blanks": ["不对", "也不对"]}, Kind.SHORT: {"text": "不知道"}}
        sheet.give(number, typed[Kind(kind)] if kind in typed else sheet.choice(number, 0))
    sheet.saved()
    for api in (f"/api/v1/attempts/{attempt.uuid}/", "/api/v1/exams/", "/api/v1/me/"):
        page.evaluate("path => fetch(path).then((answer) => answer.text())", api)
    received |= read(phone)
    page.locator("[data-open-card]").click()
    sheet.card.locator("[data-hand-in-button]").click()
    expect(page.get_by_role("heading", name="已交卷")).to_be_visible()

    received |= read(phone)

    found = [(address, word) for address, text in received.items() for word in SECRETS + NAMES if word in text]
    assert found == []
    assert any("第" in text and str(attempt.uuid) in address for address, text in received.items())


def read(phone: Device) -> dict[str, str]:
    """What arrived since the last reading; a browser forgets bodies when it goes to another page."""
    arrived, phone.responses = phone.responses, []
    return {
        f"{place} {response.request.method} {response.url}": text_of(response) for place, response in enumerate(arrived)
    }


def text_of(response: Response) -> str:
    """Headers and body; redirects have no body, and pictures and styles hold no words."""
    headers = str(response.all_headers())
    kind = response.headers.get("content-type", "")
    if (
        response.status in (204, 301, 302, 304)
        or not kind.startswith(TEXT)
        or "css" in kind
        or "/static/" in response.url
    ):
        return headers
    return headers + response.text()
