"""Lists reach PostgreSQL as psycopg would have written them, only sooner."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from psycopg.adapt import PyFormat, Transformer
from psycopg.types.array import ListDumper

from common.postgres_lists import quick_list_dumper

# PostgreSQL holds neither half a character nor none.
_characters = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
TEXTS = st.lists(st.one_of(st.none(), st.text(st.sampled_from('"\\{},甲 a\n')), st.text(_characters)), min_size=1)


def dumped(dumper: type[Any], texts: list[str | None]) -> bytes:
    made = dumper(list, Transformer()).upgrade(texts, PyFormat.TEXT)
    return bytes(made.dump(texts))


@given(texts=TEXTS)
def test_the_bytes_of_a_list_are_those_of_psycopg(texts: list[str | None]) -> None:
    assert dumped(quick_list_dumper(), texts) == dumped(ListDumper, texts)


def test_quotation_marks_are_escaped_at_once_and_not_one_by_one() -> None:
    class Counting(ListDumper):
        _re_esc = type("Sub", (), {"sub": lambda self, template, text: pytest.fail("asked psycopg's expression")})()

    with pytest.raises(pytest.fail.Exception):
        dumped(Counting, ['"'])
    assert dumped(quick_list_dumper(), ['"']) == b'{"\\""}'


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the lists of PostgreSQL")
def test_a_connection_to_postgresql_writes_its_lists_so_and_reads_back_what_was_written() -> None:
    written = ['{"a": "\\"甲\\""}', "\\", "", "NULL", 'x"y']

    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [written])
        [(read,)] = cursor.fetchall()
    dumper = connection.connection.adapters.get_dumper(list, PyFormat.AUTO)

    assert read == written
    assert dumper is quick_list_dumper()
