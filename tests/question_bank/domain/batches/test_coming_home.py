"""What leaves the bank as a file comes home as it was, its pictures and the entries it tests included."""

from collections.abc import Sequence
from io import BytesIO

import pytest
from PIL import Image

from cms.models import AudienceRule, BasePage
from common.pictures import Picture
from members.enums import Role
from members.models import Division, User
from question_bank.domain import figures
from question_bank.domain.batches import commit_batch, read_batch, undo_batch, upload_batch
from question_bank.domain.batches.committing import request_commit
from question_bank.domain.batches.refusals import BatchInUse
from question_bank.domain.exporting import files
from question_bank.domain.exporting.files import ExportFormat, export_questions, losses_of
from question_bank.domain.figures import is_same_picture, keep_figure
from question_bank.domain.importing.recognising import read_file
from question_bank.domain.reviewing import submit_question
from question_bank.enums import RowOutcome
from question_bank.models import ImportBatch, Question, QuestionFigure
from tests.conftest import NOON
from tests.factories.cms import a_handbook, an_entry, entry_of
from tests.factories.members import UserFactory, give_role
from tests.factories.question_bank import QuestionFactory, TopicFactory

pytestmark = pytest.mark.django_db
PICTURED = [each for each in ExportFormat if each != ExportFormat.GIFT]


def drawn(colour: str, format: str = "PNG", size: tuple[int, int] = (160, 120)) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, format)
    return written.getvalue()


def show(question: Question, *pictures: tuple[bytes, str]) -> None:
    question.figures = [
        QuestionFigure(figure=keep_figure(content, at=NOON), description=words) for content, words in pictures
    ]
    question.save()


@pytest.fixture
def question() -> Question:
    """It cites an entry and shows a drawing, which is kept as PNG, and a photograph, which is kept as WebP."""
    entry = entry_of(a_handbook(an_entry("驻村天数"), an_entry("入户走访"), title="驻村手册（2026年）"), 1)
    made = QuestionFactory.create(topic=TopicFactory(code="01"), stem="图中是什么？", entry=entry)
    show(made, (drawn("green"), "公开栏"), (drawn("navy", "JPEG", (300, 200)), "台账"))
    return made


def exported(*, format: str = ExportFormat.XLSX, by: User) -> bytes:
    return export_questions(Question.objects.all(), format=format, reason="备份", by=by, at=NOON).content


def brought(content: bytes, *, by: User) -> ImportBatch:
    batch = upload_batch(content, file_name="题", topic=None, by=by, at=NOON)
    read_batch(batch.pk, at=NOON)
    batch.refresh_from_db()
    return batch


def taken_over(batch: ImportBatch, *, by: User) -> Question:
    request_commit(batch, by=by, at=NOON)
    commit_batch(batch.pk, at=NOON)
    return Question.objects.get()


def entries_in(content: bytes) -> Sequence[str]:
    read = read_file(content, layout=None, remembered=lambda signature: None)
    return [draft.entry for draft in read.questions.drafts]


def outcomes(batch: ImportBatch) -> Sequence[str]:
    return list(batch.rows.values_list("outcome", flat=True))


@pytest.mark.parametrize("format", ExportFormat)
def test_what_was_exported_is_identical_when_it_is_brought_again(question: Question, ben: User, format: str) -> None:
    batch = brought(exported(format=format, by=ben), by=ben)

    assert (outcomes(batch), batch.losses) == ([RowOutcome.IDENTICAL], [])


@pytest.mark.parametrize("format", PICTURED)
def test_in_an_empty_bank_it_has_its_pictures_and_its_entry_again(question: Question, ben: User, format: str) -> None:
    content, entry = exported(format=format, by=ben), question.entry_id
    before = [(bytes(row.figure.content), row.description) for row in question.figures.all()]
    losses = losses_of(Question.objects.all(), format=format, by=ben)
    question.delete()

    made = taken_over(brought(content, by=ben), by=ben)

    shown = list(made.figures.all())
    assert [row.description for row in shown] == [words for _content, words in before]
    pairs = zip(shown, before, strict=True)
    assert [is_same_picture(bytes(row.figure.content), kept) for row, (kept, _words) in pairs] == [True, True]
    assert (made.entry_id, [loss for loss in losses if "图片" in loss]) == (entry, [])


