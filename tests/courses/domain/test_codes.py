"""The code of a session: right in its minute and for its session alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.domain.codes import DIGITS, GRACE, STEP, changes_at, code_of, digits_in, is_current, was_shown
from courses.models import Course, CourseKind, Session
from tests.factories.courses import MORNING

seconds = st.integers(0, 2 * 3600).map(lambda n: timedelta(seconds=n))
secrets = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=32, max_size=32)


def session_with(secret: str) -> Session:
    return Session(
        course=Course(kind=CourseKind()),
        code_secret=secret,
        starts_at=MORNING,
        ends_at=MORNING + timedelta(hours=2),
    )


def test_it_is_what_the_standard_says() -> None:
    # RFC 6238, appendix B, in steps of sixty seconds: the last six digits of HOTP at counter 1 of RFC 4226, appendix D.
    session = session_with("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    moment = MORNING.fromtimestamp(60, MORNING.tzinfo)

    assert code_of(session, at=moment) == "287082"


@given(secrets, seconds, seconds)
def test_it_is_right_in_its_minute_and_the_grace_behind_it_alone(
    secret: str, shown: timedelta, later: timedelta
) -> None:
    session, shown_at, moment = session_with(secret), MORNING + shown, MORNING + shown + later
    code = code_of(session, at=shown_at)

    right = is_current(session, code, at=moment)

    in_time = moment < changes_at(at=shown_at) + GRACE
    # Two minutes may have the same digits by chance, once in a million.
    again = code in (code_of(session, at=moment), code_of(session, at=moment - GRACE))
    assert right == (in_time or again)
    assert in_time or not right or again


@given(secrets, secrets, seconds)
def test_it_is_of_its_session_alone(one: str, other: str, when: timedelta) -> None:
    mine, theirs, moment = session_with(one), session_with(other), MORNING + when
    shown = {code_of(theirs, at=moment), code_of(theirs, at=moment - GRACE)}

    assert is_current(theirs, code_of(mine, at=moment), at=moment) == (code_of(mine, at=moment) in shown)


@given(secrets, seconds)
def test_it_changes_at_full_minutes(secret: str, when: timedelta) -> None:
    moment = MORNING + when

    change = changes_at(at=moment)

    assert timedelta(0) < change - moment <= STEP
    assert (change.second, change.microsecond) == (0, 0)


@given(secrets, seconds)
def test_an_old_code_is_known_as_one(secret: str, when: timedelta) -> None:
    session = session_with(secret)

    assert was_shown(session, code_of(session, at=MORNING), at=MORNING + when)


def test_a_code_from_before_sign_in_opened_is_not_known() -> None:
    session = session_with("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")

    assert not was_shown(session, code_of(session, at=MORNING - timedelta(hours=1)), at=MORNING)


@pytest.mark.parametrize("typed", ["123456", "123 456", " １２３４５６ ", "123-456", "１２３　４５６"])
def test_it_is_read_however_it_is_typed(typed: str) -> None:
    assert digits_in(typed) == "123456"
    assert len(digits_in(typed)) == DIGITS
