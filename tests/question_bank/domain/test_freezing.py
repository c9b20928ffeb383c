"""Versions are made from what a question says, and stay as they are."""

import json
from datetime import timedelta

import pytest

from question_bank.domain.freezing import ID_ALPHABET, QuestionIncomplete, freeze_many, freeze_question
from question_bank.models import Blank, Question, QuestionVersion
from question_bank.models.version import VersionIsFrozen
from tests.conftest import NOON
from tests.factories.question_bank import QuestionFactory

pytestmark = pytest.mark.django_db

KINDS = ["single", "multiple", "true_false", "fill", "short"]


def test_a_choice_question_is_frozen_with_ids_in_place_of_letters():
    question = QuestionFactory(multiple=True, stem="选两项", texts=["甲", "乙", "丙"], right=[0, 2])

    version = freeze_question(question, at=NOON)

    ids = [option["id"] for option in version.shown["options"]]
    assert version.shown == {
        "stem": "选两项",
        "options": [
            {"id": ids[0], "text": "甲", "anchored": False},
            {"id": ids[1], "text": "乙", "anchored": False},
            {"id": ids[2], "text": "丙", "anchored": False},
        ],
        "in_order": False,
        "blanks": 0,
    }
    assert version.key == {"options": [ids[0], ids[2]]}
    assert (version.number, version.frozen_at, question.current_version) == (1, NOON, version)


def test_the_other_kinds_are_frozen_in_their_own_shapes():
    frozen = {
        kind: freeze_question(QuestionFactory(**{kind: True}, stem="题____"), at=NOON)
        for kind in ["true_false", "fill", "short"]
    }

    assert {kind: version.key for kind, version in frozen.items()} == {
        "true_false": {"options": ["true"]},
        "fill": {"blanks": [["答案0"]], "any_order": False},
        "short": {"guide": "答出要点一得2分，答出要点二得3分。"},
    }
    assert {kind: version.shown for kind, version in frozen.items()} == {
        "true_false": {
            "stem": "题____",
            "options": [
                {"id": "true", "text": "对", "anchored": True},
                {"id": "false", "text": "错", "anchored": True},
            ],
            "in_order": False,
            "blanks": 0,
        },
        "fill": {"stem": "题____", "options": [], "in_order": False, "blanks": 1},
        "short": {"stem": "题____", "options": [], "in_order": False, "blanks": 0},
    }


def test_option_ids_are_unique_and_tell_neither_place_nor_key():
    questions = [QuestionFactory(texts=[f"项{place}" for place in range(11)], right=[4]) for _ in range(20)]

    versions = freeze_many(questions, at=NOON)

    for version in versions:
        ids = [option["id"] for option in version.shown["options"]]
        assert len(set(ids)) == 11
        assert all(len(name) == 4 and set(name) <= set(ID_ALPHABET) for name in ids)
    ranks = {sorted(o["id"] for o in v.shown["options"]).index(v.key["options"][0]) for v in versions}
    assert len(ranks) > 1


@pytest.mark.parametrize("kind", KINDS)
def test_freezing_an_unchanged_question_makes_no_new_version(kind):
    question = QuestionFactory(**{kind: True})
    first = freeze_question(question, at=NOON)

    again = freeze_question(Question.objects.get(pk=question.pk), at=NOON + timedelta(days=1))

    assert again == first
    assert QuestionVersion.objects.count() == 1


def test_editing_makes_a_new_version_and_leaves_the_old_one_alone():
    question = QuestionFactory(stem="旧题干")
    old = freeze_question(question, at=NOON)
    question.stem = "新题干"
    question.save()

    new = freeze_question(question, at=NOON + timedelta(days=1))

    question.refresh_from_db()
    assert (old.number, new.number, question.current_version) == (1, 2, new)
    assert QuestionVersion.objects.get(pk=old.pk).shown == old.shown
    assert [version.shown["stem"] for version in question.versions.all()] == ["新题干", "旧题干"]


