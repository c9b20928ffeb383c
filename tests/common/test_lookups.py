"""Look-ups that are put together once find what a queryset would."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import BigIntegerField, F, UUIDField
from django.forms.models import model_to_dict

from common.lookups import Given, Lookup
from exams.models import Attempt, Exam
from members.models import User
from tests.conftest import NOON
from tests.factories.exams import opened_attempt, published_exam

pytestmark = pytest.mark.django_db

UUID, PERSON = Given("uuid", UUIDField()), Given("person", BigIntegerField())


@pytest.fixture
def exam(ana: User, ben: User, cleo: User) -> Exam:
    return published_exam(ana, ben, by=cleo)


@pytest.fixture
def attempt(exam: Exam, ana: User) -> Attempt:
    return opened_attempt(exam, ana, at=NOON)


def attempts_of_a_person() -> Lookup[Attempt]:
    return Lookup(
        lambda: Attempt.objects.select_related("candidate__exam", "candidate__team", "paper").filter(
            uuid=UUID, candidate__person=PERSON
        )
    )


def test_a_lookup_finds_the_row_with_all_that_is_joined_as_a_queryset_does(attempt: Attempt, ana: User) -> None:
    queryset = Attempt.objects.select_related("candidate__exam", "candidate__team", "paper")

    found, expected = attempts_of_a_person().get(uuid=attempt.uuid, person=ana.pk), queryset.get(pk=attempt.pk)

    assert found is not None
    for one, other in [
        (found, expected),
        (found.paper, expected.paper),
        (found.candidate, expected.candidate),
        (found.candidate.team, expected.candidate.team),
        (found.candidate.exam, expected.candidate.exam),
    ]:
        assert (type(one), model_to_dict(one)) == (type(other), model_to_dict(other))
    assert (found.opened_at, found.uuid) == (expected.opened_at, expected.uuid)


def test_a_relation_that_is_empty_is_found_empty(attempt: Attempt, ana: User) -> None:
    attempt.candidate.__class__.objects.update(team=None)

    found = attempts_of_a_person().get(uuid=attempt.uuid, person=ana.pk)

    assert found is not None
    assert found.candidate.team is None


def test_each_call_is_answered_for_what_it_was_given(exam: Exam, ana: User, ben: User) -> None:
    lookup = attempts_of_a_person()
    of_ana, of_ben = (opened_attempt(exam, person, at=NOON) for person in (ana, ben))

    found = [lookup.get(uuid=attempt.uuid, person=ana.pk) for attempt in (of_ana, of_ben, of_ana)]

    assert found == [of_ana, None, of_ana]


def test_nothing_is_found_where_there_is_nothing(attempt: Attempt, ana: User) -> None:
    assert attempts_of_a_person().get(uuid=uuid4(), person=ana.pk) is None


def test_a_row_that_was_changed_is_found_changed(attempt: Attempt, ana: User) -> None:
    lookup = attempts_of_a_person()
    lookup.get(uuid=attempt.uuid, person=ana.pk)

    Attempt.objects.update(closes_at=F("closes_at") + timedelta(hours=1))

    found = lookup.get(uuid=attempt.uuid, person=ana.pk)
    assert found is not None
    assert found.closes_at == attempt.closes_at + timedelta(hours=1)


def test_what_was_found_can_be_saved(attempt: Attempt, ana: User) -> None:
    found = attempts_of_a_person().get(uuid=attempt.uuid, person=ana.pk)
    assert found is not None
    found.page_leaves = 3

    found.save()

    attempt.refresh_from_db()
    assert attempt.page_leaves == 3


def test_a_lookup_is_one_statement(attempt: Attempt, ana: User, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = attempts_of_a_person().get(uuid=attempt.uuid, person=ana.pk)
        assert found is not None
        assert found.candidate.exam.title


@pytest.mark.django_db(transaction=True)
def test_each_thread_reads_by_its_own_connection(ana: User) -> None:
    lookup: Lookup[User] = Lookup(lambda: User.objects.filter(pk=Given("key", BigIntegerField())))
    here, found = lookup.get(key=ana.pk), []

    def look_up() -> None:
        found.append(lookup.get(key=ana.pk))
        connection.close()

    thread = threading.Thread(target=look_up)
    thread.start()
    thread.join()

    assert found == [here] == [ana]
