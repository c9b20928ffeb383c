"""Wagtail's index of the body alone holds nothing any more.

What a search asks is title and body together (``0004_index_the_words_searched``); the index of the body cost as much
again with every question written. It stays under its name, so that a Wagtail that renames or drops it finds it.
"""

from django.db import migrations

INDEX = "wagtailsear_body_90c85d_gin"
TABLE = "wagtailsearch_indexentry"


def empty(apps, schema_editor):
    _replace(schema_editor, "WHERE false")


def fill(apps, schema_editor):
    _replace(schema_editor, "")


def _replace(schema_editor, condition):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")
        schema_editor.execute(f"CREATE INDEX {INDEX} ON {TABLE} USING gin (body) {condition}")


class Migration(migrations.Migration):
    dependencies = [("question_bank", "0004_index_the_words_searched")]

    operations = [migrations.RunPython(empty, fill)]
