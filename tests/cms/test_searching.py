"""Searching: what is found, what is left out, and the sentence it was found in."""

from datetime import date

import pytest

from cms.domain.searching import Filters, search_pages
from cms.models import EntryPage
from members.models import User
from tests.factories.cms import a_handbook, a_notice, an_entry, entry_of, rewrite

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)


def titles(query: str, person: User | None, filters: Filters | None = None) -> list[str]:
    return [hit.page.title for hit in search_pages(query, of=person, on=TODAY, filters=filters)]


@pytest.mark.parametrize("query", ["脱贫", "脫貧", "果", "脱贫攻坚 成果", "巩固拓展脱贫攻坚成果"])
def test_words_inside_a_sentence_are_found(ana: User, query: str) -> None:
    a_handbook(an_entry("衔接", text="巩固拓展脱贫攻坚成果，守住底线。"), an_entry("别的", text="与此无关。"))

    assert titles(query, ana) == ["衔接"]


@pytest.mark.parametrize("query", ["", "。", "  ", "〔〕", "贫脱", "脱贫成果"])
def test_what_stands_nowhere_is_not_found(ana: User, query: str) -> None:
    a_handbook(an_entry("衔接", text="巩固拓展脱贫攻坚成果，守住底线。"))

    assert titles(query, ana) == []


def test_the_hit_is_shown_in_its_sentence(ana: User) -> None:
    a_handbook(an_entry("衔接", text="先看底线。巩固拓展脱贫攻坚成果。"))

    [hit] = search_pages("脱贫", of=ana, on=TODAY)

    assert hit[2:] == ("巩固拓展", "脱贫", "攻坚成果。")


def test_a_title_comes_before_a_mention(ana: User) -> None:
    a_handbook(an_entry("别的", text="低保，低保，低保，低保。"), an_entry("低保怎样申请", text="到乡镇。"))

    assert titles("低保", ana) == ["低保怎样申请", "别的"]


def test_what_has_expired_is_found_only_when_asked_for(ana: User) -> None:
    a_handbook(an_entry("旧标准", valid_to=date(2026, 6, 14)), an_entry("新标准", valid_to=TODAY))

    assert titles("标准", ana) == ["新标准"]
    assert titles("标准", ana, Filters(with_expired=True)) == ["旧标准", "新标准"]


def test_a_search_is_narrowed_to_a_kind_and_to_a_handbook(ana: User) -> None:
    one, _other = a_handbook(an_entry("开会请假")), a_handbook(an_entry("开会签到"), title="另一本")
    a_notice("开会通知")

    assert titles("开会", ana, Filters(kind="notice")) == ["开会通知"]
    assert titles("开会", ana, Filters(handbook=one)) == ["开会请假"]


def test_a_new_version_is_found_by_its_words_and_not_by_the_old_ones(ana: User) -> None:
    entry = entry_of(a_handbook(an_entry("天数", short_answer="二百天。", text="按制度。")))

    rewrite(entry, "二百四十天。")

    assert (titles("二百天", ana), titles("四十", ana)) == ([], ["天数"])


def test_a_draft_is_not_found(ana: User) -> None:
    a_handbook(an_entry("天数"))
    EntryPage.objects.get().unpublish()

    assert titles("天数", ana) == []