@pytest.mark.parametrize(
    ("colour", "words"), [("red", "公开栏"), ("green", "宣传栏")], ids=["another picture", "other words"]
)
def test_another_picture_or_other_words_are_a_change(question: Question, ben: User, colour: str, words: str) -> None:
    content = exported(by=ben)
    show(question, (drawn(colour), words), (drawn("navy", "JPEG", (300, 200)), "台账"))

    batch = brought(content, by=ben)
    changed = taken_over(batch, by=ben).get_latest_revision_as_object()

    assert outcomes(batch) == [RowOutcome.CHANGED]
    assert [row.description for row in changed.figures.all()] == ["公开栏", "台账"]
    assert changed.figures.all()[0].figure == keep_figure(drawn("green"), at=NOON)


def test_a_change_beside_the_pictures_leaves_them_the_very_same(question: Question, ben: User) -> None:
    content, there = exported(by=ben), [row.figure for row in question.figures.all()]
    Question.objects.filter(pk=question.pk).update(explanation="另有说明。")
    question.options.all().update(text="改过的选项")

    changed = taken_over(brought(content, by=ben), by=ben).get_latest_revision_as_object()

    assert [row.figure for row in changed.figures.all()] == there


def test_another_entry_is_a_change(question: Question, ben: User) -> None:
    content, cited = exported(by=ben), question.entry
    other = entry_of(a_handbook(title="另一本手册"))
    Question.objects.update(entry=other)

    batch = brought(content, by=ben)
    changed = taken_over(batch, by=ben).get_latest_revision_as_object()

    assert (outcomes(batch), changed.entry) == ([RowOutcome.CHANGED], cited)


def test_an_entry_that_is_not_here_is_named_and_the_question_comes_without_it(question: Question, ben: User) -> None:
    content = exported(by=ben)
    question.entry.get_parent().get_parent().specific.delete()
    question.delete()

    batch = brought(content, by=ben)

    assert batch.losses == ["你可用的手册里没有条目“《驻村手册（2026年）》第2条”，相关试题不带该条目导入。"]
    assert taken_over(batch, by=ben).entry is None


def test_a_handbook_that_is_called_otherwise_since_is_no_edit(question: Question, ben: User) -> None:
    content = exported(by=ben)
    handbook = question.entry.get_parent().get_parent().specific
    question.delete()
    batch = brought(content, by=ben)
    made = taken_over(batch, by=ben)
    batch.refresh_from_db()
    submit_question(made, by=ben)
    handbook.title = "驻村手册（2027年）"
    handbook.save()

    undo_batch(batch, by=ben, at=NOON)

    assert not Question.objects.exists()


def test_another_entry_chosen_since_is_an_edit(question: Question, ben: User) -> None:
    content = exported(by=ben)
    question.delete()
    batch = brought(content, by=ben)
    made = taken_over(batch, by=ben)
    batch.refresh_from_db()
    made.entry = entry_of(a_handbook(title="另一本手册"))
    made.save_revision(user=ben, clean=False)

    with pytest.raises(BatchInUse):
        undo_batch(batch, by=ben, at=NOON)


def test_a_name_that_two_entries_have_is_none(question: Question, ben: User) -> None:
    content = exported(by=ben)
    a_handbook(an_entry("甲"), an_entry("乙"), title="驻村手册（2026年）")

    assert losses_of(Question.objects.all(), format="xlsx", by=ben) == [
        "部分试题的所考条目没有写入文件；题库中已有的试题保留原来的条目。"
    ]
    assert brought(content, by=ben).losses == [
        "你可用的手册里没有条目“《驻村手册（2026年）》第2条”，相关试题不带该条目导入。"
    ]


