"""How many letters came in the last minutes reads an index."""

from django.db import migrations, models

from otklik.indexes import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("channels", "0011_one_letter_a_hand_over")]
    operations = [
        AddIndex(
            model_name="envelope",
            index=models.Index(fields=["received_at"], include=["box"], name="envelope_lately"),
        ),
    ]
