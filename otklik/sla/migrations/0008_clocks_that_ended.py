"""Reports read the clocks that ended in a period (sla/report/counting.py)."""

from django.db import migrations, models
from django.db.models import Q

from otklik.indexes import AddIndex


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0007_replays")]
    operations = [
        AddIndex("clock", models.Index(fields=["ended_at"], condition=Q(state="done"), name="clock_ended")),
    ]
