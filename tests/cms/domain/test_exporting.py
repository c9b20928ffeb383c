"""A handbook on paper and as one page."""

import gc
import re
from base64 import b64decode
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.utils import translation
from pypdfium2 import raw

from cms.domain.exporting import edition_of, printed_handbook, single_page
from cms.domain.exporting.edition import Edition
from cms.domain.exporting.pdf import write_handbook
from cms.domain.importing import read_book, shelve
from cms.models import EntryPage, HandbookPage
from common.clock import now
from members.models import User
from tests.factories.cms import a_handbook, an_entry, entry_of, rewrite
from tests.support.word import a_book, saved

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _in_english(county: Any) -> Any:
    with translation.override("en"):
        yield


def edition(handbook: HandbookPage, reader: User | None, **changes: Any) -> Edition:
    return edition_of(handbook, **{"reader": reader, "on": TODAY, "base": "https://yingzhi.example/", **changes})


def printed(handbook: HandbookPage, reader: User) -> bytes:
    target = BytesIO()
    write_handbook(target, edition(handbook, reader))
    return target.getvalue()


def pages(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as document:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def many(count: int) -> HandbookPage:
    entries = [an_entry(f"第{n}件要紧事", basis=f"制度{n % 3}", text="天天要做。" * 40) for n in range(1, count + 1)]
    return a_handbook(*entries)


def test_every_entry_stands_on_the_page_that_the_contents_say(ana: User) -> None:
    texts = pages(printed(many(24), ana))

    for number in range(1, 25):
        title = f"{number}. 第{number}件要紧事"
        # Chapter and index come after the contents; a line of the contents is the title and the page together.
        said = re.search(rf"^{re.escape(title)} ?(\d+)$", "\n".join(texts), re.M)
        assert said, title
        assert re.search(rf"^{re.escape(title)}$", texts[int(said[1]) - 1], re.M), title


def test_the_index_names_every_basis_with_its_entries_and_their_pages(ana: User) -> None:
    texts = pages(printed(many(7), ana))

    rows = re.findall(r"^(制度\d|(\d+)\. 第\d件要紧事 ?(\d+))$", texts[-1], re.M)
    assert [row[1] or row[0] for row in rows] == ["制度0", "3", "6", "制度1", "1", "4", "7", "制度2", "2", "5"]


def test_the_head_of_a_page_names_its_chapter_and_the_foot_its_number(ana: User) -> None:
    texts = pages(printed(many(8), ana))

    chapter_pages = texts[2:-1]
    assert chapter_pages
    assert all("应知手册" in text and "第一章" in text for text in chapter_pages)
    assert [f"Page {n} of {len(texts)}" in text for n, text in enumerate(texts, start=1)] == [
        False,
        *[True] * (len(texts) - 1),
    ]


def test_the_cover_says_what_it_is_and_how_old(ana: User) -> None:
    handbook = many(2)

    cover = pages(printed(handbook, ana))[0]

    found = edition(handbook, ana)
    assert "岚溪县" in cover
    assert "应知手册" in cover
    assert "2 entries" in cover
    assert found.digest[:4] in cover
    assert "https://yingzhi.example/handbooks/handbook-1/" in cover


def test_all_fonts_are_embedded(ana: User) -> None:
    content = printed(many(2), ana)

    fonts = re.findall(rb"/BaseFont /(\S+)", content)
    assert fonts
    assert all(b"YingzhiSans" in font for font in fonts)
    assert content.count(b"/FontFile2") >= 2


def test_the_outline_leads_to_chapters_and_entries(ana: User) -> None:
    with pypdfium2.PdfDocument(printed(many(2), ana)) as document:
        outline = [(item.level, item.get_title()) for item in document.get_toc()]

    assert outline == [
        (0, "Contents"),
        (0, "第一章"),
        (1, "1. 第1件要紧事"),
        (1, "2. 第2件要紧事"),
        (0, "Index of bases"),
    ]


def links_on(content: bytes, number: int) -> int:
    """How many links that lead to a place in the document the page has."""
    with pypdfium2.PdfDocument(content) as document:
        page, count, place = document[number], 0, pypdfium2.raw.c_int(0)
        link = raw.FPDF_LINK()
        while raw.FPDFLink_Enumerate(page, place, link):
            count += bool(raw.FPDFLink_GetDest(document, link))
        return count


def test_the_contents_are_links(ana: User) -> None:
    # The chapter, two entries and the index.
    assert links_on(printed(many(2), ana), 1) == 4


EVERY_KIND = [
    {"type": "heading", "value": "小标题甲"},
    {"type": "text", "value": "<p>段落<b>粗字</b><a href='https://example.org/x'>链接</a></p><ol><li>其一</li></ol>"},
    {"type": "steps", "value": ["步骤甲", "步骤乙"]},
    {
        "type": "table",
        "value": {"columns": [{"type": "text", "heading": "表头"}], "rows": [{"values": ["表格"]}], "caption": ""},
    },
    {"type": "key_figure", "value": {"value": "50天", "label": "每季度", "source": "县级制度"}},
    {"type": "warning", "value": "不要代签"},
    {"type": "question", "value": "为什么"},
    {"type": "image", "value": {"image": 999, "description": "不见的图"}},
]
WORDS = ["小标题甲", "段落", "粗字", "链接", "其一", "步骤甲", "步骤乙", "表头", "表格", "50天", "每季度", "县级制度"]
WORDS += ["不要代签", "为什么", "不见的图"]


def with_every_kind() -> HandbookPage:
    handbook = a_handbook(an_entry("各式各样"))
    entry = entry_of(handbook)
    entry.body = entry.body.stream_block.to_python([{**block} for block in EVERY_KIND])
    entry.save_revision().publish()
    return handbook


def test_every_kind_of_block_is_printed(ana: User) -> None:
    text = "\n".join(pages(printed(with_every_kind(), ana)))

    assert [word for word in WORDS if word not in text] == []


def test_every_kind_of_block_is_in_the_single_page(ana: User) -> None:
    text = single_page(edition(with_every_kind(), ana))

    assert [word for word in WORDS if word not in text] == []
    assert '<a href="https://example.org/x">链接</a>' in text


# Wagtail leaves the temporary file of a new rendition to the collector of garbage.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_pictures_are_printed_and_packed_into_the_page(ana: User) -> None:
    handbook = shelve(read_book(saved(a_book())), by=None, at=now(), publish=True)

    page = single_page(edition(handbook, ana))

    found = re.search(r'src="data:image/webp;base64,([^"]+)" alt="公示栏"', page)
    assert found
    assert b64decode(found[1])[8:12] == b"WEBP"
    assert b"/Subtype /Image" in printed(handbook, ana)
    gc.collect()


def test_the_single_page_needs_nothing_else(ana: User) -> None:
    page = single_page(edition(many(3), ana))

    assert re.findall(r"<(script|link|iframe|object)\b", page) == []
    assert re.findall(r'(?:src|url\()\s*=?\s*"?(?!data:)(https?:[^"]*)', page) == []
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


def test_markup_in_an_entry_is_text_in_the_single_page(ana: User) -> None:
    evil = an_entry("<script>alert(1)</script>", text="&lt;img src=x onerror=alert(1)&gt;", basis='"><b>')

    page = single_page(edition(a_handbook(evil), ana))

    assert "<script" not in page
    assert "<img" not in page


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_that_could_run_is_words(ana: User, address: str) -> None:
    handbook = a_handbook(an_entry(text=f'<a href="{address}">点我</a>'))

    page = single_page(edition(handbook, ana))

    assert "点我" in page
    assert address not in page


def test_an_expired_entry_is_marked(ana: User) -> None:
    handbook = a_handbook(an_entry("旧口径", valid_to=date(2025, 12, 31)), an_entry("新口径"))

    texts, page = pages(printed(handbook, ana)), single_page(edition(handbook, ana))

    assert re.search(r"^1\. 旧口径 \(expired\) ?\d+$", texts[1], re.M)
    assert "This no longer holds" in texts[2]
    assert page.count("This no longer holds") == 1


def test_an_edition_holds_what_its_reader_may_read(ana: User) -> None:
    handbook = a_handbook(an_entry("公开的"), an_entry("撤下的"))
    EntryPage.objects.get(title="撤下的").unpublish()

    assert [entry.page.title for entry in edition(handbook, ana).entries] == ["公开的"]


def test_an_edition_asks_as_often_for_many_entries_as_for_one(ana: User, django_assert_max_num_queries: Any) -> None:
    handbook = many(6)

    with django_assert_max_num_queries(8):
        edition(handbook, ana).digest  # noqa: B018


# -- kept on disk -----------------------------------------------------------------------------


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.HANDBOOK_PRINT_DIR = tmp_path
    return tmp_path


def test_the_same_edition_is_printed_once(ana: User, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handbook = many(1)
    first = printed_handbook(edition(handbook, ana))
    monkeypatch.setattr("cms.domain.exporting.keeping.write_handbook", None)

    again = printed_handbook(edition(handbook, ana))

    assert again == first
    assert again.read_bytes() == printed(handbook, ana)


def test_what_changes_the_print_changes_its_file(ana: User, folder: Path) -> None:
    handbook = a_handbook(an_entry("会过期", valid_to=TODAY), an_entry("会改"))
    before = printed_handbook(edition(handbook, ana))
    later = printed_handbook(edition(handbook, ana, on=date(2026, 6, 16)))
    rewrite(entry_of(handbook, 1), "改了。")
    rewritten = printed_handbook(edition(handbook, ana))

    assert len({before, later, rewritten}) == 3


def test_old_prints_of_a_handbook_are_dropped(ana: User, folder: Path) -> None:
    handbook = many(1)

    for number in range(9):
        printed_handbook(edition(handbook, ana, base=f"https://{number}.example/"))

    assert len(list(folder.glob("*.pdf"))) == 6
