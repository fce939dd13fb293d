"""A form that is sent a second time is known by its words, and leads to the request that it opened."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0007_search_indexes")]
    operations = [
        migrations.AddField(
            model_name="sentsheet",
            name="words",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.AddField(
            model_name="sentsheet",
            name="ticket",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="desk.ticket",
            ),
        ),
    ]
