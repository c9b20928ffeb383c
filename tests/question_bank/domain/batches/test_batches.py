"""A file of questions from upload to undo."""

from datetime import timedelta

import pytest
from wagtail.models import WorkflowState

from members.models import User
from question_bank.domain import uses
from question_bank.domain.batches import (
    choose_layout,
    commit_batch,
    committing,
    comparing,
    read_batch,
    reading,
    undo_batch,
    undoing,
    upload_batch,
)
from question_bank.domain.batches.committing import request_commit
from question_bank.domain.batches.refusals import BatchInUse, BatchNotReady, NothingToTake
from question_bank.domain.publishing import publish_question, retire_question
from question_bank.domain.reviewing import submit_question
from question_bank.enums import BatchState, RecheckReason, RowOutcome
from question_bank.models import ImportBatch, Question, QuestionVersion, Recheck, Topic
from tests.conftest import NOON
from tests.factories.question_bank import QuestionFactory, TopicFactory, published

pytestmark = pytest.mark.django_db

HEADER = "题型,题干,选项A,选项B,选项C,答案,解析,知识点\n"
CAPITAL = "单选题,省会在哪里？,甲市,乙市,丙市,B,见地图,01\n"
RIVER = "多选题,哪些河流经过本县？,沱江,渠江,岷江,AC,见县志,01\n"
LATER = NOON + timedelta(hours=1)
BROKEN = "单选题,答案不存在的题？,甲,乙,丙,F,,01\n"


@pytest.fixture(autouse=True)
def topic() -> None:
    TopicFactory.create(code="01", title="县情")


def read(text: str, *, by: User, **options: object) -> ImportBatch:
    batch = upload_batch(text.encode(), file_name="题.csv", by=by, at=NOON, **options)
    read_batch(batch.pk, at=NOON)
    batch.refresh_from_db()
    return batch


def outcomes(batch: ImportBatch) -> list[tuple[str, bool]]:
    return list(batch.rows.order_by("number").values_list("outcome", "is_taken"))


def taken_over(batch: ImportBatch, *, by: User) -> int:
    request_commit(batch, by=by, at=NOON)
    count = commit_batch(batch.pk, at=NOON)
    batch.refresh_from_db()
    return count


def newest() -> Question:
    question: Question = Question.objects.get().get_latest_revision_as_object()
    return question


def changed_by_file(*, by: User) -> ImportBatch:
    """The file that says something else of the capital, taken over."""
    batch = read(HEADER + CAPITAL.replace("见地图", "见行政区划图"), by=by)
    taken_over(batch, by=by)
    return batch


def test_a_dry_run_says_of_every_row_what_it_would_do(ben: User) -> None:
    batch = read(HEADER + CAPITAL + RIVER + BROKEN, by=ben)

    assert batch.state == BatchState.READ
    assert outcomes(batch) == [(RowOutcome.NEW, True), (RowOutcome.NEW, True), (RowOutcome.REFUSED, False)]
    assert Question.objects.count() == 0


def test_what_is_taken_over_is_a_draft_with_its_options_and_key(ben: User) -> None:
    batch = read(HEADER + CAPITAL + BROKEN, by=ben)

    count = taken_over(batch, by=ben)

    question = Question.objects.get()
    assert (count, batch.state, question.live, question.source) == (1, BatchState.COMMITTED, False, "题.csv")
    assert [(row.text, row.is_right) for row in question.options.all()] == [
        ("甲市", False),
        ("乙市", True),
        ("丙市", False),
    ]
    assert (question.explanation, question.topic.code, batch.content) == ("见地图", "01", b"")


def test_the_same_file_again_changes_nothing(ben: User) -> None:
    taken_over(read(HEADER + CAPITAL + RIVER, by=ben), by=ben)

    again = read(HEADER + CAPITAL + RIVER, by=ben)

    assert outcomes(again) == [(RowOutcome.IDENTICAL, False)] * 2
    with pytest.raises(NothingToTake):
        request_commit(again, by=ben, at=NOON)


