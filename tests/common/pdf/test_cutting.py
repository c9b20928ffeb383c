from io import BytesIO

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from common.pdf.cutting import UnsuitableFont, coverage, cut
from common.pdf.fonts import _source_path

TEXT = "驻村帮扶，2026 年；Āgé %"
SOURCE = _source_path("SC")


@pytest.fixture(scope="module")
def instances():
    return {
        name: TTFont(BytesIO(content))
        for name, content in cut(SOURCE, map(ord, TEXT), {"Test-Regular": 400, "Test-Bold": 700}).items()
    }


@pytest.mark.parametrize(("name", "weight"), [("Test-Regular", 400), ("Test-Bold", 700)])
def test_outlines_and_widths_are_those_of_fonttools_own_instancer(instances, name, weight):
    with TTFont(SOURCE, lazy=True) as source:
        ours, theirs = instances[name].getGlyphSet(), source.getGlyphSet(location={"wght": weight})
        our_names, their_names = instances[name].getBestCmap(), source.getBestCmap()

        for code in set(map(ord, TEXT)):
            our_glyph, their_glyph = ours[our_names[code]], theirs[their_names[code]]
            assert rounded(outline(our_glyph, ours)) == pytest.approx(rounded(outline(their_glyph, theirs)), abs=1)
            assert our_glyph.width == pytest.approx(their_glyph.width, abs=1)


def outline(glyph, glyphs):
    pen = DecomposingRecordingPen(glyphs)
    glyph.draw(pen)
    return pen.value


def rounded(strokes):
    return [value for _, points in strokes for point in points if point for value in point]


def test_weights_have_names_of_their_own(instances):
    assert {name: font["name"].getDebugName(6) for name, font in instances.items()} == {
        "Test-Regular": "Test-Regular",
        "Test-Bold": "Test-Bold",
    }


def test_font_holds_what_was_asked_for_and_nothing_that_pdf_does_not_need(instances):
    font = instances["Test-Regular"]

    assert set(font.getBestCmap()) == set(map(ord, TEXT))
    assert {"GSUB", "GPOS", "gvar", "fvar", "prep", "vmtx"} & set(font.keys()) == set()


def test_figures_stand_under_each_other(instances):
    for font in instances.values():
        names = font.getBestCmap()
        assert len({font["hmtx"][names[ord(figure)]][0] for figure in "206"}) == 1


def test_static_fonts_are_refused(tmp_path):
    static = tmp_path / "static.ttf"
    static.write_bytes(cut(SOURCE, [0x20], {"Test-Regular": 400})["Test-Regular"])

    with pytest.raises(UnsuitableFont):
        cut(static, [0x20], {"Again-Regular": 400})


def test_coverage_lists_code_points():
    assert {ord("喆"), ord("𬭎")} <= coverage(SOURCE)
