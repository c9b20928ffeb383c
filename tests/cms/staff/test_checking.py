"""Saying that an entry was checked today: a published version of its own that disturbs nobody."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from cms.domain.checking import EntryHasDraft, EntryNotPublished, note_checked
from cms.domain.reading import mark_read, standings
from cms.models import EntryPage
from members.enums import Role
from question_bank.models import Recheck
from tests.conftest import NOON, stopped_clock
from tests.factories.cms import a_handbook, an_entry, entry_of
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, published

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)


@pytest.fixture(scope="module")
def _entry(standing):
    with stopped_clock():
        return entry_of(a_handbook(an_entry("驻村天数", checked_on=date(2026, 1, 1))))


@pytest.fixture
def entry(_entry, clock, db):
    return EntryPage.objects.get(pk=_entry.pk)


def url(entry):
    return reverse("entry_checked:checked", args=[entry.pk])


def test_the_day_is_published_with_a_version_of_its_own(entry, ben):
    before = entry.live_revision_id

    checked = note_checked(entry, by=ben, at=NOON)

    assert (checked.checked_on, checked.live, checked.has_unpublished_changes) == (TODAY, True, False)
    assert checked.live_revision_id != before
    logged = PageLogEntry.objects.filter(page=entry.pk, action="cms.note_checked")
    assert list(logged.values_list("user", "timestamp", "revision")) == [(ben.pk, NOON, checked.live_revision_id)]


def test_it_sends_no_question_to_recheck_and_nobody_has_to_read_again(entry, ben, ana):
    published(QuestionFactory(entry=entry))
    mark_read(entry, by=ana, at=NOON)

    checked = note_checked(entry, by=ben, at=NOON)

    assert Recheck.objects.count() == 0
    assert standings([checked], of=ana) == {entry.pk: "read"}


def test_who_has_read_an_older_version_still_has_it_to_read(entry, ben, ana):
    mark_read(entry, by=ana, at=NOON)
    entry.short_answer = "改了。"
    entry.save_revision().publish()

    checked = note_checked(entry, by=ben, at=NOON)

    assert standings([checked], of=ana) == {entry.pk: "changed"}


def test_a_second_time_on_the_same_day_changes_nothing(entry, ben):
    first = note_checked(entry, by=ben, at=NOON).live_revision_id

    second = note_checked(entry, by=ben, at=NOON).live_revision_id

    assert second == first


def test_a_draft_above_it_is_not_buried(entry, ben):
    entry.short_answer = "还在改。"
    draft = entry.save_revision()

    with pytest.raises(EntryHasDraft):
        note_checked(entry, by=ben, at=NOON)

    page = EntryPage.objects.get(pk=entry.pk)
    assert (page.checked_on, page.latest_revision_id) == (date(2026, 1, 1), draft.pk)


def test_what_is_not_published_is_not_checked(entry, ben):
    entry.unpublish()

    with pytest.raises(EntryNotPublished):
        note_checked(entry, by=ben, at=NOON)


def test_the_button_stands_on_the_entry_and_does_what_it_says(client, entry, ben):
    client.force_login(ben)

    edit = client.get(reverse("wagtailadmin_pages:edit", args=[entry.pk])).content.decode()
    page = client.get(url(entry))
    sent = client.post(url(entry))

    assert url(entry) in edit
    assert "今日已核对" in page.content.decode()
    assert (sent.status_code, EntryPage.objects.get(pk=entry.pk).checked_on) == (302, TODAY)


def test_looking_changes_nothing(client, entry, ben):
    client.force_login(ben)

    client.get(url(entry))

    assert EntryPage.objects.get(pk=entry.pk).checked_on == date(2026, 1, 1)


def test_a_refusal_is_said_on_the_page_of_the_entry(client, entry, ben):
    entry.short_answer = "还在改。"
    entry.save_revision()
    client.force_login(ben)

    page = client.post(url(entry), follow=True)

    assert "本条目有更新的草稿" in page.content.decode()


def test_only_writers_note_it(entry, ana, dan, ben, county):
    people = {
        "nobody": None, "ana": ana, "dan": dan,
        "iris": give_role(UserFactory(), Role.INSPECTOR, county),
        "otto": give_role(UserFactory(), Role.AUDITOR, county),
    }  # fmt: skip

    for person in people.values():
        client = Client()
        if person:
            client.force_login(person)
        assert client.post(url(entry)).status_code == 302
        assert client.get(url(entry)).status_code == 302
    before = EntryPage.objects.get(pk=entry.pk).checked_on
    client = Client()
    client.force_login(ben)
    client.post(url(entry))

    assert (before, EntryPage.objects.get(pk=entry.pk).checked_on) == (date(2026, 1, 1), TODAY)


def test_noting_needs_the_token_of_the_page(entry, ben):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ben)

    response = strict.post(url(entry))

    assert (response.status_code, EntryPage.objects.get(pk=entry.pk).checked_on) == (403, date(2026, 1, 1))


def test_what_is_no_entry_is_absent(client, entry, ben):
    client.force_login(ben)

    assert client.post(reverse("entry_checked:checked", args=[entry.get_parent().pk])).status_code == 404