def test_a_changed_question_gets_a_newer_draft_and_stays_published_as_it_was(ben: User, cleo: User) -> None:
    taken_over(read(HEADER + CAPITAL, by=ben), by=ben)
    version = publish_question(Question.objects.get(), by=cleo, at=NOON)

    batch = read(HEADER + CAPITAL.replace("见地图", "见行政区划图"), by=ben)
    taken_over(batch, by=ben)

    question = Question.objects.get()
    assert outcomes(batch) == [(RowOutcome.CHANGED, True)]
    assert (question.explanation, question.current_version) == ("见地图", version)
    assert question.get_latest_revision_as_object().explanation == "见行政区划图"


def test_what_the_file_does_not_say_is_no_change(ben: User) -> None:
    question = QuestionFactory.create(single=True, topic__code="01")
    options = question.options.all()
    right = "ABCD"[next(place for place, option in enumerate(options) if option.is_right)]
    cells = ["单选题", question.stem, *(option.text for option in options), right]
    header = ",".join(["题型", "题干", *(f"选项{'ABCD'[place]}" for place in range(len(options))), "答案"])

    batch = read(f"{header}\n{','.join(cells)}\n", by=ben, topic=question.topic)

    assert outcomes(batch) == [(RowOutcome.IDENTICAL, False)]


def test_a_question_much_like_another_waits_for_a_person(ben: User) -> None:
    taken_over(read(HEADER + CAPITAL, by=ben), by=ben)

    batch = read(HEADER + CAPITAL.replace("省会在哪里？", "省会在哪里呢？"), by=ben)

    row = batch.rows.get()
    assert (row.outcome, row.is_taken, row.question) == (RowOutcome.NEAR, False, Question.objects.get())
    assert row.likeness_percent is not None
    assert row.likeness_percent >= 85


def test_a_question_that_the_file_holds_twice_is_named(ben: User) -> None:
    batch = read(HEADER + CAPITAL + CAPITAL, by=ben)

    assert [(row.outcome, row.is_taken, row.repeats) for row in batch.rows.all()] == [
        (RowOutcome.NEW, True, None),
        (RowOutcome.NEAR, False, 1),
    ]


def test_a_topic_that_is_not_there_is_refused_and_named(ben: User) -> None:
    batch = read(HEADER + CAPITAL.replace(",01\n", ",天文\n"), by=ben)

    row = batch.rows.get()
    assert row.outcome == RowOutcome.REFUSED
    assert "天文" in row.reason


def test_a_topic_chosen_for_the_file_holds_where_a_row_says_none(ben: User) -> None:
    batch = read(HEADER + CAPITAL.replace(",01\n", ",\n"), by=ben)
    assert outcomes(batch) == [(RowOutcome.REFUSED, False)]

    choose_layout(batch, None, topic=TopicFactory(code="02"), difficulty="easy", by=ben, at=NOON)
    read_batch(batch.pk, at=NOON)

    assert outcomes(batch) == [(RowOutcome.NEW, True)]


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, "只是一段话，没有题目。".encode(), b"%PDF-1.7 x"])
def test_a_file_without_questions_says_so(content: bytes, ben: User) -> None:
    batch = upload_batch(content, file_name="题.xlsx", by=ben, at=NOON)

    read_batch(batch.pk, at=NOON)

    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (BatchState.REFUSED, 0)
    assert batch.error


