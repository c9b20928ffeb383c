"""Writers put pictures into questions: uploaded or chosen, described, frozen with the question, shown where it is."""

from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from members.enums import Role
from members.models import Division, User
from question_bank.domain.figures import MOST_BYTES, keep_figure
from question_bank.domain.freezing import problems_of
from question_bank.domain.reviewing import approve_question
from question_bank.models import Figure, Question, QuestionFigure
from tests.conftest import NOON, Clock
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import FigureFactory, QuestionFactory, published
from tests.question_bank.staff.test_questions import TWO_OPTIONS, form, url

pytestmark = pytest.mark.django_db

CREATE = "/admin/question-figures/create/"
CHOOSE = "/admin/question-figures/"


@pytest.fixture
def inspector(county: Division) -> User:
    return give_role(UserFactory.create(), Role.INSPECTOR, county)


def picture(colour: str = "green") -> bytes:
    written = BytesIO()
    Image.new("RGB", (40, 30), colour).save(written, "PNG")
    return written.getvalue()


def upload(client: Client, content: bytes, name: str = "图.png") -> Any:
    return client.post(CREATE, {"picture": SimpleUploadedFile(name, content)})


def shown_in(html: str) -> list[tuple[str, str]]:
    images = BeautifulSoup(html, "html.parser").find_all("img", src=lambda src: src and "question-figures" in src)
    return [(image["src"], image["alt"]) for image in images]


def address_of(figure: Figure) -> str:
    return reverse("question_figure", args=[figure.digest])


def test_an_uploaded_picture_is_kept_and_chosen(client: Client, ben: User, clock: Clock) -> None:
    client.force_login(ben)

    answer = upload(client, picture()).json()

    figure = Figure.objects.get()
    assert (figure.width, figure.height, figure.added_at) == (40, 30, NOON)
    assert answer["step"] == "chosen"
    assert answer["result"] == {
        "id": str(figure.pk), "title": "40 × 30", "edit_url": None, "picture": address_of(figure)
    }  # fmt: skip


def test_the_same_picture_uploaded_twice_is_kept_once(client: Client, ben: User) -> None:
    client.force_login(ben)

    chosen = [upload(client, picture(), name).json()["result"]["id"] for name in ("a.png", "b.png")]

    assert chosen == [str(Figure.objects.get().pk)] * 2


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "这不是可以显示的图片。"),
        (b"%PDF-1.7", "这不是可以显示的图片。"),
        (picture()[:40], "这不是可以显示的图片。"),
        (picture() + b"\0" * MOST_BYTES, "5 MB"),
    ],
    ids=["svg", "pdf", "half a picture", "too large"],
)
def test_what_is_no_picture_is_refused_at_the_field(client: Client, ben: User, content: bytes, refusal: str) -> None:
    client.force_login(ben)

    answer = upload(client, content).json()

    assert answer["step"] == "reshow_creation_form"
    assert refusal in answer["htmlFragment"]
    assert Figure.objects.count() == 0


def test_a_picture_goes_from_the_editor_through_review_into_the_version(client: Client, ben: User, cleo: User) -> None:
    figure = keep_figure(picture(), at=NOON)
    client.force_login(ben)

    client.post(url("add"), {**form(options=TWO_OPTIONS, figures=[(figure, "一块绿色")]), "action-submit": "1"})
    question = Question.objects.get()
    reviewed = shown_in(client.get(url("review", question.pk)).content.decode())
    approve_question(question, by=cleo, at=NOON)

    described = {"digest": figure.digest, "width": 40, "height": 30, "description": "一块绿色"}
    assert reviewed == [(address_of(figure), "一块绿色")]
    assert Question.objects.get().current_version.shown["figures"] == [described]


def test_a_draft_may_lack_the_words_of_a_picture_but_nobody_can_send_or_approve_it(
    client: Client, ben: User, cleo: User
) -> None:
    wordless = form(options=TWO_OPTIONS, figures=[(keep_figure(picture(), at=NOON), "")])
    client.force_login(ben)

    sent = client.post(url("add"), {**wordless, "action-submit": "1"})
    client.post(url("add"), wordless)

    question = Question.objects.get()
    assert [row.errors for row in sent.context["form"].formsets["figures"].forms] == [{"description": ["必需字段"]}]
    assert problems_of(question.get_latest_revision_as_object()) == {"figures": ["请写明每张图片的内容。"]}


