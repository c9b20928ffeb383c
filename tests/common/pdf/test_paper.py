import re
from io import BytesIO

import pypdfium2
import pytest
from django.utils import translation
from reportlab.platypus import PageBreak, Spacer

from common.pdf.blocks import Letterhead, Prose, Signatures, digest_line, heading
from common.pdf.paper import Paper, Rendered, grouped, write_pdf
from common.pdf.tables import ruled_table, write_sheet
from common.tables import Column, SheetSpec, content_digest


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


COLUMNS = [
    Column("序号", kind="integer"),
    Column("姓名"),
    Column("派出单位"),
    Column("得分", kind="decimal"),
    Column("备注", 30),
]
LONG = "成绩经复核后更正，原记录保留：主观题第三题得分由六分改为八分。"


def rows(count):
    return [
        [number, f"张{number}", "县农业农村局", 88.5, LONG if number % 5 == 0 else ""] for number in range(1, count + 1)
    ]


def spec(count, **changes):
    return SheetSpec(**{"name": "成绩", "title": "测试成绩表", "columns": COLUMNS, "rows": rows(count), **changes})


def sheet_pdf(spec, *, office="", **paper):
    target = BytesIO()
    rendered = write_sheet(target, Paper(**{"title": spec.title, **paper}), spec, office=office)
    return target.getvalue(), rendered


def story_pdf(*story, **paper):
    target = BytesIO()
    rendered = write_pdf(target, Paper(**{"title": "文件", **paper}), story)
    return target.getvalue(), rendered


def pages(content):
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
    finally:
        document.close()


def test_every_page_says_which_of_how_many():
    content, rendered = sheet_pdf(spec(100))

    feet = [re.findall(r"Page \d+ of \d+", text) for text in pages(content)]

    assert feet == [[f"Page {number} of {rendered.pages}"] for number in range(1, rendered.pages + 1)]
    assert rendered.pages > 2


def test_header_row_stands_on_every_page_and_no_row_is_lost_or_repeated():
    content, rendered = sheet_pdf(spec(100, totals=["合计", "", "", 88.5, ""]))

    texts = pages(content)
    names = [name for text in texts for name in re.findall(r"张\d+", text)]
    assert names == [f"张{number}" for number in range(1, 101)]
    assert all("派出单位" in text for text in texts)
    assert "合计" in texts[-1]
    assert rendered.missing_glyphs == frozenset()


def test_head_stands_on_every_page_but_the_first():
    content, _ = sheet_pdf(spec(60), number="某组通〔2026〕18号")

    first, *later = pages(content)

    assert "某组通〔2026〕18号" not in first
    assert all(text.count("测试成绩表") == text.count("某组通〔2026〕18号") == 1 for text in later)


def test_fonts_are_embedded_subsets_and_one_page_is_small():
    content, rendered = sheet_pdf(
        spec(12), office="中共某某县委组织部", watermark="张三 2026-09-21", digest="ab12" * 16
    )

    fonts = set(re.findall(rb"/BaseFont /(\S+)", content))

    assert rendered.pages == 1
    assert all(re.match(rb"A{6}\+YingzhiSans", font) for font in fonts)
    assert len(re.findall(rb"/FontFile2", content)) == len(fonts) == 2
    assert len(content) <= 60 * 1024


def test_office_number_watermark_signatures_and_digest_can_be_read_back():
    content, _ = sheet_pdf(
        spec(3, signatures=["制表", "审核"], notes=["及格线60分"]),
        office="中共某某县委组织部",
        number="某组通〔2026〕18号",
        watermark="张三",
        digest=content_digest(spec(3)),
    )

    [text] = pages(content)

    for expected in (
        "中共某某县委组织部",
        "某组通〔2026〕18号",
        "张三",
        "制表:",
        "审核:",
        "Date:",
        "及格线60分",
        content_digest(spec(3)),
    ):
        assert expected in text
    assert f"Check code {grouped(content_digest(spec(3))[:16])}" in text


def test_rare_names_can_be_searched_and_copied():
    content, rendered = story_pdf(Prose("𬭎小龙、㛃月、张喆、龘"))

    assert "𬭎小龙、㛃月、张喆、龘" in pages(content)[0]
    assert rendered == Rendered(1, frozenset())


def test_missing_glyphs_are_reported_and_printed_as_a_geta():
    content, rendered = sheet_pdf(spec(0, rows=[[1, "张\ue123", "", 1, ""]]))

    assert rendered.missing_glyphs == {"\ue123"}
    assert "张〓" in pages(content)[0]


def test_same_content_gives_the_same_file():
    assert sheet_pdf(spec(3))[0] == sheet_pdf(spec(3))[0]


def test_signatures_never_stand_alone_on_a_page():
    for count in range(20, 40):
        content, rendered = sheet_pdf(spec(count, signatures=["制表"]))

        last = pages(content)[-1]
        assert ("制表:" in last, f"张{count}" in last) == (True, True), (count, rendered.pages)


def test_row_higher_than_a_page_goes_on_over_the_page():
    content, rendered = sheet_pdf(spec(0, rows=[[1, "张三", "", 1, "长" * 1500 + "完"], [2, "李四", "", 2, ""]]))

    texts = pages(content)
    assert rendered.pages == 2
    assert sum(text.count("长") for text in texts) == 1500
    assert "李四" in texts[1]


def test_table_without_rows_is_a_header():
    content, rendered = sheet_pdf(spec(0))

    assert rendered.pages == 1
    assert "派出单位" in pages(content)[0]


def test_words_and_figures_are_not_cut_while_there_is_room():
    columns = [Column("得分", kind="decimal"), Column("时间", kind="datetime"), *(Column(f"第{n}列") for n in range(4))]
    content, _ = sheet_pdf(spec(0, columns=columns, rows=[[100.0, "2026-09-21 16:30", *[LONG] * 4]]))

    [text] = pages(content)

    assert "100.0" in text
    assert "2026-09-21 16:30" in text


def test_landscape_is_wider_than_high():
    content, _ = sheet_pdf(spec(1), landscape=True)

    document = pypdfium2.PdfDocument(content)
    width, height = document[0].get_size()
    document.close()

    assert (round(width), round(height)) == (842, 595)


def test_prose_goes_on_over_the_page():
    content, rendered = story_pdf(heading("通知"), Prose("甲" * 3000, indent=2), PageBreak(), Prose("完"))

    texts = pages(content)
    assert sum(text.count("甲") for text in texts) == 3000
    assert "完" in texts[-1]
    assert rendered.pages == len(texts) == 3


@pytest.mark.parametrize("lines", range(36, 46))
def test_prose_of_any_length_around_a_page_fits(lines):
    content, _ = story_pdf(Prose("甲\n" * lines + "乙", after=6))

    texts = pages(content)
    assert sum(text.count("甲") for text in texts) == lines
    assert "乙" in texts[-1]
    assert all("甲" in text for text in texts)


def test_other_flowables_may_stand_between():
    _, rendered = story_pdf(
        Letterhead("县委"), Spacer(1, 400), Prose("一"), Spacer(1, 400), Signatures(["签名"]), digest_line("ab")
    )

    assert rendered.pages == 2


def test_row_of_the_wrong_length_is_an_error():
    with pytest.raises(ValueError, match="argument"):
        ruled_table(COLUMNS, [[1, "张三"]], width=400)


def test_digits_of_a_digest_stand_in_groups():
    assert grouped("ab12cd34ef") == "ab12 cd34 ef"
