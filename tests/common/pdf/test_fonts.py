import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.pdf.fonts import _ensure_cut, missing_glyphs, typeface
from common.pdf.repertoire import core_characters, printable

COMMON = "中华人民共和国驻村帮扶工作队喆堃镕玥，。（）〔〕①ⅢāÉ·—…％℃"
PRIVATE = "\ue123"


@pytest.fixture(scope="module")
def face():
    return typeface()


def test_frequent_characters_come_from_the_core_font(face):
    assert face.runs(COMMON) == [(face.regular, COMMON)]
    assert face.runs(COMMON, bold=True) == [(face.bold, COMMON)]
    assert face.regular != face.bold


def test_rare_characters_come_from_a_shelf(face):
    first, rare, last = face.runs("张𬭎小")

    assert (first, last) == ((face.regular, "张"), (face.regular, "小"))
    assert rare[1] == "𬭎"
    assert rare[0] not in {face.regular, face.bold}


def test_traditional_and_gbk_characters_are_all_there():
    gbk = (bytes([row, cell]).decode("gbk", "ignore") for row in range(0x81, 0xFE) for cell in range(0x40, 0xFF))

    assert missing_glyphs("".join(gbk)) <= {"≒"}


def test_characters_that_no_font_has_are_reported_and_replaced(face):
    assert missing_glyphs(f"甲{PRIVATE}乙\n") == {PRIVATE}
    assert face.runs(f"甲{PRIVATE}") == [(face.regular, "甲〓")]


def test_text_without_ink_asks_for_no_glyph(face):
    text = "甲\u200b\ufe00\U000e0101\x07乙"

    assert missing_glyphs(text) == set()
    assert face.runs(text) == [(face.regular, "甲乙")]
    assert face.runs("") == []


@settings(deadline=None)  # the first rare character cuts its shelf
@given(st.text(st.sampled_from(COMMON + "𬭎㛃" + PRIVATE), max_size=20))
def test_runs_hold_the_text_in_order_with_its_width(text):
    face = typeface()

    runs = face.runs(text)

    assert "".join(run for _, run in runs) == text.replace(PRIVATE, "〓")
    assert face.width(text, 10) == pytest.approx(sum(face.width(run, 10) for _, run in runs))


def test_chinese_characters_are_square(face):
    assert face.width("驻村工作队", 9) == 45
    assert face.width("0", 10) == face.width("8", 10) == face.width("1", 10)


def test_fonts_that_are_there_are_not_cut_again(tmp_path):
    first = _ensure_cut(tmp_path, "T", "SC", [0x4E00])
    stamps = [path.stat().st_mtime_ns for path in (first.regular, first.bold)]

    second = _ensure_cut(tmp_path, "T", "SC", [0x4E00])

    assert second == first
    assert [path.stat().st_mtime_ns for path in (second.regular, second.bold)] == stamps


def test_two_processes_end_with_the_same_whole_fonts(tmp_path):
    program = (
        "import sys, pathlib; from common.pdf.fonts import _ensure_cut;"
        "f = _ensure_cut(pathlib.Path(sys.argv[1]), 'T', 'SC', range(0x4e00, 0x4e40));"
        "from reportlab.pdfbase.ttfonts import TTFont; widths = TTFont('x', str(f.regular)).face.charWidths;"
        "print(sum(0x4e00 <= code < 0x4e40 for code in widths))"
    )
    start = [sys.executable, "-c", program, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    both = [subprocess.Popen(start, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [process.communicate(timeout=60)[0] for process in both]

    assert answers == ["64\n", "64\n"]
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".lock", ".ttf", ".ttf"]


def test_core_holds_gb2312_and_names():
    core = core_characters()

    assert {ord(c) for c in "啊齄喆堃镕ā✓"} <= core
    assert 8_000 < len(core) < 9_000


def test_line_feeds_stay_printable():
    assert printable("a\tb\r\nc\u2028d\u00a0e") == "a b\nc\nd\u00a0e"
