"""Letters that failed of late are found without reading all that ever ended (the upkeep page, the doctor)."""

from django.db import migrations, models

from otklik.indexes import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("desk", "0013_says_its_trace")]
    operations = [
        AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["ended_at"], condition=models.Q(state="failed"), name="delivery_failed"
            ),
        ),
    ]