class TestUndoing:
    def test_an_undone_file_leaves_nothing_behind(self, ben: User) -> None:
        kept = QuestionFactory.create(single=True)
        batch = read(HEADER + CAPITAL + RIVER, by=ben)
        taken_over(batch, by=ben)

        count = undo_batch(batch, by=ben, at=NOON)

        batch.refresh_from_db()
        assert (count, batch.state, list(Question.objects.all())) == (2, BatchState.UNDONE, [kept])

    def test_a_changed_question_is_what_it_was(self, ben: User) -> None:
        taken_over(read(HEADER + CAPITAL, by=ben), by=ben)
        batch = read(HEADER + CAPITAL.replace("见地图", "见行政区划图"), by=ben)
        taken_over(batch, by=ben)

        undo_batch(batch, by=ben, at=NOON)

        assert Question.objects.get().get_latest_revision_as_object().explanation == "见地图"

    def test_what_was_sent_to_review_is_undone(self, ben: User) -> None:
        batch = read(HEADER + CAPITAL + RIVER, by=ben)
        taken_over(batch, by=ben)
        for question in Question.objects.all():
            submit_question(question, by=ben)

        undo_batch(batch, by=ben, at=NOON)

        assert (Question.objects.count(), WorkflowState.objects.active().count()) == (0, 0)

    def test_what_was_published_but_never_asked_is_undone_by_an_administrator(self, ben: User, cleo: User) -> None:
        batch = read(HEADER + CAPITAL + RIVER, by=ben)
        taken_over(batch, by=ben)
        published(Question.objects.first(), by=cleo, at=LATER)

        with pytest.raises(BatchInUse, match="管理员"):
            undo_batch(batch, by=ben, at=LATER)
        count = undo_batch(batch, by=cleo, at=LATER)

        assert (count, Question.objects.count(), QuestionVersion.objects.count()) == (2, 0, 0)

    def test_what_was_asked_since_is_not_undone(self, ben: User, cleo: User, monkeypatch: pytest.MonkeyPatch) -> None:
        batch = read(HEADER + CAPITAL + RIVER, by=ben)
        taken_over(batch, by=ben)
        asked = published(Question.objects.first(), by=cleo, at=LATER)
        use = uses.Use(list, lambda use: QuestionVersion.objects.filter(question=asked))
        monkeypatch.setattr(uses, "_uses", [use])

        with pytest.raises(BatchInUse):
            undo_batch(batch, by=cleo, at=LATER)

        batch.refresh_from_db()
        assert (batch.state, Question.objects.count()) == (BatchState.COMMITTED, 2)

    def test_what_a_change_published_goes_back_to_what_was_published_before(self, ben: User, cleo: User) -> None:
        taken_over(read(HEADER + CAPITAL, by=ben), by=ben)
        first = publish_question(newest(), by=cleo, at=NOON - timedelta(days=1))
        batch = changed_by_file(by=ben)
        publish_question(newest(), by=cleo, at=LATER)

        with pytest.raises(BatchInUse, match="管理员"):
            undo_batch(batch, by=ben, at=LATER)
        undo_batch(batch, by=cleo, at=LATER)

        question = Question.objects.get()
        assert (question.live, question.has_unpublished_changes, question.explanation) == (True, False, "见地图")
        assert (list(question.versions.all()), question.current_version) == ([first], first)
        assert newest().explanation == "见地图"

    def test_a_draft_that_stood_beside_what_was_published_stands_there_again(self, ben: User, cleo: User) -> None:
        taken_over(read(HEADER + CAPITAL, by=ben), by=ben)
        publish_question(newest(), by=cleo, at=NOON - timedelta(days=1))
        draft = newest()
        draft.explanation = "还没审完"
        draft.save_revision(user=ben, clean=False)
        batch = changed_by_file(by=ben)
        publish_question(newest(), by=cleo, at=LATER)

        undo_batch(batch, by=cleo, at=LATER)

        question = Question.objects.get()
        assert (question.live, question.has_unpublished_changes) == (True, True)
        assert (question.explanation, newest().explanation) == ("见地图", "还没审完")

    def test_a_draft_that_was_published_with_the_change_is_a_draft_again(self, ben: User, cleo: User) -> None:
        taken_over(read(HEADER + CAPITAL, by=ben), by=ben)
        batch = changed_by_file(by=ben)
        publish_question(newest(), by=cleo, at=LATER)

        undo_batch(batch, by=cleo, at=LATER)

        question = Question.objects.get()
        assert (question.live, question.current_version) == (False, None)
        assert (question.explanation, newest().explanation) == ("见地图", "见地图")
        assert QuestionVersion.objects.count() == 0

    def test_what_was_retired_meanwhile_stays_retired(self, ben: User, cleo: User) -> None:
        taken_over(read(HEADER + CAPITAL, by=ben), by=ben)
        first = publish_question(newest(), by=cleo, at=NOON - timedelta(days=1))
        batch = changed_by_file(by=ben)
        publish_question(newest(), by=cleo, at=LATER)
        retire_question(Question.objects.get(), by=cleo, at=LATER)

        undo_batch(batch, by=cleo, at=LATER)

        question = Question.objects.get()
        assert (question.live, question.current_version) == (False, first)
        assert (question.explanation, newest().explanation) == ("见地图", "见地图")

    def test_what_had_been_retired_before_is_not_brought_back(self, ben: User, cleo: User) -> None:
        taken_over(read(HEADER + CAPITAL, by=ben), by=ben)
        publish_question(newest(), by=cleo, at=NOON - timedelta(days=1))
        retire_question(Question.objects.get(), by=cleo, at=NOON - timedelta(hours=1))
        batch = changed_by_file(by=ben)
        publish_question(newest(), by=cleo, at=LATER)

        with pytest.raises(BatchInUse, match="逐题"):
            undo_batch(batch, by=cleo, at=LATER)

        assert Question.objects.get().explanation == "见行政区划图"

    def test_a_change_that_settled_a_doubt_is_not_undone(self, ben: User, cleo: User) -> None:
        taken_over(read(HEADER + CAPITAL, by=ben), by=ben)
        publish_question(newest(), by=cleo, at=NOON - timedelta(days=1))
        Recheck.objects.create(question=Question.objects.get(), reason=RecheckReason.VALIDITY, asked_at=NOON)
        batch = changed_by_file(by=ben)
        publish_question(newest(), by=cleo, at=LATER)

        with pytest.raises(BatchInUse, match="逐题"):
            undo_batch(batch, by=cleo, at=LATER)

        assert Recheck.objects.open().count() == 0

    def test_a_change_that_waits_for_its_review_is_taken_back_with_the_review(self, ben: User) -> None:
        taken_over(read(HEADER + CAPITAL, by=ben), by=ben)
        batch = read(HEADER + CAPITAL.replace("见地图", "见行政区划图"), by=ben)
        taken_over(batch, by=ben)
        submit_question(Question.objects.get(), by=ben)

        undo_batch(batch, by=ben, at=LATER)

        question = Question.objects.get()
        assert (question.get_latest_revision_as_object().explanation, question.workflow_in_progress) == (
            "见地图",
            False,
        )

    def test_what_was_edited_since_is_not_undone(self, ben: User, cleo: User) -> None:
        batch = read(HEADER + CAPITAL, by=ben)
        taken_over(batch, by=ben)
        question = Question.objects.get()
        question.stem = "改过的题干？"
        question.save_revision(user=cleo, clean=False)

        with pytest.raises(BatchInUse):
            undo_batch(batch, by=ben, at=NOON)

        assert Question.objects.get().get_latest_revision_as_object().stem == "改过的题干？"

    def test_of_two_files_that_changed_a_question_the_later_one_is_undone_first(self, ben: User) -> None:
        taken_over(read(HEADER + CAPITAL, by=ben), by=ben)
        earlier, later = changed_by_file(by=ben), changed_by_file(by=ben)

        with pytest.raises(BatchInUse, match="其他文件"):
            undo_batch(earlier, by=ben, at=LATER)
        undo_batch(later, by=ben, at=LATER)
        between = newest().explanation
        undo_batch(earlier, by=ben, at=LATER)

        assert (between, newest().explanation) == ("见行政区划图", "见地图")

    @pytest.mark.parametrize("second", ["见乙图", "见甲图"], ids=["saying something else", "saying the same"])
    def test_a_question_that_the_file_changed_twice_is_what_it_was(self, ben: User, second: str) -> None:
        taken_over(read(HEADER + CAPITAL, by=ben), by=ben)
        both = CAPITAL.replace("见地图", "见甲图") + CAPITAL.replace("见地图", second)
        batch = read(HEADER + both, by=ben)
        batch.rows.update(is_taken=True)
        taken_over(batch, by=ben)

        undo_batch(batch, by=ben, at=LATER)

        question = newest()
        assert (question.explanation, question.revisions.count()) == ("见地图", 1)

    def test_a_change_that_nobody_touched_since_is_not_taken_apart(
        self, ben: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken_over(read(HEADER + CAPITAL, by=ben), by=ben)
        batch = changed_by_file(by=ben)
        monkeypatch.setattr(undoing, "says", pytest.fail)

        undo_batch(batch, by=ben, at=LATER)

        assert newest().explanation == "见地图"

    def test_undoing_twice_is_told(self, ben: User) -> None:
        batch = read(HEADER + CAPITAL, by=ben)
        taken_over(batch, by=ben)
        undo_batch(batch, by=ben, at=NOON)

        with pytest.raises(BatchNotReady):
            undo_batch(batch, by=ben, at=NOON)


def test_taking_over_twice_brings_the_questions_once(ben: User) -> None:
    batch = read(HEADER + CAPITAL, by=ben)
    request_commit(batch, by=ben, at=NOON)

    counts = [commit_batch(batch.pk, at=NOON) for _time in range(2)]

    assert (counts, Question.objects.count()) == ([1, 0], 1)
    with pytest.raises(BatchNotReady):
        request_commit(batch, by=ben, at=NOON)


def test_short_names_of_two_gift_files_do_not_make_one_question_of_two(ben: User) -> None:
    first = read("::Q1:: 省会在哪里？ {=乙市 ~甲市 ~丙市}\n", by=ben, topic=Topic.objects.get())
    taken_over(first, by=ben)

    second = read("::Q1:: 连片帮扶资金由谁审批后拨付？ {=县里 ~乡镇 ~村里}\n", by=ben, topic=Topic.objects.get())
    again = read("::Q7:: 省会在哪里？ {=乙市 ~甲市 ~丙市}\n", by=ben, topic=Topic.objects.get())

    assert (outcomes(second), outcomes(again)) == ([(RowOutcome.NEW, True)], [(RowOutcome.IDENTICAL, False)])


def test_a_file_larger_than_a_portion_is_read_and_taken_over_whole(ben: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(reading, "STORED_AT_ONCE", 2)
    monkeypatch.setattr(committing, "STORED_AT_ONCE", 2)
    more = "判断题,本县有三个镇。,,,,对,,01\n判断题,全县都通了公路吗？,,,,错,,01\n"
    taken_over(read(HEADER + CAPITAL, by=ben), by=ben)

    batch = read(HEADER + CAPITAL.replace("见地图", "看地图") + RIVER + BROKEN + more, by=ben)
    count = taken_over(batch, by=ben)

    rows = list(batch.rows.order_by("number").select_related("made"))
    assert (count, batch.done, batch.total) == (4, 5, 5)
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert [(row.outcome, row.made.stem if row.made else None) for row in rows] == [
        (RowOutcome.CHANGED, "省会在哪里？"),
        (RowOutcome.NEW, "哪些河流经过本县？"),
        (RowOutcome.NEW, "本县有三个镇。"),
        (RowOutcome.NEW, "全县都通了公路吗？"),
        (RowOutcome.REFUSED, None),
    ]
    assert undo_batch(batch, by=ben, at=NOON + timedelta(hours=1)) == 4
    assert Question.objects.count() == 1
