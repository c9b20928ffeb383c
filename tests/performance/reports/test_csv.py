import csv
from collections.abc import Callable
from io import BytesIO

import pytest
from django.utils import translation

from members.models import Division, User
from performance.domain.reporting.order import Order
from performance.domain.reporting.writing import write
from performance.enums import ReportKind

pytestmark = pytest.mark.django_db


def written(order: Order, kind: ReportKind) -> bytes:
    target = BytesIO()
    with translation.override("en"):
        write(target, order, kind)
    return target.getvalue()


def test_utf_8_begins_with_its_mark_and_text_is_never_a_formula(order: Callable[..., Order]) -> None:
    content = written(order(), ReportKind.CSV)

    assert content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(content.decode("utf-8-sig").splitlines())
    assert header[:2] == ["Staff number", "Name"]
    assert [row[:2] + row[9:15] for row in rows] == [
        ["00123", "'=HYPERLINK(1)", "49.50", "28.50", "18.00", "", "96.00", "优秀"],
        ["LX0001", "安娜", "46.00", "24.00", "15.10", "", "85.10", "称职"],
        ["LX0009", "免考人", "", "", "", "", "", ""],
        ["LX0002", "丹恩", "25.00", "12.15", "12.00", "", "49.15", "不称职"],
    ]


def test_gb18030_says_the_same_and_keeps_rare_characters(order: Callable[..., Order], ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(name="安𠮷娜")

    wide, narrow = written(order(), ReportKind.CSV), written(order(), ReportKind.CSV_GB18030)

    assert narrow.decode("gb18030") == wide.decode("utf-8-sig")
    assert "安𠮷娜" in narrow.decode("gb18030")


def test_a_township_gets_its_people_alone(order: Callable[..., Order], township: Division, inspector: User) -> None:
    content = written(order(division=township, by=inspector), ReportKind.CSV).decode("utf-8-sig")

    assert [row[0] for row in csv.reader(content.splitlines())][1:] == ["00123", "LX0001", "LX0009"]


def test_who_may_see_nothing_there_gets_no_row(
    order: Callable[..., Order], other_township: Division, inspector: User, stranger: User, ana: User
) -> None:
    for person in (inspector, stranger, ana):
        content = written(order(division=other_township, by=person), ReportKind.CSV).decode("utf-8-sig")

        assert len(content.splitlines()) == 1
