"""What an answer may look like; everything else is refused before anything is stored."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.answers import (
    BLANK_CHARACTERS,
    LARGEST_SEQUENCE,
    TEXT_CHARACTERS,
    Answer,
    check_answer,
    faces_of,
    forget_faces,
    read_answers,
)
from exams.domain.refusals import AnswerRefused
from members.models import User
from question_bank.domain import asking
from question_bank.domain.asking import AskedOption, AskedVersion, versions_as_asked
from question_bank.enums import Kind
from tests.factories.exams import opened_attempt, published_exam
from tests.factories.question_bank import QuestionFactory, published


def face(kind: str, *, blanks: int = 0) -> AskedVersion:
    names = {"true_false": ["true", "false"], "fill": [], "short": []}.get(kind, list("abcd"))
    return AskedVersion(kind, "题干", tuple(AskedOption(name, name, False) for name in names), False, blanks)


PAPER = [face("single"), face("multiple"), face("true_false"), face("fill", blanks=2), face("short")]


def row(number: Any = 1, answer: Any = None, sequence: Any = 7, **more: Any) -> dict[str, Any]:
    return {"number": number, "answer": {"options": ["a"]} if answer is None else answer, "sequence": sequence, **more}


@pytest.mark.parametrize(
    ("number", "sent", "stored"),
    [
        (1, {"options": ["b"]}, {"options": ["b"]}),
        (1, {"options": []}, {}),
        (1, {}, {}),
        (2, {"options": ["c", "a"]}, {"options": ["c", "a"]}),
        (3, {"options": ["true"]}, {"options": ["true"]}),
        (4, {"blanks": ["60日", ""]}, {"blanks": ["60日", ""]}),
        (4, {"blanks": ["", ""]}, {}),
        (4, {"blanks": ["喆" * BLANK_CHARACTERS, "𠮷"]}, {"blanks": ["喆" * BLANK_CHARACTERS, "𠮷"]}),
        (5, {"text": "一、\r\n\t二"}, {"text": "一、\r\n\t二"}),
        (5, {"text": ""}, {}),
        (5, {"text": "字" * TEXT_CHARACTERS}, {"text": "字" * TEXT_CHARACTERS}),
    ],
)
def test_an_answer_that_fits_is_taken_as_sent(number: int, sent: dict, stored: dict) -> None:
    assert read_answers([row(number, sent)], PAPER) == [Answer(number, stored, 7, False)]


def test_a_whole_paper_may_come_in_one_call() -> None:
    rows = [
        row(1, {"options": ["a"]}, 1, flagged=True),
        row(2, {"options": ["a", "b"]}, 2),
        row(3, {"options": ["false"]}, 0),
        row(4, {"blanks": ["x", "y"]}, LARGEST_SEQUENCE),
        row(5, {"text": "z"}, 3, flagged=False),
    ]

    assert [(each.number, each.sequence, each.flagged) for each in read_answers(rows, PAPER)] == [
        (1, 1, True),
        (2, 2, False),
        (3, 0, False),
        (4, LARGEST_SEQUENCE, False),
        (5, 3, False),
    ]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (None, "not_a_list"),
        ([], "not_a_list"),
        ({"number": 1}, "not_a_list"),
        ("responses", "not_a_list"),
        ([row()] * 6, "too_many_responses"),
        ([row()] * 10_000, "too_many_responses"),
        ([row(), row()], "question_repeated"),
        ([row(), row(sequence=8)], "question_repeated"),
        ([None], "not_an_object"),
        ([[1, {}, 1]], "not_an_object"),
        ([row(0)], "unknown_question"),
        ([row(6)], "unknown_question"),
        ([row(-1)], "unknown_question"),
        ([row(2**70)], "unknown_question"),
        ([row("1")], "unknown_question"),
        ([row(1.0)], "unknown_question"),
        ([row(True)], "unknown_question"),
        ([row([1])], "unknown_question"),
        ([{"answer": {}, "sequence": 1}], "unknown_question"),
        ([row(sequence=-1)], "bad_sequence"),
        ([row(sequence=LARGEST_SEQUENCE + 1)], "bad_sequence"),
        ([row(sequence=2**80)], "bad_sequence"),
        ([row(sequence="7")], "bad_sequence"),
        ([row(sequence=7.0)], "bad_sequence"),
        ([row(sequence=float("nan"))], "bad_sequence"),
        ([row(sequence=True)], "bad_sequence"),
        ([{"number": 1, "answer": {}}], "bad_sequence"),
        ([row(flagged="yes")], "bad_flag"),
        ([row(flagged=1)], "bad_flag"),
        ([row(flagged=None)], "bad_flag"),
        ([{"number": 1, "sequence": 1}], "not_an_object"),
        ([row(answer=[])], "not_an_object"),
        ([row(answer="a")], "not_an_object"),
        ([row(answer={"text": "a"})], "wrong_kind"),
        ([row(answer={"options": ["a"], "text": "a"})], "wrong_kind"),
        ([row(answer={"\ud800": ["a"]})], "wrong_kind"),
        ([row(answer={"options": "a"})], "bad_options"),
        ([row(answer={"options": [1]})], "bad_options"),
        ([row(answer={"options": [None]})], "bad_options"),
        ([row(answer={"options": [["a"]]})], "bad_options"),
        ([row(answer={"options": {"a": 1}})], "bad_options"),
        ([row(answer={"options": ["e"]})], "unknown_option"),
        ([row(answer={"options": ["A"]})], "unknown_option"),
        ([row(answer={"options": ["\ud800"]})], "unknown_option"),
        ([row(2, {"options": ["a", "a"]})], "unknown_option"),
        ([row(1, {"options": ["a", "b"]})], "too_many_options"),
        ([row(3, {"options": ["true", "false"]})], "too_many_options"),
        ([row(4, {"blanks": ["x"]})], "blank_count"),
        ([row(4, {"blanks": ["x", "y", "z"]})], "blank_count"),
        ([row(4, {"blanks": "xy"})], "blank_count"),
        ([row(4, {"blanks": ["x", 1]})], "not_a_text"),
        ([row(4, {"blanks": ["x", None]})], "not_a_text"),
        ([row(4, {"blanks": ["x", "字" * (BLANK_CHARACTERS + 1)]})], "too_long"),
        ([row(4, {"blanks": ["x" * 1_000_000, ""]})], "too_long"),
        ([row(4, {"blanks": ["x\0", ""]})], "control_characters"),
        ([row(4, {"blanks": ["\x1b[31m", ""]})], "control_characters"),
        ([row(4, {"blanks": ["\ud800", ""]})], "control_characters"),
        ([row(5, {"text": ["a"]})], "not_a_text"),
        ([row(5, {"text": None})], "not_a_text"),
        ([row(5, {"text": "字" * (TEXT_CHARACTERS + 1)})], "too_long"),
        ([row(5, {"text": "\0"})], "control_characters"),
        # One bad row refuses the whole call.
        ([row(2), row(1, {"options": ["x"]})], "unknown_option"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_its_reason(rows: Any, reason: str) -> None:
    with pytest.raises(AnswerRefused) as refusal:
        read_answers(rows, PAPER)

    assert refusal.value.members["reason"] == reason
    assert str(refusal.value)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["a", "true", "options"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
almost = st.fixed_dictionaries(
    {},
    optional={
        "number": st.integers(-1, 6) | anything,
        "answer": st.dictionaries(st.sampled_from(["options", "blanks", "text", "x"]), anything, max_size=2) | anything,
        "sequence": st.integers(-1, 5) | anything,
        "flagged": st.booleans() | anything,
    },
)


@given(rows=anything | st.lists(almost | anything, max_size=6))
def test_whatever_is_sent_is_either_checked_or_refused(rows: Any) -> None:
    try:
        answers = read_answers(rows, PAPER)
    except AnswerRefused:
        return

    assert [type(answer) for answer in answers] == [Answer] * len(rows)
    for answer in answers:
        assert check_answer(answer.answer, PAPER[answer.number - 1], number=answer.number) == answer.answer


@pytest.mark.django_db
class TestRemembering:
    def test_the_versions_of_a_paper_are_asked_from_the_database_once(
        self, ana: User, django_assert_num_queries: Any
    ) -> None:
        attempt = opened_attempt(published_exam(ana), ana)
        forget_faces()

        with django_assert_num_queries(1):
            asked = {faces_of(attempt.paper_id) for _time in range(3)}

        assert [len(faces) for faces in asked] == [len(attempt.paper.items)]

    def test_a_face_holds_no_key(self, ben: User) -> None:
        question = published(QuestionFactory.create(fill=True, accepted=[["机密答案"], ["另一个"]]), by=ben)
        version = question.current_version

        asked = versions_as_asked([version.pk])[version.pk]

        assert version.key == {"blanks": [["机密答案"], ["另一个"]], "any_order": False}
        assert asked == AskedVersion(Kind.FILL, question.stem, (), False, 2)

    def test_the_memory_is_bounded(self, ben: User, monkeypatch: pytest.MonkeyPatch) -> None:
        versions = [published(QuestionFactory.create(), by=ben).current_version_id for _number in range(4)]
        monkeypatch.setattr(asking, "MOST_CACHED", 3)

        first = versions_as_asked(versions[:2])
        both = versions_as_asked(versions)

        assert list(first) == versions[:2]
        assert list(both) == versions
        assert set(asking._cache) <= set(versions[2:])

    def test_another_thread_that_empties_the_memory_takes_nothing_away(
        self, ben: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        versions = [published(QuestionFactory.create(), by=ben).current_version_id for _number in range(2)]
        versions_as_asked(versions[:1])
        face_of = asking._face

        def emptied_meanwhile(version: Any) -> AskedVersion:
            asking.forget_versions()
            return face_of(version)

        monkeypatch.setattr(asking, "_face", emptied_meanwhile)

        assert list(versions_as_asked(versions)) == versions

    def test_a_version_that_does_not_exist_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            versions_as_asked([12345])
