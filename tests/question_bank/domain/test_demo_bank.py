"""The demonstration bank is large enough, whole, and no question in it says what another says."""

from collections import Counter
from datetime import date
from itertools import combinations

import pytest

from question_bank.domain.demo_bank import load_demo_bank, question_from, read_bank
from question_bank.domain.freezing import problems_of
from question_bank.enums import Kind
from question_bank.models import AnswerOption, Blank, Question, QuestionVersion, Topic
from tests.conftest import NOON

TODAY = date(2026, 6, 15)
MOST_ALIKE = 0.6


@pytest.fixture(scope="module")
def bank():
    return [question_from(row, Topic(code=file.code)) for file in read_bank() for row in file.questions]


def bigrams(text):
    return {text[place : place + 2] for place in range(len(text) - 1)}


def test_the_bank_is_large_enough(bank):
    topics = {file.code for file in read_bank()}

    assert len(bank) >= 300
    assert len(topics) >= 12
    assert {question.kind for question in bank} == set(Kind.values)


def test_every_question_can_be_asked(bank):
    problems = {question.stem: problems_of(question) for question in bank if problems_of(question)}

    assert problems == {}


def test_every_question_has_an_explanation_and_a_basis(bank):
    without = [question.stem for question in bank if not question.explanation.strip() or not question.basis.strip()]

    assert without == []


def test_no_two_stems_are_alike(bank):
    stems = [(question.stem, bigrams(question.stem)) for question in bank]

    alike = [
        (one, other)
        for (one, first), (other, second) in combinations(stems, 2)
        if len(first & second) / len(first | second) >= MOST_ALIKE
    ]

    assert alike == []


def test_some_questions_have_expired_and_most_have_not(bank):
    expired = [question for question in bank if question.valid_to and question.valid_to < TODAY]

    assert 0 < len(expired) < len(bank) / 4


def test_the_right_option_stands_in_every_place(bank):
    places = Counter(
        place
        for question in bank
        if question.kind == Kind.SINGLE
        for place, option in enumerate(question.options.all())
        if option.is_right
    )

    assert min(places[place] for place in range(4)) > 15


@pytest.mark.django_db
def test_loading_freezes_and_publishes_all_and_repeating_it_changes_nothing(bank, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        first = load_demo_bank(at=NOON)
    again = load_demo_bank(at=NOON)

    assert first == (len(read_bank()), len(bank), 0)
    assert again == (0, 0, len(bank))
    assert Question.objects.filter(live=True, current_version__isnull=False).count() == len(bank)
    assert QuestionVersion.objects.count() == len(bank)
    assert AnswerOption.objects.count() == sum(len(question.options.all()) for question in bank)
    assert Blank.objects.count() == sum(len(question.blanks.all()) for question in bank)


@pytest.mark.django_db
def test_loading_leaves_alone_what_a_trainer_changed():
    load_demo_bank(at=NOON)
    changed = Question.objects.first()
    Question.objects.filter(pk=changed.pk).update(explanation="改写的解析")

    load_demo_bank(at=NOON)

    assert Question.objects.get(pk=changed.pk).explanation == "改写的解析"


@pytest.mark.django_db
def test_loaded_questions_keep_their_order_and_marks():
    load_demo_bank(at=NOON)

    anchored = Question.objects.filter(options__is_anchored=True).distinct()
    ordered = Question.objects.filter(options_in_order=True)

    assert anchored.count() == sum("anchored" in row for file in read_bank() for row in file.questions)
    assert ordered.count() == sum("ordered" in row for file in read_bank() for row in file.questions)
    for question in anchored.prefetch_related("options"):
        assert [option.is_anchored for option in question.options.all()][-1] is True
        assert [option["anchored"] for option in question.current_version.shown["options"]][-1] is True
