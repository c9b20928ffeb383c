"""An index for what the search asks PostgreSQL: the words of title and body together.

Wagtail indexes each of the two alone, which the question for both cannot use: a search among 100,000 questions read them
all. SQLite has its full-text table for this.
"""

from django.db import migrations

INDEX = "question_bank_search_words"
TABLE = "wagtailsearch_indexentry"


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE INDEX IF NOT EXISTS {INDEX} ON {TABLE} USING gin ((title || body))")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [
        ("question_bank", "0003_files_figures_and_reports"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [migrations.RunPython(create, drop)]
