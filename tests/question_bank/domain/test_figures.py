"""Pictures of questions."""

from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from PIL import Image

from common.refusals import Refusal
from members.models import User
from question_bank.domain.asking import versions_as_asked
from question_bank.domain.figures import FigureUnreadable, keep_figure
from question_bank.models import Figure, QuestionFigure
from question_bank.templatetags.questions import question_preview
from tests.conftest import NOON
from tests.factories.question_bank import QuestionFactory, published

pytestmark = pytest.mark.django_db


def picture(format: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "green").save(written, format, **options)
    return written.getvalue()


def test_the_same_picture_is_kept_once() -> None:
    kept = {keep_figure(picture(), at=NOON).pk for _time in range(2)}

    assert (len(kept), Figure.objects.count()) == (1, 1)


def test_a_picture_is_written_anew_without_what_was_hidden_in_it() -> None:
    photograph = picture("JPEG", size=(3000, 1500), comment=b"<script>secret</script>") + b"PK\x03\x04 a second file"

    figure = keep_figure(photograph, at=NOON)

    assert (figure.content_type, figure.width, figure.height) == ("image/webp", 1200, 600)
    assert b"secret" not in bytes(figure.content)
    assert b"second file" not in bytes(figure.content)


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", picture()[:40], b"\x89PNG\r\n\x1a\n" + b"\0" * 40],
    ids=["nothing", "svg", "pdf", "half a picture", "a head alone"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(FigureUnreadable) as refused:
        keep_figure(content, at=NOON)

    assert isinstance(refused.value, Refusal)
    assert Figure.objects.count() == 0


def test_a_figure_is_frozen_with_its_question_and_shown_below_the_stem(ben: User) -> None:
    figure = keep_figure(picture(), at=NOON)
    question = QuestionFactory.create(single=True)
    question.figures = [QuestionFigure(figure=figure, description="一块绿色")]
    question.save()

    version = published(question, by=ben).current_version
    shown = BeautifulSoup(question_preview(question, question.shown_content()), "html.parser").find("img")

    described = {"digest": figure.digest, "width": 40, "height": 30, "description": "一块绿色"}
    assert version.shown["figures"] == [described]
    assert [face._asdict() for face in versions_as_asked([version.pk])[version.pk].figures] == [described]
    assert (shown["src"], shown["alt"]) == (reverse("question_figure", args=[figure.digest]), "一块绿色")
