"""Requests that wait on us and show no time are found at once, however many are open (sla/mending.py)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("desk", "0008_sheet_sent_once")]
    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                "id",
                condition=Q(state__in=("new", "open", "waiting_other"), next_due_at=None),
                name="ticket_unpromised",
            ),
        ),
    ]
