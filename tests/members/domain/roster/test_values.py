"""What single cells of a roster mean."""

from datetime import date

import pytest

from members.domain.roster.columns import Line
from members.domain.roster.values import Entry, understand
from members.enums import PostingRole, StaffCategory


def _entry(**values: str) -> Entry:
    return understand(Line("5", {"code": "LX1", "name": "周明远", **values}))


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026-03-01T00:00:00",
        "2026/3/1",
        "2026.3.1",
        "2026年3月1日",
        "20260301",
        "46082",
        "２０２６年３月１日",
    ],
)
def test_days_are_understood_however_they_are_written(text: str) -> None:
    entry = _entry(starts_on=text)

    assert (entry.starts_on, entry.reasons) == (date(2026, 3, 1), ())


@pytest.mark.parametrize("text", ["2026-02-30", "三月", "2026", "99999999"])
def test_other_days_are_refused(text: str) -> None:
    assert [reason.code for reason in _entry(starts_on=text).reasons] == ["unknown_date"]


@pytest.mark.parametrize(
    "text", ["13812341234", "138 1234 1234", "+86 138-1234-1234", "13812341234.0", "１３８１２３４１２３４"]
)
def test_phone_numbers_are_tidied(text: str) -> None:
    assert (_entry(phone=text).phone, _entry(phone=text).reasons) == ("13812341234", ())


@pytest.mark.parametrize(("text", "code"), [("12345", "malformed"), ("1.3E+10", "rounded_number")])
def test_other_phone_numbers_are_refused(text: str, code: str) -> None:
    assert [reason.code for reason in _entry(phone=text).reasons] == [code]


@pytest.mark.parametrize("text", ["", "无", "/", "—"])
def test_signs_for_nothing_are_nothing(text: str) -> None:
    assert (_entry(phone=text).phone, _entry(phone=text).reasons) == ("", ())


def test_whole_floats_are_numbers_and_rounded_ones_are_refused() -> None:
    whole = understand(Line("5", {"code": "10086.0", "name": "周明远", "division_code": "530999101201.0"}))
    rounded = understand(Line("5", {"code": "5.30999199001011E+17", "name": "周明远"}))

    assert (whole.code, whole.division_code, whole.reasons) == ("10086", "530999101201", ())
    assert [reason.code for reason in rounded.reasons] == ["rounded_number"]
    assert "5.30999199001011E+17" in rounded.reasons[0].text


@pytest.mark.parametrize(
    ("role", "category", "meant"),
    [
        ("第一书记", "公务员", (PostingRole.FIRST_SECRETARY, StaffCategory.CIVIL_SERVANT)),
        ("第一书记（兼队长）", "事业编", (PostingRole.FIRST_SECRETARY, StaffCategory.INSTITUTION)),
        ("工作队员", "国企", (PostingRole.MEMBER, StaffCategory.ENTERPRISE)),
        ("队 员", "其它", (PostingRole.MEMBER, StaffCategory.OTHER)),
        ("", "", (None, None)),
    ],
)
def test_words_for_roles_and_categories(role: str, category: str, meant: tuple[object, object]) -> None:
    entry = _entry(role=role, staff_category=category)

    assert ((entry.role, entry.staff_category), entry.reasons) == (meant, ())


def test_every_reason_of_a_row_is_told_at_once() -> None:
    entry = understand(
        Line("7", {"code": "", "name": "", "role": "村长", "starts_on": "2026-05-01", "ends_on": "2026-04-01"})
    )

    assert [reason.code for reason in entry.reasons] == [
        "dates_reversed",
        "missing_code",
        "missing_name",
        "unknown_role",
    ]


def test_rare_characters_in_names_stay() -> None:
    assert _entry(name="王𬭚喆").name == "王𬭚喆"
