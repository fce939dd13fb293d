"""How letters of the last minutes fared reads an index."""

from django.db import migrations, models

from otklik.indexes import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("desk", "0014_failed_deliveries")]
    operations = [
        AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["ended_at"], include=["state", "message"], condition=models.Q(ended_at__isnull=False),
                name="delivery_lately",
            ),
        ),
    ]
