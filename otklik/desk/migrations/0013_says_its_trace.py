"""A delivery says which request made it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0012_words_of_the_erased")]
    operations = [
        migrations.AddField(
            model_name="delivery", name="trace_id", field=models.CharField(blank=True, max_length=32, default=""),
            preserve_default=False,
        ),
    ]
