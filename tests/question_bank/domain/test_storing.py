"""Rows stored by ``common.storing`` are the rows that ``bulk_create`` stores."""

from datetime import UTC, date, datetime

import pytest

from common.storing import store_rows
from question_bank.enums import Difficulty, Kind, RowOutcome
from question_bank.models import ImportBatch, ImportRow, Question
from tests.factories.question_bank import TopicFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
HARD_TEXTS = ["", "\\", "\\N", "甲\t乙\r\n丙", '"引号" {"a": "\\u4e00"}', "NULL", "%s", "\U00020000"]


def questions() -> list[Question]:
    topic = TopicFactory.create()
    return [
        Question(
            topic=topic,
            kind=Kind.TRUE_FALSE,
            difficulty=Difficulty.HARD,
            stem=text,
            statement_is_true=[True, False, None][place % 3],
            valid_to=date(2027, 1, place + 1) if place % 2 else None,
            first_published_at=AT if place % 2 else None,
        )
        for place, text in enumerate(HARD_TEXTS)
    ]


def stored(rows: list[Question]) -> list[dict[str, object]]:
    left_out = {"id", "uuid", "created_at"}
    found = Question.objects.order_by("pk").in_bulk([row.pk for row in rows])
    names = [field.attname for field in Question._meta.concrete_fields if field.name not in left_out]
    return [{name: getattr(found[row.pk], name) for name in names} for row in rows]


def test_questions_are_stored_as_bulk_create_stores_them() -> None:
    quick, plain = questions(), questions()
    for one, other in zip(quick, plain, strict=True):
        one.topic = other.topic

    store_rows(quick)
    Question.objects.bulk_create(plain)

    assert stored(quick) == stored(plain)
    assert [row.stem for row in Question.objects.order_by("pk")] == HARD_TEXTS * 2
    assert {row.uuid for row in quick} == set(
        Question.objects.filter(pk__in=[row.pk for row in quick]).values_list("uuid", flat=True)
    )
    assert all(row.created_at for row in Question.objects.all())


def test_stored_rows_can_be_saved_and_the_next_key_is_free() -> None:
    rows = questions()

    store_rows(rows)
    rows[0].stem = "改过的"
    rows[0].save()
    next_one = Question.objects.create(topic=rows[0].topic, kind=Kind.SHORT, stem="下一题")

    assert Question.objects.get(pk=rows[0].pk).stem == "改过的"
    assert next_one.pk not in {row.pk for row in rows}
    assert Question.objects.count() == len(rows) + 1


def test_json_comes_back_as_it_was_and_none_stays_none(ben) -> None:
    batch = ImportBatch.objects.create(file_name="题.gift", content=b"", uploaded_by=ben, uploaded_at=AT)
    drafts = [{"stem": text, "options": [{"text": text, "is_right": True}]} for text in HARD_TEXTS]

    store_rows(
        [
            ImportRow(batch=batch, number=number, place="第 1 行", outcome=RowOutcome.NEW, draft=draft)
            for number, draft in enumerate([*drafts, None])
        ]
    )

    found = ImportRow.objects.filter(batch=batch).order_by("number")
    assert [row.draft for row in found] == [*drafts, None]
    assert found.filter(draft__isnull=True).count() == 1


def test_no_rows_are_no_work(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        store_rows([])
