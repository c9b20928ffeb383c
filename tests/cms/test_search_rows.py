"""The quick way of writing PostgreSQL's index."""

from typing import Any

import pytest
from django.db import connection
from modelsearch.backends import get_search_backend

from question_bank.models import Question
from tests.factories.question_bank import QuestionFactory

pytestmark = pytest.mark.django_db

COLUMNS = "object_id, title::text, autocomplete::text, body::text, title_norm, title_text, body_text"


def entries() -> list[Any]:
    from modelsearch.backends.database.postgres.postgres import IndexEntry

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM {IndexEntry._meta.db_table} ORDER BY object_id")
        return list(cursor.fetchall())


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite's index is written by Wagtail")
def test_an_entry_is_written_as_wagtail_writes_it_and_written_anew() -> None:
    from modelsearch.backends.database.postgres.postgres import IndexEntry, PostgresIndex

    questions = [QuestionFactory.create(stem="过渡期 ' 为____年。"), QuestionFactory.create(basis="条例第一条")]
    backend = get_search_backend()
    IndexEntry.objects.all().delete()
    PostgresIndex(backend).add_items(Question, questions)
    by_wagtail = entries()
    questions[0].explanation = questions[1].stem = "后来写的"
    PostgresIndex(backend).add_items(Question, questions)
    by_wagtail_anew = entries()

    IndexEntry.objects.all().delete()
    backend.index_class(backend).add_items(Question, questions)
    anew = entries()
    for question in questions:
        question.refresh_from_db()
    backend.index_class(backend).add_items(Question, questions)

    assert type(backend.get_index_for_model(Question)).__name__ == "QuickIndex"
    assert anew == by_wagtail_anew
    assert entries() == by_wagtail
