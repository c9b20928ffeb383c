"""What a reader sees of HTML, as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.markup import PictureLink, PlainText, markup, plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>一 </p>\n<p> 二<br>三</p>", "一\n二\n三"),
        ("<p>一</p><p><br></p><p>二</p>", "一\n\n二"),
        ("a  b\n c&nbsp;&lt;d", "a b c\xa0<d"),
        ("<pre>a  b\n c</pre>", "a  b\n c"),
        ("m<sup>2</sup> CO<sub>2</sub> 2<sup>10</sup> x<sup>乙</sup>", "m² CO₂ 2¹⁰ x^(乙)"),
        ("<script>x()</script><style>p {}</style><!-- y -->z", "z"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("", ""),
    ],
)
def test_lines_and_values_are_kept(html, text):
    assert plain_text(html) == PlainText(text)


def test_what_is_lost_is_said():
    assert plain_text("<p><b>一</b></p>") == PlainText("一", has_lost=True)
    assert plain_text("<table><tr><td>一</td><td>二</td></tr><tr><td>三</td></tr></table>") == PlainText(
        "一 | 二\n三", has_lost=True
    )


def test_pictures_are_handed_over_and_media_cannot_be_read():
    assert plain_text('看<img src="a.png" alt="村">图').pictures == [PictureLink("a.png", "村")]
    assert plain_text("看<video src='a.mp4'></video>").unreadable == "video"


def test_nesting_deeper_than_the_parser_goes_is_not_cut_off_in_silence():
    assert plain_text("<b>" * 200 + "x").text == "x"
    assert plain_text("<b>" * 2_000 + "x").unreadable == "html"


@given(st.text(st.one_of(st.sampled_from("<>&\"' \t\n;#a"), st.characters(exclude_categories=["C"]))))
def test_text_survives_as_markup(text):
    assert plain_text(markup(text)) == PlainText(text.strip())


@given(st.text(st.sampled_from("<>/&;=\"' \npbrsuimg0")))
def test_no_html_is_too_broken(html):
    assert isinstance(plain_text(html), PlainText)
