"""A delivery says which request made it; how letters of the last minutes fared reads an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("desk", "0012_words_of_the_erased")]
    operations = [
        migrations.AddField(
            model_name="delivery", name="trace_id", field=models.CharField(blank=True, max_length=32, default=""),
            preserve_default=False,
        ),
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                fields=["ended_at"], include=["state", "message"], condition=models.Q(ended_at__isnull=False),
                name="delivery_lately",
            ),
        ),
    ]