def test_an_entry_addressed_to_another_township_is_neither_written_nor_cited(
    question: Question, ben: User, township: Division, other_township: Division
) -> None:
    handbook = BasePage.objects.get(pk=question.entry.get_parent().get_parent().pk)
    AudienceRule.objects.create(page=handbook, division=township)
    other = give_role(UserFactory(username="other"), Role.TRAINER, other_township)

    told = {person.username: entries_in(exported(by=person)) for person in (ben, other)}
    batch = brought(exported(by=ben), by=other)

    assert told == {"ben": ["《驻村手册（2026年）》第2条"], "other": [""]}
    assert batch.losses == ["你可用的手册里没有条目“《驻村手册（2026年）》第2条”，相关试题不带该条目导入。"]


def test_pictures_too_large_for_an_office_file_are_left_out_and_said(
    question: Question, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_PICTURE_BYTES", 100)

    losses = losses_of(Question.objects.all(), format="xlsx", by=ben)

    assert losses == ["图片合计超过 15 MB，文件中不含图片。请缩小筛选范围，或导出 QTI。"]
    assert outcomes(brought(exported(by=ben), by=ben)) == [RowOutcome.IDENTICAL]


def test_what_is_too_large_for_an_office_file_is_not_converted_to_the_end(
    ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic, converted = TopicFactory(code="01"), []
    for colour in ("green", "red", "blue", "navy"):
        show(QuestionFactory.create(topic=topic, stem=f"图中是{colour}吗？"), (drawn(colour), "图"))
    monkeypatch.setattr(files, "MOST_PICTURE_BYTES", len(drawn("green")) // 2)
    monkeypatch.setattr(files, "without_loss", lambda content: converted.append(content) or content)

    losses = losses_of(Question.objects.all(), format="docx", by=ben)

    assert (len(losses), len(converted)) == (1, 1)


def test_a_picture_of_many_questions_is_converted_once_and_unpacked_once(
    ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic, converted, unpacked = TopicFactory(code="01"), [], []
    stems = ["县里有几个镇？", "资金由谁审批？", "工作队几年轮换？"]
    for stem in stems:
        show(QuestionFactory.create(topic=topic, stem=stem), (drawn("teal", "JPEG"), f"图：{stem}"))
    write_anew = figures.write_anew
    monkeypatch.setattr(files, "without_loss", lambda kept: converted.append(kept) or figures.without_loss(kept))
    monkeypatch.setattr(figures, "write_anew", lambda content: unpacked.append(content) or write_anew(content))
    figures.digest_anew.cache_clear()

    batch = brought(exported(by=ben), by=ben)

    words = [row.words()["images"][0]["description"] for row in batch.rows.all()]
    assert sorted(words) == sorted(f"图：{stem}" for stem in stems)
    assert (outcomes(batch), len(converted), len(unpacked)) == ([RowOutcome.IDENTICAL] * 3, 1, 1)


def test_pictures_of_another_size_are_told_apart_without_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "write_anew", pytest.fail)
    monkeypatch.setattr(figures, "_pixels", pytest.fail)

    assert is_same_picture(drawn("red", size=(6000, 4000)), drawn("red", size=(900, 600))) is False


def test_the_same_pixels_turned_by_their_file_are_another_picture() -> None:
    turned = BytesIO()
    picture = Image.open(BytesIO(drawn("red", size=(40, 40))))
    picture.putpixel((0, 0), (0, 0, 255))
    plain = BytesIO()
    picture.save(plain, "PNG")
    exif = picture.getexif()
    exif[0x112] = 6
    picture.save(turned, "PNG", exif=exif)

    assert is_same_picture(turned.getvalue(), plain.getvalue()) is False


def test_a_picture_knows_its_size() -> None:
    assert Picture("a.png", drawn("red")).size == (160, 120)
