"""A filter is saved under a name, for the person alone."""

import pytest
from django.test import Client

from question_bank.models import SavedFilter

pytestmark = pytest.mark.django_db
PAGE = "/admin/question-filters/"


def saved():
    return list(SavedFilter.objects.values_list("person__username", "name", "query"))


def test_a_filter_is_saved_replaced_and_found_by_its_owner_alone(client, ben, cleo):
    client.force_login(ben)
    client.post(PAGE, {"name": "难题", "query": "difficulty=easy&p=3"})
    client.post(PAGE, {"name": "难题", "query": "difficulty=hard&kind="})
    own = client.get(PAGE).content.decode()
    client.force_login(cleo)

    others = client.get(PAGE).content.decode()

    assert saved() == [("ben", "难题", "difficulty=hard")]
    assert ("?difficulty=hard" in own, "难题" in others) == (True, False)


def test_nobody_deletes_what_another_saved(client, ben, cleo):
    client.force_login(ben)
    client.post(PAGE, {"name": "难题", "query": "difficulty=hard"})
    pk = SavedFilter.objects.get().pk
    client.force_login(cleo)
    client.post(PAGE, {"delete": pk})
    after_cleo = len(saved())
    client.force_login(ben)

    client.post(PAGE, {"delete": pk})

    assert (after_cleo, saved()) == (1, [])


@pytest.mark.parametrize("sent", [{"name": "", "query": "kind=fill"}, {"name": "空", "query": "p=2"}])
def test_a_filter_without_a_name_or_a_choice_is_refused(client, ben, sent):
    client.force_login(ben)

    client.post(PAGE, sent)

    assert saved() == []


def test_members_save_nothing_and_saving_needs_the_token(ana, ben):
    member, strict = Client(), Client(enforce_csrf_checks=True)
    member.force_login(ana)
    strict.force_login(ben)

    answers = [who.post(PAGE, {"name": "一", "query": "kind=fill"}).status_code for who in (member, strict, Client())]

    assert (answers, saved()) == ([302, 403, 302], [])
