"""Files of questions in the staff interface: each state's page, who may do what, and that nothing slips through."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from members.enums import Role
from members.models import User
from question_bank.domain.batches import (
    choose_every_row,
    choose_rows,
    commit_batch,
    read_batch,
    request_commit,
    request_undo,
    undo_batch,
    undoing,
    upload_batch,
)
from question_bank.domain.batches.committing import run_commit
from question_bank.domain.batches.refusals import BatchNotReady
from question_bank.domain.batches.undoing import run_undo
from question_bank.enums import BatchState, Kind, RowOutcome
from question_bank.models import ColumnLayout, ImportBatch, Question
from question_bank.staff.batch_forms import MOST_BYTES
from tests.conftest import NOON
from tests.exams.staff.counting import queries_of
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, TopicFactory, published

pytestmark = pytest.mark.django_db

HEADER = "题型,题干,选项A,选项B,选项C,答案,解析,知识点\n"
CAPITAL = "单选题,省会在哪里？,甲市,乙市,丙市,B,见地图,01\n"
RIVER = "多选题,哪些河流经过本县？,沱江,渠江,岷江,AC,见县志,01\n"
TRUE = "判断题,本县有三条河流。,,,,正确,,01\n"
BROKEN = "单选题,答案不存在的题？,甲,乙,丙,F,,01\n"
# Two columns claim to be the stem: a person has to say which one is.
UNSURE = "题干,题干,选项A,选项B,答案,知识点\n说明,省会在哪里？,甲市,乙市,B,01\n说明,州府在哪里？,甲市,乙市,A,01\n"


@pytest.fixture(autouse=True)
def topic(clock: Any) -> None:
    TopicFactory.create(code="01", title="县情")


@pytest.fixture
def inspector(county: Any) -> User:
    return give_role(UserFactory(username="iris"), Role.INSPECTOR, county)


def brought(text: str, *, by: User, **options: Any) -> ImportBatch:
    return upload_batch(text.encode(), file_name="题.csv", by=by, at=NOON, **options)


def read(text: str, *, by: User, **options: Any) -> ImportBatch:
    batch = brought(text, by=by, **options)
    read_batch(batch.pk, at=NOON)
    batch.refresh_from_db()
    return batch


def taken_over(text: str, *, by: User) -> ImportBatch:
    batch = read(text, by=by)
    request_commit(batch, by=by, at=NOON)
    commit_batch(batch.pk, at=NOON)
    batch.refresh_from_db()
    return batch


def url(name: str, batch: ImportBatch | None = None) -> str:
    return reverse(f"question_files:{name}", args=[batch.uuid] if batch else [])


def words(response: Any) -> str:
    return str(response.content.decode())


def state_of(batch: ImportBatch) -> tuple[Any, ...]:
    """Everything of a file that a person may change."""
    batch.refresh_from_db()
    taken = list(batch.rows.filter(is_taken=True).values_list("number", flat=True))
    return batch.state, batch.layout, batch.default_topic_id, batch.default_difficulty, taken


@pytest.fixture
def at_bens_desk(client: Client, ben: User) -> Client:
    client.force_login(ben)
    return client


# -- bringing ------------------------------------------------------------------------------------


def test_a_trainer_brings_a_file_and_sees_that_it_is_being_read(at_bens_desk: Client, ben: User) -> None:
    file = SimpleUploadedFile("题.csv", (HEADER + CAPITAL).encode())

    response = at_bens_desk.post(url("add"), {"file": file, "topic": "", "difficulty": "hard"}, follow=True)

    batch = ImportBatch.objects.get()
    assert (batch.file_name, batch.uploaded_by, batch.default_difficulty, batch.state) == (
        "题.csv",
        ben,
        "hard",
        BatchState.READING,
    )
    assert 'http-equiv="refresh"' in words(response)
    assert f'data-progress="{url("progress", batch)}"' in words(response)


def test_a_file_of_more_than_twenty_megabytes_is_refused_in_words(at_bens_desk: Client) -> None:
    file = SimpleUploadedFile("题.csv", b"x" * (MOST_BYTES + 1))

    response = at_bens_desk.post(url("add"), {"file": file, "difficulty": "medium"})

    assert response.context["form"].errors == {"file": ["文件超过 20 MB，请拆分后再上传。"]}
    assert not ImportBatch.objects.exists()


def test_the_table_to_fill_in_offers_the_topics(at_bens_desk: Client) -> None:
    response = at_bens_desk.get(url("template"))

    book = openpyxl.load_workbook(BytesIO(response.content))
    assert book["试题"]["A1"].value == "题型"
    assert book["知识点列表"]["A1"].value == "01 县情"


def test_progress_is_told_to_the_script(at_bens_desk: Client, ben: User) -> None:
    batch = brought(HEADER + CAPITAL, by=ben)

    assert at_bens_desk.get(url("progress", batch)).json() == {"state": "reading", "done": 0, "total": 0}


# -- the page in each state ---------------------------------------------------------------------------


def test_a_refused_file_says_why_and_how_to_go_on(at_bens_desk: Client, ben: User) -> None:
    batch = read("今天天气很好。", by=ben)

    response = at_bens_desk.get(url("batch", batch))

    assert batch.state == BatchState.REFUSED
    assert batch.error in words(response)
    assert url("add") in words(response)


def test_the_dry_run_counts_by_outcome_and_says_where_a_row_is_wrong(at_bens_desk: Client, ben: User) -> None:
    batch = read(HEADER + CAPITAL + RIVER + BROKEN, by=ben)

    page = at_bens_desk.get(url("batch", batch))
    refused = at_bens_desk.get(url("batch", batch), {"outcome": "refused"})

    counts = [(each["outcome"], each["n"], each["taken"]) for each in page.context["counts"]]
    assert counts == [("new", 2, 2), ("refused", 1, 0)]
    assert [shown.row.outcome for shown in refused.context["rows"]] == [RowOutcome.REFUSED]
    row = batch.rows.get(outcome=RowOutcome.REFUSED)
    assert row.place in words(refused)
    assert row.reason in words(refused)


def test_a_changed_question_shows_field_by_field_what_differs(at_bens_desk: Client, ben: User) -> None:
    taken_over(HEADER + CAPITAL, by=ben)
    batch = read(HEADER + CAPITAL.replace("B,见地图", "C,见新地图"), by=ben)

    response = at_bens_desk.get(url("batch", batch))

    shown = response.context["rows"][0]
    assert shown.row.outcome == RowOutcome.CHANGED
    assert [(str(label), before, after) for label, before, after in shown.differences] == [
        ("选项与答案", "　 丙市\n✓ 乙市\n　 甲市", "✓ 丙市\n　 乙市\n　 甲市"),
        ("解析", "见地图", "见新地图"),
    ]


def test_two_questions_much_alike_stand_side_by_side(at_bens_desk: Client, ben: User) -> None:
    taken_over(HEADER + "单选题,驻村工作队每年在村工作时间不少于多少天？,200天,180天,220天,A,,01\n", by=ben)
    batch = read(HEADER + "单选题,驻村工作队员每年在村工作时间不少于多少天？,200天,180天,220天,A,,01\n", by=ben)

    response = at_bens_desk.get(url("batch", batch))

    shown = response.context["rows"][0]
    assert shown.row.outcome == RowOutcome.NEAR
    assert (shown.draft.stem, shown.other.stem) == (
        "驻村工作队员每年在村工作时间不少于多少天？",
        "驻村工作队每年在村工作时间不少于多少天？",
    )
    assert f"{shown.row.likeness_percent}%" in words(response)


def test_a_question_that_the_file_holds_twice_stands_beside_the_first(at_bens_desk: Client, ben: User) -> None:
    batch = read(HEADER + CAPITAL + CAPITAL, by=ben)

    rows = at_bens_desk.get(url("batch", batch)).context["rows"]

    assert [(shown.row.outcome, shown.other.stem if shown.other else None) for shown in rows] == [
        (RowOutcome.NEW, None),
        (RowOutcome.NEAR, "省会在哪里？"),
    ]


def test_what_the_format_cannot_keep_is_listed(at_bens_desk: Client, ben: User) -> None:
    batch = read("题干,选项A,选项B,答案,知识点,分值\n省会在哪里？,甲市,乙市,B,01,5\n", by=ben)

    assert batch.losses != []
    assert [loss for loss in batch.losses if loss not in words(at_bens_desk.get(url("batch", batch)))] == []


def test_rows_come_fifty_at_a_time(at_bens_desk: Client, ben: User) -> None:
    rows = "".join(f"判断题,第{n}条规定对驻村工作队适用。,,,,正确,,01\n" for n in range(51))
    batch = read(HEADER + rows, by=ben)

    pages = [at_bens_desk.get(url("batch", batch), {"p": p}).context["rows"] for p in (1, 2)]

    assert [len(page) for page in pages] == [50, 1]


def test_what_was_taken_over_leads_to_its_questions(at_bens_desk: Client, ben: User) -> None:
    QuestionFactory.create(stem="早就在题库里的题？")
    batch = taken_over(HEADER + CAPITAL, by=ben)

    page = at_bens_desk.get(url("batch", batch))
    listed = at_bens_desk.get(reverse("wagtailsnippets_question_bank_question:list"), {"file": batch.pk})

    assert f"?file={batch.pk}" in words(page)
    assert [question.stem for question in listed.context["page_obj"].object_list] == ["省会在哪里？"]


def test_while_it_is_taken_over_the_page_waits(at_bens_desk: Client, ben: User) -> None:
    batch = read(HEADER + CAPITAL, by=ben)
    request_commit(batch, by=ben, at=NOON)

    assert 'data-working="committing"' in words(at_bens_desk.get(url("batch", batch)))


def test_a_file_that_cannot_be_taken_over_is_a_dry_run_again_with_the_reason(at_bens_desk: Client, ben: User) -> None:
    batch = read(HEADER.replace(",知识点", "") + CAPITAL.replace(",01\n", "\n"), by=ben, topic=TopicFactory(code="02"))
    request_commit(batch, by=ben, at=NOON)
    ImportBatch.objects.update(default_topic=None)

    run_commit(batch.pk, at=NOON)

    batch.refresh_from_db()
    assert (batch.state, batch.committed_by, Question.objects.count()) == (BatchState.READ, None, 0)
    assert batch.error in words(at_bens_desk.get(url("batch", batch)))


# -- columns ---------------------------------------------------------------------------------------------


def mapping(*columns: str, **more: str) -> dict[str, str]:
    return {f"column-0-{place}": meaning for place, meaning in enumerate(columns)} | {"kind-0": ""} | more


MENDED = ("", "stem", "option_1", "option_2", "answer", "topic")


def test_a_table_that_is_not_sure_asks_for_its_columns_first(at_bens_desk: Client, ben: User) -> None:
    batch = read(UNSURE, by=ben)

    response = at_bens_desk.get(url("batch", batch), follow=True)

    columns = response.context["blocks"][0].columns
    assert response.redirect_chain == [(url("columns", batch), 302)]
    assert (columns[1].letter, columns[1].heading, columns[1].samples) == (
        "B",
        "题干",
        ["省会在哪里？", "州府在哪里？"],
    )


def test_corrected_columns_are_read_again_and_remembered(at_bens_desk: Client, ben: User) -> None:
    batch = read(UNSURE, by=ben)

    at_bens_desk.post(url("columns", batch), mapping(*MENDED, **{"kind-0": Kind.SINGLE}))
    read_batch(batch.pk, at=NOON)
    again = read(UNSURE, by=ben)

    stems = ["省会在哪里？", "州府在哪里？"]
    assert [row.words()["stem"] for row in batch.rows.all()] == stems
    assert [row.words()["stem"] for row in again.rows.all()] == stems
    assert ColumnLayout.objects.get().confirmed_by == ben


def test_a_table_without_headings_is_read_as_a_person_said(at_bens_desk: Client, ben: User) -> None:
    lines = ["省会在哪里呀？,甲市,乙市,B", "谁来组织入户走访？,村民,队员,B", "台账多久更新一次？,一周,一月,A"]
    batch = read("\n".join(lines), by=ben, topic=TopicFactory(code="02"))
    assert batch.rows.count() == 0

    at_bens_desk.post(url("columns", batch), mapping("stem", "option_1", "option_2", "answer", **{"kind-0": "single"}))
    read_batch(batch.pk, at=NOON)

    assert [row.outcome for row in batch.rows.all()] == [RowOutcome.NEW] * 3


def test_codes_for_right_and_wrong_are_what_a_person_says(at_bens_desk: Client, ben: User) -> None:
    batch = read("题型,题干,答案,知识点\n判断题,驻村工作队驻在村里。,Q,01\n判断题,驻村工作队驻在县里。,P,01\n", by=ben)
    refused = [row.outcome for row in batch.rows.all()]

    sent = mapping("kind", "stem", "answer", "topic", right="Q", wrong="P")
    at_bens_desk.post(url("columns", batch), sent)
    read_batch(batch.pk, at=NOON)

    assert refused == [RowOutcome.REFUSED] * 2
    assert [row.words()["statement_is_true"] for row in batch.rows.all()] == [True, False]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "列的含义没有看懂，未作任何改动。"),
        (mapping("", "nonsense", "option_1", "option_2", "answer", "topic"), "请指明哪一列是题干。"),
        (mapping("nonsense", "stem", "option_1", "option_2", "answer", "topic"), "列的含义没有看懂，未作任何改动。"),
        (mapping(*MENDED, **{"kind-0": "nonsense"}), "列的含义没有看懂，未作任何改动。"),
        (mapping("stem", "stem", "option_1", "option_2", "answer", "topic"), "不能有两列都是“题干”，请只选一列。"),
        (mapping(*MENDED, right="A"), "请把表示正确和表示错误的代码都写上。"),
        (mapping(*MENDED, right="A", wrong="A"), "同一代码不能既表示正确又表示错误。"),
    ],
)
def test_columns_that_make_no_sense_change_nothing(
    at_bens_desk: Client, ben: User, sent: dict[str, str], message: str
) -> None:
    batch = read(UNSURE, by=ben)
    before = state_of(batch)

    response = at_bens_desk.post(url("columns", batch), sent)

    assert (response.status_code, response.context["refusal"]) == (400, message)
    assert state_of(batch) == before
    assert not ColumnLayout.objects.exists()


def test_a_file_without_columns_has_none_to_correct(at_bens_desk: Client, ben: User) -> None:
    batch = read("::一:: 省会在哪里？ {~甲市 =乙市}", by=ben)

    assert at_bens_desk.get(url("columns", batch)).status_code == 302
    assert at_bens_desk.post(url("columns", batch), mapping("stem")).status_code == 400


def test_with_another_topic_the_file_is_read_again(at_bens_desk: Client, ben: User) -> None:
    batch = read(HEADER.replace(",知识点", "") + CAPITAL.replace(",01\n", "\n"), by=ben)
    before = [row.outcome for row in batch.rows.all()]

    topic = TopicFactory(code="02")
    at_bens_desk.post(url("again", batch), {"topic": topic.pk, "difficulty": "easy"})
    read_batch(batch.pk, at=NOON)

    assert (before, [row.outcome for row in batch.rows.all()]) == ([RowOutcome.REFUSED], [RowOutcome.NEW])


# -- choosing, taking over, undoing -----------------------------------------------------------------------


def chosen(batch: ImportBatch) -> list[int]:
    return list(batch.rows.taken().values_list("number", flat=True))


def test_ticks_of_one_page_leave_the_other_rows_alone(at_bens_desk: Client, ben: User) -> None:
    batch = read(HEADER + CAPITAL + RIVER + TRUE + BROKEN, by=ben)

    at_bens_desk.post(url("rows", batch), {"shown": ["1", "2", "4"], "take": ["2", "4"]})

    assert chosen(batch) == [2, 3]


def test_all_of_one_outcome_are_taken_or_skipped(at_bens_desk: Client, ben: User) -> None:
    batch = read(HEADER + CAPITAL + CAPITAL + RIVER, by=ben)

    at_bens_desk.post(url("rows", batch), {"every": "take", "outcome": "near"})
    with_near = chosen(batch)
    at_bens_desk.post(url("rows", batch), {"every": "skip", "outcome": "new"})

    assert (with_near, chosen(batch)) == ([1, 2, 3], [2])


def test_what_is_there_already_is_never_taken_twice(ben: User) -> None:
    taken_over(HEADER + CAPITAL, by=ben)
    batch = read(HEADER + CAPITAL, by=ben)

    choose_rows(batch, among=[1], taken=[1])
    choose_every_row(batch, outcome="", take=True)

    assert (batch.rows.get().outcome, chosen(batch)) == (RowOutcome.IDENTICAL, [])


def test_rows_of_a_file_that_was_taken_over_are_not_chosen_any_more(ben: User) -> None:
    batch = taken_over(HEADER + CAPITAL, by=ben)

    with pytest.raises(BatchNotReady):
        choose_rows(batch, among=[1], taken=[])

    assert chosen(batch) == [1]


def test_the_button_takes_over_what_it_says(at_bens_desk: Client, ben: User) -> None:
    batch = read(HEADER + CAPITAL + RIVER, by=ben)

    at_bens_desk.post(url("commit", batch), {"shown": ["1", "2"], "take": ["1", "2"], "expected": "2"})
    commit_batch(batch.pk, at=NOON)

    assert (state_of(batch)[0], Question.objects.count()) == (BatchState.COMMITTED, 2)


def test_a_choice_that_differs_from_the_button_is_saved_and_shown_first(at_bens_desk: Client, ben: User) -> None:
    batch = read(HEADER + CAPITAL + RIVER, by=ben)

    sent = {"shown": ["1", "2"], "take": ["1"], "expected": "2"}
    page = at_bens_desk.post(url("commit", batch), sent, follow=True)

    assert (state_of(batch)[0], chosen(batch)) == (BatchState.READ, [1])
    assert "选择已保存：现为 1 道题，请核对后再次点击。" in words(page)


def test_undoing_says_how_many_first_and_then_does_it(at_bens_desk: Client, ben: User) -> None:
    batch = taken_over(HEADER + CAPITAL + RIVER, by=ben)

    asked = at_bens_desk.get(url("undo", batch))
    at_bens_desk.post(url("undo", batch))
    waiting = at_bens_desk.get(url("batch", batch))
    run_undo(batch.pk, at=NOON)

    assert (asked.context["added"], asked.context["changed"]) == (2, 0)
    assert "正在撤销此文件" in waiting.content.decode()
    assert (state_of(batch)[0], Question.objects.count()) == (BatchState.UNDONE, 0)
    assert at_bens_desk.get(url("batch", batch)).status_code == 200


def test_what_cannot_be_undone_is_taken_over_still_and_says_why(at_bens_desk: Client, ben: User) -> None:
    batch = taken_over(HEADER + CAPITAL, by=ben)
    published(Question.objects.get(), at=NOON)

    at_bens_desk.post(url("undo", batch))
    run_undo(batch.pk, at=NOON)

    assert (state_of(batch)[0], Question.objects.count()) == (BatchState.COMMITTED, 1)
    page = at_bens_desk.get(url("batch", batch))
    assert "这份文件中已有 1 道题发布，请由管理员撤销。" in page.content.decode()
    assert page.context["batch"].undone_by is None


def test_an_undo_that_breaks_leaves_the_file_taken_over(ben: User, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = taken_over(HEADER + CAPITAL, by=ben)
    request_undo(batch, by=ben)
    monkeypatch.setattr(undoing, "undo_batch", lambda *args, **kwargs: 1 / 0)

    run_undo(batch.pk, at=NOON)

    batch.refresh_from_db()
    assert (batch.state, batch.error) == (BatchState.COMMITTED, "文件未能撤销，情况已记录，请告知办公室。")


def test_a_file_that_is_being_undone_is_not_undone_a_second_time(at_bens_desk: Client, ben: User) -> None:
    batch = taken_over(HEADER + CAPITAL, by=ben)
    request_undo(batch, by=ben)

    response = at_bens_desk.post(url("undo", batch))

    assert response.status_code == 409
    assert response.context["refusal"] == "这份文件没有入库，或已经撤销。"
    run_undo(batch.pk, at=NOON)
    run_undo(batch.pk, at=NOON)
    assert (state_of(batch)[0], Question.objects.count()) == (BatchState.UNDONE, 0)


# -- who ----------------------------------------------------------------------------------------------------

GETS = ("index", "add", "template")
GETS_OF_BATCH = ("batch", "columns", "progress", "undo")
POSTS = ("again", "rows", "commit", "undo", "columns")


def test_who_sees_what(ana: User, ben: User, cleo: User, inspector: User, county: Any) -> None:
    batch = read(HEADER + CAPITAL, by=ben)
    auditor = give_role(UserFactory(), Role.AUDITOR, county)

    found = {}
    people = {"nobody": None, "ana": ana, "ben": ben, "cleo": cleo, "iris": inspector, "otto": auditor}
    for name, person in people.items():
        client = Client()
        if person:
            client.force_login(person)
        addresses = [*(url(each) for each in GETS), *(url(each, batch) for each in GETS_OF_BATCH)]
        found[name] = [client.get(address).status_code for address in addresses]

    everything, away = [200] * 7, [302] * 7
    reading = [200, 302, 302, 200, 200, 200, 302]
    assert found == {
        "nobody": away,
        "ana": away,
        "ben": everything,
        "cleo": everything,
        "iris": reading,
        "otto": reading,
    }


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("who", ["nobody", "member", "reader", "forged"])
def test_whoever_may_not_add_questions_changes_nothing(
    client: Client, ana: User, ben: User, inspector: User, name: str, who: str
) -> None:
    batch = read(UNSURE if name == "columns" else HEADER + CAPITAL, by=ben)
    if name == "undo":
        request_commit(batch, by=ben, at=NOON)
        commit_batch(batch.pk, at=NOON)
    before = state_of(batch)
    person = {"nobody": None, "member": ana, "reader": inspector, "forged": ben}[who]
    client = Client(enforce_csrf_checks=who == "forged")
    if person:
        client.force_login(person)

    sent = mapping(*MENDED, every="skip", outcome="new", expected="1", difficulty="hard", shown="1")
    response = client.post(url(name, batch), sent)

    assert response.status_code == (403 if who == "forged" or (who, name) == ("reader", "columns") else 302)
    assert state_of(batch) == before


def test_another_trainer_may_go_on_with_a_file(client: Client, ben: User, county: Any) -> None:
    other = give_role(UserFactory(), Role.TRAINER, county)
    batch = read(HEADER + CAPITAL, by=ben)
    client.force_login(other)

    client.post(url("commit", batch), {"expected": "1", "shown": "1", "take": "1"})

    batch.refresh_from_db()
    assert (batch.state, batch.committed_by) == (BatchState.COMMITTING, other)


# -- how often the database is asked ---------------------------------------------------------------------------


@pytest.mark.once
def test_the_list_asks_as_often_for_three_files_as_for_one(at_bens_desk: Client, ben: User) -> None:
    read(HEADER + CAPITAL, by=ben)
    one = queries_of(lambda: at_bens_desk.get(url("index")))
    for stem in ("县城", "州府"):
        undo_batch(
            taken_over(HEADER + CAPITAL.replace("省会", stem), by=UserFactory(is_superuser=True)), by=ben, at=NOON
        )

    three = queries_of(lambda: at_bens_desk.get(url("index")))

    assert three == one


@pytest.mark.once
def test_a_page_asks_as_often_for_three_rows_as_for_one(at_bens_desk: Client, ben: User) -> None:
    rows = [CAPITAL, RIVER, TRUE]
    taken_over(HEADER + "".join(rows), by=ben)
    changed = [row.replace("见", "详见").replace("正确", "错误") for row in rows]
    pages = [read(HEADER + "".join(changed[:count]), by=ben) for count in (1, 3)]

    one, three = (queries_of(lambda batch=batch: at_bens_desk.get(url("batch", batch))) for batch in pages)

    assert [batch.rows.filter(outcome=RowOutcome.CHANGED).count() for batch in pages] == [1, 3]
    assert three == one
