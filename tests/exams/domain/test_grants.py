from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.test import Client

from exams.domain import grants
from exams.domain.answers import Answer
from exams.domain.closing import hand_in
from exams.domain.grants import end_grants, grant_of, issue
from exams.domain.refusals import AttemptClosed, GrantEnded
from exams.domain.saving import save_answers
from exams.models import Attempt
from members.domain.access import deactivate
from members.models import User
from tests.factories.exams import NOON, opened_attempt, published_exam
from tests.factories.members import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(ana: User, cleo: User) -> Attempt:
    return opened_attempt(published_exam(ana, by=cleo), ana, at=NOON + timedelta(microseconds=123456))


def save(attempt: Attempt, text: str, *, sequence: int = 1) -> list[int]:
    return save_answers(grants.read(text), [Answer(1, {}, sequence, True)], at=NOON).saved


def test_a_grant_says_everything_its_attempt_does(attempt: Attempt) -> None:
    assert grants.read(issue(attempt)) == grant_of(attempt)
    assert grant_of(attempt) == (attempt.pk, attempt.paper_id, 1, attempt.closes_at, attempt.uuid)


def test_a_grant_writes_its_attempt(attempt: Attempt) -> None:
    assert save(attempt, issue(attempt)) == [1]


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "1.2.3.4.5",
        "1.1.1.1750000000:bad-signature",
        "\ud800",
        "\0",
        "x" * 10_000,
        Signer(salt="another").sign("1.1.1.1.00000000000000000000000000000000"),
    ],
)
def test_what_was_not_signed_here_is_no_grant(forged: str) -> None:
    with pytest.raises(GrantEnded):
        grants.read(forged)


def test_a_grant_cannot_be_turned_into_that_of_another_attempt(attempt: Attempt) -> None:
    signed = issue(attempt)

    for place, sign in enumerate(signed):
        if sign.isdigit():
            forged = signed[:place] + str((int(sign) + 1) % 10) + signed[place + 1 :]
            with pytest.raises(GrantEnded):
                grants.read(forged)


def test_handing_in_ends_the_grant(attempt: Attempt) -> None:
    signed = issue(attempt)
    hand_in(attempt, at=NOON + timedelta(seconds=1))

    with pytest.raises(AttemptClosed):
        save(attempt, signed)
    assert not attempt.responses.exists()


def test_ending_grants_leaves_a_new_one_possible(attempt: Attempt, ana: User) -> None:
    old = issue(attempt)
    end_grants(ana)
    attempt.refresh_from_db()

    with pytest.raises(GrantEnded):
        save(attempt, old)
    assert save(attempt, issue(attempt)) == [1]


def test_the_grants_of_others_go_on(attempt: Attempt, dan: User) -> None:
    end_grants(dan)

    assert save(attempt, issue(attempt)) == [1]


def test_signing_out_anywhere_ends_every_open_page(attempt: Attempt, ana: User) -> None:
    signed = issue(attempt)
    client = Client()
    client.force_login(ana)

    client.post("/sign-out/")

    assert "_auth_user_id" not in client.session
    with pytest.raises(GrantEnded):
        save(attempt, signed)


def test_a_deactivated_account_writes_no_more(attempt: Attempt, ana: User, cleo: User) -> None:
    signed = issue(attempt)

    deactivate(ana, by=cleo, at=NOON)

    with pytest.raises(GrantEnded):
        save(attempt, signed)


def test_a_failed_sign_in_elsewhere_ends_nothing(attempt: Attempt, ana: User) -> None:
    signed = issue(attempt)

    Client().post("/sign-in/", {"username": "ana", "password": f"not {PASSWORD}"})

    assert save(attempt, signed) == [1]