def test_words_without_a_picture_are_refused_in_a_draft_too(client: Client, ben: User) -> None:
    sent = form(options=TWO_OPTIONS, figures=[(FigureFactory(), "没有图")]) | {"figures-0-figure": ""}
    client.force_login(ben)

    page = client.post(url("add"), sent)

    assert [list(row.errors) for row in page.context["form"].formsets["figures"].forms] == [["figure"]]
    assert Question.objects.count() == 0


def test_the_preview_shows_a_picture_that_is_not_saved_yet(client: Client, ben: User) -> None:
    figure = keep_figure(picture(), at=NOON)
    client.force_login(ben)
    address = reverse("wagtailsnippets_question_bank_question:preview_on_add")

    accepted = client.post(address, form(options=TWO_OPTIONS, figures=[(figure, "一块绿色")])).json()
    page = client.get(address)

    assert accepted["is_valid"] is True
    assert shown_in(page.content.decode()) == [(address_of(figure), "一块绿色")]
    assert QuestionFigure.objects.count() == 0


def test_another_picture_is_another_version_and_papers_keep_the_old_one(
    client: Client, ben: User, cleo: User, inspector: User
) -> None:
    green, red = (keep_figure(picture(colour), at=NOON) for colour in ("green", "red"))
    question = QuestionFactory.create(single=True, texts=["甲", "乙"])
    question.figures = [QuestionFigure(figure=green, description="一块颜色")]
    question.save()
    published(question)
    sent = form(options=TWO_OPTIONS, ids=[option.pk for option in question.options.all()], figures=[(red, "一块颜色")])
    sent |= {"figures-INITIAL_FORMS": 1, "figures-0-id": question.figures.get().pk}
    client.force_login(ben)

    client.post(url("edit", question.pk), {**sent, "action-submit": "1"})
    approve_question(Question.objects.get(), by=cleo, at=NOON)

    first, second = Question.objects.get().versions.order_by("number")
    assert [version.shown["figures"][0]["digest"] for version in (first, second)] == [green.digest, red.digest]
    client.force_login(inspector)
    newest = client.get(url("versions", question.pk)).context["versions"][0]
    pictures = [(row.before, row.after) for row in newest.differences if str(row.label) == "图片"]
    assert pictures == [
        (f"一块颜色 (40 × 30, {green.digest[:8]})", f"一块颜色 (40 × 30, {red.digest[:8]})"),
    ]
    assert shown_in(client.get(url("inspect", question.pk)).content.decode()) == [(address_of(red), "一块颜色")]


@pytest.mark.parametrize("count", [1, 3])
def test_the_pictures_there_are_can_be_chosen_again(
    client: Client, ben: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _place in range(count):
        QuestionFigure.objects.create(question=QuestionFactory(), figure=FigureFactory(), description="一张图")
    client.force_login(ben)
    client.get(CHOOSE)

    with django_assert_num_queries(CHOOSER_QUERIES):
        page = client.get(CHOOSE).json()

    assert shown_in(page["html"]) == [(address_of(figure), "") for figure in Figure.objects.order_by("-added_at")]
    assert page["html"].count("一张图") == count


# Session, person and rights; how many there are, and a page of them.
CHOOSER_QUERIES = 7


def test_what_was_chosen_is_told_to_the_editor(client: Client, ben: User) -> None:
    figure = FigureFactory.create()
    client.force_login(ben)

    chosen = client.get(f"{CHOOSE}chosen/{figure.pk}/").json()["result"]
    missing = [client.get(f"{CHOOSE}chosen/{pk}/").status_code for pk in (figure.pk + 1, "x")]

    assert (chosen["id"], chosen["picture"], missing) == (str(figure.pk), address_of(figure), [404, 404])


def test_who_writes_no_questions_neither_sees_the_pictures_nor_adds_one(
    client: Client, ana: User, inspector: User
) -> None:
    figure = FigureFactory.create()

    for person in (None, ana, inspector):
        if person:
            client.force_login(person)
        answers = [client.get(CHOOSE), client.get(f"{CHOOSE}chosen/{figure.pk}/"), upload(client, picture())]
        assert {answer.status_code for answer in answers} <= {302, 403}
        assert [answer for answer in answers if figure.digest in answer.content.decode()] == []

    assert Figure.objects.count() == 1


def test_a_picture_is_uploaded_only_with_the_token_of_the_form(ben: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ben)

    assert (upload(client, picture()).status_code, Figure.objects.count()) == (403, 0)
