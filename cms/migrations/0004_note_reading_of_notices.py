"""Notices are read like entries: what was read is any page. An entry's key is that of its page, so every row stays."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cms", "0003_knowledge_pages")]

    operations = [
        migrations.RemoveConstraint(model_name="readingrecord", name="cms_reading_once_a_person"),
        migrations.RenameField(model_name="readingrecord", old_name="entry", new_name="page"),
        migrations.AlterField(
            model_name="readingrecord",
            name="page",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="readings",
                to="cms.basepage",
                verbose_name="page",
            ),
        ),
        migrations.AddConstraint(
            model_name="readingrecord",
            constraint=models.UniqueConstraint(fields=("person", "page"), name="cms_reading_once_a_person"),
        ),
    ]
