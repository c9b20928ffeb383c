"""The preview and the page of an attempt show a question through one template."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from question_bank.domain.asking import AskedFigure, AskedOption, AskedVersion
from question_bank.templatetags.questions import questions
from tests.factories.question_bank import QuestionFactory, published

KINDS = ["single", "multiple", "true_false", "fill", "short"]
OPTIONS = (AskedOption("k3m9", "甲 <b>", anchored=False), AskedOption("w7tz", "乙", anchored=False))


def page(*, person=1, **fields):
    row = {
        "number": 7,
        "kind": "single",
        "kind_label": "单选题",
        "stem": "第一行\n第二行",
        "points": "2.50",
        "options": OPTIONS,
        "blanks": 0,
        "figures": (),
        "answer": {},
        "flagged": False,
    }
    row |= fields
    face = AskedVersion(row["kind"], row["stem"], row["options"], in_order=False, blanks=row["blanks"])
    order = range(len(face.options))
    face = face._replace(figures=row["figures"])
    rows = [SimpleNamespace(**row, face=face, order=order)]
    return BeautifulSoup(questions(rows, SimpleNamespace(pk=person)), "html.parser").section


def controls(section):
    return [
        (field.get("type", field.name), field["name"], field.get("value", field.text), field.has_attr("checked"))
        for field in section.find_all(["input", "textarea"])
    ]


def test_a_choice_travels_under_its_id():
    section = page(answer={"options": ["w7tz"]}, flagged=True)

    assert (section["data-question"], section["data-kind"]) == ("7", "single")
    assert controls(section) == [
        ("checkbox", "flag7", "1", True),
        ("radio", "q7", "k3m9", False),
        ("radio", "q7", "w7tz", True),
    ]
    assert "单选题·2.5 分" in section.text
    assert [label.text.strip() for label in section.find_all("label")] == ["标记第 7 题", "甲 <b>", "乙"]


def test_several_choices_are_boxes():
    section = page(kind="multiple", answer={"options": ["k3m9", "w7tz"]})

    assert controls(section)[1:] == [("checkbox", "q7", "k3m9", True), ("checkbox", "q7", "w7tz", True)]


def test_blanks_are_lines_in_the_stem_and_numbered_inputs_below():
    section = page(kind="fill", stem="从____到____", options=(), blanks=2, answer={"blanks": ['60日"']})

    assert section.legend.text == "从＿＿到＿＿"
    assert controls(section)[1:] == [("text", "q7-1", '60日"', False), ("text", "q7-2", "", False)]
    labels = {label["for"]: label.text for label in section.find_all("label") if label.get("for")}
    assert labels == {"q7-1": "第 1 空", "q7-2": "第 2 空"}


def test_a_short_answer_keeps_its_text():
    section = page(kind="short", options=(), answer={"text": "</textarea>两点"})

    assert controls(section)[1:] == [("textarea", "q7", "\n</textarea>两点", False)]


def test_what_nobody_has_answered_looks_like_what_was_answered_and_taken_back():
    nothing, taken_back = page(), page(answer={"options": []})

    assert str(nothing) == str(taken_back)


def test_each_person_gets_addresses_of_pictures_of_their_own_from_the_pieces_kept_for_all():
    figures = (AskedFigure("ab1", 4, 3, "甲"), AskedFigure("ab12", 4, 3, "乙"))

    first, other, answered = (
        [image["src"] for image in page(figures=figures, person=person, **more).find_all("img")]
        for person, more in ((1, {}), (2, {}), (2, {"answer": {"options": ["k3m9"]}}))
    )

    assert [address.split("/")[1:3] for address in first] == [["question-figures", name] for name in ("ab1", "ab12")]
    assert len({*first, *other}) == 4
    assert other == answered


def test_a_stem_keeps_its_lines():
    assert len(page().legend.find_all("br")) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_the_preview_shows_what_a_member_sees_and_no_key(client, ben, kind):
    secrets = {"short": {"marking_guide": "机密"}, "fill": {"accepted": [["机密"], ["机密"]]}}.get(kind, {})
    question = published(QuestionFactory(**{kind: True}, explanation="机密", **secrets))
    address = reverse(
        "wagtailsnippets_question_bank_question:revisions_view", args=[question.pk, question.latest_revision_id]
    )
    client.force_login(ben)

    shown = client.get(address)

    body = shown.content.decode()
    assert shown.status_code == 200
    assert f'data-kind="{kind}"' in body
    assert "机密" not in body
    assert "is_right" not in body
