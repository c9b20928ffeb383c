"""A handbook from Markdown: the tree, what was not understood, all or nothing."""

from datetime import date

import pytest

from cms.domain.importing import read_body, read_markdown, shelve
from cms.domain.importing.shelving import BookRefused
from cms.models import EntryPage, HandbookPage
from common.clock import now
from members.models import User

BOOK = """# 应知手册

写给队员。

## 第一章 驻村

### 一年住几天

短答：二百天。

先看表。

- 每季度五十天
- 报备的外出也算

| 事项 | 天数 |
| --- | --- |
| 全年 | 200 |

注意：不要补签。

依据：县级制度第三条
文号：国办函〔2026〕12号
有效期：2026-01-01 至 2026-12-31
地区：岚溪县
核对：2026-03-01

### 请假找谁

短答：三天以内找乡镇。

依据：县级制度第四条
有效期：长期
"""


def test_headings_become_chapters_and_entries_and_labels_their_fields() -> None:
    book = read_markdown(BOOK)

    assert book.problems == []
    assert (book.title, book.introduction, [chapter.title for chapter in book.chapters]) == (
        "应知手册",
        "写给队员。",
        ["第一章 驻村"],
    )
    first, second = book.chapters[0].entries
    assert (first.title, first.short_answer, first.basis) == ("一年住几天", "二百天。", "县级制度第三条")
    assert (first.document_number, first.region, first.checked_on) == ("国办函〔2026〕12号", "岚溪县", date(2026, 3, 1))
    assert (first.valid_from, first.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert [block["type"] for block in first.body] == ["text", "table", "warning"]
    assert first.body[0]["value"] == "<p>先看表。</p><ul><li>每季度五十天</li><li>报备的外出也算</li></ul>"
    assert (second.title, second.region, second.valid_to) == ("请假找谁", "全国", None)


def test_markup_in_a_file_is_text() -> None:
    body, problems = read_body("一个 <b>词</b> & 一个符号")

    assert problems == []
    assert body == [{"type": "text", "value": "<p>一个 &lt;b&gt;词&lt;/b&gt; &amp; 一个符号</p>"}]


def test_headings_only_part_a_text_of_its_own() -> None:
    body, problems = read_body("开头。\n\n## 先说停了什么\n\n停了。")

    assert problems == []
    assert [(block["type"], block["value"]) for block in body] == [
        ("text", "<p>开头。</p>"),
        ("heading", "先说停了什么"),
        ("text", "<p>停了。</p>"),
    ]


@pytest.mark.parametrize(
    ("wrong", "place", "named"),
    [
        (BOOK.replace("短答：三天以内找乡镇。", ""), "请假找谁", "短答："),
        (BOOK.replace("依据：县级制度第四条", ""), "请假找谁", "依据："),
        (BOOK.replace("2026-12-31", "年底"), "22", "有效期：2026-01-01 至 年底"),
        (BOOK.replace("2026-03-01", "2026-02-30"), "22", "2026-02-30"),
        (BOOK.replace("# 应知手册\n", "", 1), "1", "# …"),
        (BOOK + "\n#### 太深\n", "35", "h4: 太深"),
        (BOOK + "\n```\ncode\n```\n", "35", "fence: code\n"),
    ],
)
def test_what_was_not_understood_is_named_with_its_place(wrong: str, place: str, named: str) -> None:
    problems = read_markdown(wrong).problems

    assert [(problem.place, problem.text) for problem in problems] == [(place, named)]


@pytest.mark.django_db
def test_a_book_is_shelved_as_drafts_in_its_order(ben: User) -> None:
    handbook = shelve(read_markdown(BOOK), by=ben, at=now())

    entries = EntryPage.objects.of_handbook(handbook)
    assert [(entry.number, entry.title, entry.live) for entry in entries] == [
        (1, "一年住几天", False),
        (2, "请假找谁", False),
    ]
    assert entries[0].latest_revision.user == ben
    assert "国办函〔2026〕12号" in entries[0].plain_text


@pytest.mark.django_db
@pytest.mark.parametrize("text", [BOOK.replace("依据：县级制度第四条", ""), "# 空手册\n"])
def test_a_book_with_a_problem_or_without_entries_brings_in_nothing(text: str) -> None:
    with pytest.raises(BookRefused):
        shelve(read_markdown(text), by=None, at=now(), publish=True)

    assert HandbookPage.objects.count() == 0
