"""Requests that wait on us and show no time are found at once, however many are open (sla/mending.py).

Indexes that begin like another one go: each letter and answer wrote them for nothing.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from otklik.indexes import AddIndex


def covered(model: str, name: str, to: str, related: str) -> migrations.AlterField:
    """This key has an index of more columns that begins with it."""
    cascade = django.db.models.deletion.CASCADE
    field = models.ForeignKey(db_index=False, on_delete=cascade, related_name=related, to=to)
    return migrations.AlterField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("desk", "0008_sheet_sent_once")]
    operations = [
        AddIndex(
            model_name="ticket",
            index=models.Index(
                "id",
                condition=Q(state__in=("new", "open", "waiting_other"), next_due_at=None),
                name="ticket_unpromised",
            ),
        ),
        covered("message", "ticket", "desk.ticket", "messages"),
        covered("recipient", "message", "desk.message", "recipients"),
        covered("delivery", "message", "desk.message", "deliveries"),
        migrations.AlterField(
            model_name="ticket",
            name="client",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tickets",
                to="clients.client",
            ),
        ),
    ]
