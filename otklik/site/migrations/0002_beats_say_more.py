"""A sign of life says how much memory its process takes, what faults it met, how many streams are open."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("otklik_site", "0001_upkeep")]
    operations = [
        migrations.AddField("beat", "memory_bytes", models.BigIntegerField(default=0)),
        migrations.AddField("beat", "database_faults", models.BigIntegerField(default=0)),
        migrations.AddField("beat", "streams", models.IntegerField(null=True)),
    ]
