"""Reading an entry: new, read, changed; and the difference."""

import pytest

from cms.domain.changes import changes_since
from cms.domain.reading import mark_read, standings, text_when_read
from cms.models import ReadingRecord
from common.clock import now
from members.models import User
from tests.factories.cms import a_handbook, an_entry, entry_of, rewrite


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


def test_sentences_that_came_and_went_are_told_apart() -> None:
    changes = changes_since("先看表。再问人。最后记账。", "先看表。再入户。最后记账。另外拍照。")

    assert changes == [
        ("same", "先看表。"),
        ("removed", "再问人。"),
        ("added", "再入户。"),
        ("same", "最后记账。"),
        ("added", "另外拍照。"),
    ]
