"""What was done to a request is found without reading all that was written in it."""

from django.db import migrations, models

from otklik.indexes import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journal", "0004_entries_of_the_erased")]
    operations = [
        AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["ticket", "id"],
                condition=~models.Q(word__in=("message.received", "message.written")),
                name="entry_deed",
            ),
        ),
    ]
