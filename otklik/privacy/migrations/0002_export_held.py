"""An export that is being made is held by a time, not by a lock on its row: how far it is can be seen meanwhile."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_tables")]
    operations = [
        migrations.AddField(model_name="export", name="held_until", field=models.DateTimeField(null=True)),
    ]
