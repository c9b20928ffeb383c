"""The pages on which anybody can hold a paper against what was issued."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from performance.domain.reporting.order import Order
from performance.domain.reporting.writing import write
from performance.enums import ReportKind
from performance.models import Document
from tests.conftest import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(order: Callable[..., Order], clock: Clock) -> Document:
    write(BytesIO(), order(), ReportKind.SHEETS)
    return Document.objects.get()


def page(address: str, **query: Any) -> tuple[int, str]:
    response = Client().get(address, query)
    return response.status_code, response.content.decode()


def test_everybody_reads_what_was_issued_and_nobody_of_whom(document: Document) -> None:
    status, text = page(f"/verify/{document.key}/")

    assert status == 200
    for shown in (document.number, document.title, "岚溪县", "2026-10-03 18:00", document.digest[:4]):
        assert shown in text
    for hidden in ("安娜", "丹恩", "LX0001", "85.10", "可丽", "青石镇"):
        assert hidden not in text


def test_a_typed_digest_is_compared(document: Document) -> None:
    address = f"/verify/{document.key}/"
    typed = f"{document.digest[:4].upper()} {document.digest[4:8]}"
    other = "".join("0" if each == "f" else "f" for each in document.digest[:8])

    assert "校验值一致" in page(address, digest=typed)[1]
    assert "校验值不一致" in page(address, digest=other)[1]
    assert "请至少输入 8 位" in page(address, digest=document.digest[:7])[1]


def test_a_number_leads_to_its_paper_whatever_brackets_are_typed(document: Document) -> None:
    for typed in (document.number, document.number.replace("〔", "[").replace("〕", "]"), f" {document.number} "):
        response = Client().get("/verify/", {"number": typed})

        assert (response.status_code, response.headers["Location"]) == (302, f"/verify/{document.key}/")


def test_unknown_numbers_and_keys_are_told_kindly(document: Document) -> None:
    status, text = page("/verify/", number="岚溪考〔2026〕3季度-999")
    assert (status, "没有该文号的签发文件" in text) == (200, True)

    status, text = page("/verify/nowhere/")
    assert (status, "查无此件" in text, "文号" in text) == (404, True, True)


def test_nothing_can_be_posted_there(document: Document) -> None:
    assert [Client().post(url).status_code for url in ("/verify/", f"/verify/{document.key}/")] == [405, 405]
