"""Numbers of certificates: unique, not to be guessed, and a slip of the pen is noticed."""

from collections.abc import Collection
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from courses.domain.serials import as_typed, check_digits, is_sound, new_serial, new_serials, written

DAY = date(2026, 6, 15)
COUNTY = "530999000000"

serials = st.integers(0, 10**12 - 1).map(lambda number: new_serial(COUNTY, DAY, draw=lambda below: number))


def nothing(serials: Collection[str]) -> list[str]:
    return []


def test_a_number_says_whose_it_is_and_of_which_year() -> None:
    serial = new_serial(COUNTY, DAY, draw=lambda below: 482109375631)

    assert serial == "530999-2026-4821-0937-5631-42"


def test_the_check_digits_are_those_of_the_standard() -> None:
    # ISO/IEC 7064, 7.3 and annex A: 794 becomes 79 44; and the sample of ISO 13616 (GB82 WEST 1234 5698 7654 32)
    # with letters as numbers.
    assert check_digits("794") == "44"
    assert check_digits("3214282912345698765432" + "1611") == "82"


@given(serials)
def test_what_is_given_is_sound_however_it_is_typed(serial: str) -> None:
    digits = serial.replace("-", "")
    wide = digits.translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    assert is_sound(serial)
    assert {as_typed(digits), as_typed(serial.replace("-", " ")), as_typed(wide), as_typed(f" {serial}\n")} == {serial}


@given(serials, st.integers(0, 23), st.integers(0, 9))
def test_one_wrong_digit_is_always_noticed(serial: str, place: int, digit: int) -> None:
    digits = serial.replace("-", "")
    assume(digits[place] != str(digit))

    wrong = digits[:place] + str(digit) + digits[place + 1 :]

    assert not is_sound(written(wrong))


@given(serials, st.integers(0, 22), st.integers(1, 2))
def test_two_digits_that_changed_places_are_always_noticed(serial: str, place: int, apart: int) -> None:
    digits = list(serial.replace("-", ""))
    other = place + apart
    assume(other < len(digits) and digits[place] != digits[other])

    digits[place], digits[other] = digits[other], digits[place]

    assert not is_sound(written("".join(digits)))


@pytest.mark.parametrize("typed", ["", "530999", "x" * 24, "5" * 25, "530999-2026-4821-0937-5631-2"])
def test_what_is_no_number_is_not_sound(typed: str) -> None:
    assert not is_sound(as_typed(typed))


def test_numbers_of_one_hand_differ_and_none_was_given_before() -> None:
    seen: list[str] = []

    def first_half_is_taken(drawn: Collection[str]) -> list[str]:
        given = [] if seen else sorted(drawn)[:50]
        seen.extend(given)
        return given

    found = new_serials(COUNTY, DAY, count=100, taken=first_half_is_taken)

    assert len(set(found)) == 100
    assert not set(found) & set(seen)


def test_none_are_drawn_for_nobody() -> None:
    assert new_serials(COUNTY, DAY, count=0, taken=nothing) == []