@pytest.mark.parametrize(
    "change",
    [
        {"difficulty": "hard"},
        {"explanation": "另一种说法"},
        {"basis": "某办法第二条"},
        {"options_in_order": True},
        {"valid_to": NOON.date()},
        {"region": "岚溪县"},
    ],
)
def test_every_field_of_a_version_counts_as_a_change(change):
    question = QuestionFactory()
    freeze_question(question, at=NOON)
    for name, value in change.items():
        setattr(question, name, value)

    version = freeze_question(question, at=NOON)

    assert version.number == 2
    assert all(getattr(version, name, value) == value for name, value in change.items())


def test_a_version_can_be_neither_changed_nor_deleted():
    version = freeze_question(QuestionFactory(), at=NOON)
    version.explanation = "改过"

    with pytest.raises(VersionIsFrozen):
        version.save()
    with pytest.raises(VersionIsFrozen):
        version.delete()

    assert QuestionVersion.objects.get().explanation == "依据条文。"


@pytest.mark.parametrize(
    ("kind", "secret"),
    [("single", "right"), ("multiple", "right"), ("true_false", "key"), ("fill", "机密答案"), ("short", "机密要点")],
)
def test_what_is_shown_never_holds_the_key(kind, secret):
    extra = {"fill": {"accepted": [["机密答案"], ["机密答案二"]]}, "short": {"marking_guide": "机密要点"}}.get(kind, {})
    version = freeze_question(QuestionFactory(**{kind: True}, explanation="机密解析", **extra), at=NOON)

    shown = json.dumps(version.shown, ensure_ascii=False)

    assert secret not in shown
    assert "机密" not in shown
    assert set(version.shown) == {"stem", "options", "in_order", "blanks"}
    assert all(set(option) == {"id", "text", "anchored"} for option in version.shown["options"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"single": True, "right": [0, 1]}, "options"),
        ({"single": True, "right": []}, "options"),
        ({"multiple": True, "right": [1]}, "options"),
        ({"multiple": True, "texts": ["甲", "甲"]}, "options"),
        ({"single": True, "texts": ["只有一项"]}, "options"),
        ({"true_false": True, "statement_is_true": None}, "statement_is_true"),
        ({"fill": True, "stem": "没有空"}, "stem"),
        ({"fill": True, "stem": "一个____", "accepted": [["甲"], ["乙"]]}, "blanks"),
        ({"fill": True, "stem": "一个____", "accepted": [["  "]]}, "blanks"),
        ({"short": True, "marking_guide": " "}, "marking_guide"),
        ({"single": True, "stem": ""}, "stem"),
        ({"single": True, "stem": "坏\x00字"}, "stem"),
        ({"single": True, "texts": ["甲", "乙" * 501]}, "options"),
    ],
)
def test_an_incomplete_question_is_refused_at_its_field(wrong, field):
    # Not saved: PostgreSQL itself refuses some of this.
    question = QuestionFactory.build(**wrong)

    with pytest.raises(QuestionIncomplete) as refusal:
        freeze_question(question, at=NOON)

    assert list(refusal.value.members["errors"]) == [field]
    assert QuestionVersion.objects.count() == 0


def test_one_incomplete_question_refuses_the_whole_batch():
    complete, incomplete = QuestionFactory(), QuestionFactory(right=[])

    with pytest.raises(QuestionIncomplete):
        freeze_many([complete, incomplete], at=NOON)

    assert QuestionVersion.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_freezing_many_takes_as_many_queries_as_freezing_one(count, django_assert_num_queries):
    for kind in KINDS:
        QuestionFactory.create_batch(count, **{kind: True})
    questions = Question.objects.prefetch_related("options", "blanks", "figures__figure")

    with django_assert_num_queries(10):  # a savepoint twice, four reads, lock, newest, insert, pointer
        versions = freeze_many(questions, at=NOON)

    assert [version.question_id for version in versions] == [question.pk for question in questions]
    assert Question.objects.filter(current_version=None).count() == 0


def test_blanks_in_any_order_reach_the_key():
    question = QuestionFactory(fill=True, blanks_in_any_order=True)
    question.blanks = [Blank(accepted="甲\n 乙 \n\n"), Blank(accepted="丙")]

    version = freeze_question(question, at=NOON)

    assert version.key == {"blanks": [["甲", "乙"], ["丙"]], "any_order": True}
