"""A question of a file is held to what a typed one is held to."""

from dataclasses import replace

import pytest

from question_bank.domain.batches.checking import problems_of_draft
from question_bank.domain.batches.drafting import Placed, question_from
from question_bank.domain.freezing import problems_of
from question_bank.domain.importing.drafts import DraftOption, QuestionDraft
from question_bank.enums import Difficulty, Kind
from question_bank.models import Topic
from tests.conftest import NOON

SINGLE = QuestionDraft(
    place="1", kind=Kind.SINGLE, stem="过渡期多长？", options=(DraftOption("三年"), DraftOption("五年", is_right=True))
)
FILL = QuestionDraft(place="2", kind=Kind.FILL, stem="过渡期为____年。", blanks=(("5", "五"),))
JUDGED = QuestionDraft(place="3", kind=Kind.TRUE_FALSE, stem="过渡期为五年。", statement_is_true=True)
SHORT = QuestionDraft(place="4", kind=Kind.SHORT, stem="何为过渡期？", marking_guide="五年")
SPOILT = {
    "complete choice": SINGLE,
    "complete blanks": FILL,
    "complete statement": JUDGED,
    "complete short answer": SHORT,
    "no stem": replace(SINGLE, stem=""),
    "control character in the stem": replace(SINGLE, stem="过渡期\x07"),
    "control character in an option": replace(SINGLE, options=(*SINGLE.options, DraftOption("\x07"))),
    "control character in the explanation": replace(SINGLE, explanation="\x07"),
    "endless basis and region": replace(SINGLE, basis="据" * 201, region="区" * 61),
    "endless document number": replace(SINGLE, document_number="号" * 61),
    "unknown kind": replace(SINGLE, kind="riddle"),  # type: ignore[arg-type]
    "one option": replace(SINGLE, options=SINGLE.options[1:]),
    "empty option": replace(SINGLE, options=(*SINGLE.options, DraftOption(""))),
    "endless option": replace(SINGLE, options=(*SINGLE.options, DraftOption("长" * 501))),
    "options alike": replace(SINGLE, options=(*SINGLE.options, DraftOption(" 三年"))),
    "nothing right": replace(SINGLE, options=(DraftOption("三年"), DraftOption("五年"))),
    "one right of a multiple choice": replace(SINGLE, kind=Kind.MULTIPLE),
    "options of a fill-in": replace(FILL, options=SINGLE.options),
    "more blanks than marks": replace(FILL, blanks=(("5",), ("6",))),
    "blank that accepts nothing": replace(FILL, blanks=(("", " "),)),
    "no marks": replace(FILL, stem="过渡期为五年。"),
    "statement neither true nor false": replace(JUDGED, statement_is_true=None),
    "no guide": replace(SHORT, marking_guide=" "),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", SPOILT)
def test_the_words_of_a_draft_are_refused_as_the_question_made_of_them_is(name: str) -> None:
    draft = SPOILT[name]
    question = question_from(draft, Placed(Topic(code="1"), Difficulty.MEDIUM), at=NOON)

    problems = problems_of_draft(draft)

    assert problems == problems_of(question)
    assert bool(problems) != name.startswith("complete")
