"""entry_ticket begins with the request: the key's own index was written for nothing."""

import django.db.models.deletion
from django.db import migrations, models

from otklik.indexes import drop


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journal", "0002_tell_readers"), ("desk", "0007_search_indexes")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [drop("journal_entry_ticket_id_ef371f3c", "journal_entry", "ticket_id")],
            [
                migrations.AlterField(
                    model_name="entry",
                    name="ticket",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="desk.ticket",
                    ),
                ),
            ],
        ),
    ]
