"""Reading an entry: new, read, changed; and the difference."""

import pytest
from django.test import Client
from wagtail.rich_text import RichText

from cms.domain.changes import changes_since
from cms.domain.reading import mark_read, standings, text_when_read
from cms.models import ReadingRecord
from common.clock import now
from members.models import Division, User
from tests.factories.cms import a_handbook, a_lecture, a_notice, an_entry, entry_of, rewrite


@pytest.mark.django_db
def test_an_entry_is_new_then_read_then_changed_then_read_again(ana: User, dan: User) -> None:
    entry = entry_of(a_handbook())
    seen = [standings([entry], of=ana)[entry.pk]]

    mark_read(entry, by=ana, at=now())
    seen.append(standings([entry], of=ana)[entry.pk])
    entry = rewrite(entry, "二百四十天。")
    seen.append(standings([entry], of=ana)[entry.pk])
    mark_read(entry, by=ana, at=now())
    seen.append(standings([entry], of=ana)[entry.pk])

    assert seen == ["new", "read", "changed", "read"]
    assert standings([entry], of=dan)[entry.pk] == "new"
    assert ReadingRecord.objects.of(ana).count() == 1


@pytest.mark.django_db
def test_the_words_that_were_read_are_kept_with_the_version(ana: User) -> None:
    entry = entry_of(a_handbook(an_entry(short_answer="二百天。")))
    mark_read(entry, by=ana, at=now())

    entry = rewrite(entry, "二百四十天。")

    assert text_when_read(entry, by=ana) == "二百天。\n全年二百天。每季度五十天。\n县级制度\n"


@pytest.mark.django_db
def test_nothing_is_compared_with_what_was_never_read(ana: User) -> None:
    assert text_when_read(entry_of(a_handbook()), by=ana) is None


@pytest.mark.django_db
def test_a_notice_is_new_then_read_then_changed_in_its_list_and_on_its_page(client: Client, ana: User) -> None:
    notice = a_notice("开会通知")
    client.force_login(ana)

    def shown() -> tuple[str, str]:
        listed = [row[3] for row in client.get("/notices/").context["rows"]]
        return listed[0], client.get(notice.url).context["standing"]

    seen = [shown()]
    answer = client.post(f"/reading/{notice.pk}/")
    seen.append(shown())
    notice.body = [("text", RichText("<p>改期。</p>"))]
    notice.save_revision().publish()
    seen.append(shown())

    assert (answer.status_code, answer.headers["Location"]) == (302, notice.url)
    assert seen == [("new", "new"), ("read", "read"), ("changed", "changed")]
    changes = client.get(notice.url).context["changes"]
    assert [change for change in changes if change.kind != "same"] == [("removed", "请到会。"), ("added", "改期。")]


@pytest.mark.django_db
def test_only_what_is_addressed_to_a_person_can_be_said_to_be_read(
    client: Client, dan: User, township: Division
) -> None:
    closed, lecture = a_notice(division=township), a_lecture()
    client.force_login(dan)

    answers = [client.post(f"/reading/{page.pk}/").status_code for page in (closed, lecture)]

    assert (answers, ReadingRecord.objects.count()) == ([404, 404], 0)


def test_sentences_that_came_and_went_are_told_apart() -> None:
    changes = changes_since("先看表。再问人。最后记账。", "先看表。再入户。最后记账。另外拍照。")

    assert changes == [
        ("same", "先看表。"),
        ("removed", "再问人。"),
        ("added", "再入户。"),
        ("same", "最后记账。"),
        ("added", "另外拍照。"),
    ]
