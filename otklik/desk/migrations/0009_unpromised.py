"""Requests that wait on us and show no time are found at once, however many are open (sla/mending.py).

Indexes that begin like another one go: each letter and answer wrote them for nothing.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from otklik.indexes import AddIndex, drop


def covered(model: str, name: str, field: models.ForeignKey, index: str) -> migrations.SeparateDatabaseAndState:
    """This key has an index of more columns that begins with it; its own goes."""
    return migrations.SeparateDatabaseAndState(
        [drop(index, f"desk_{model}", f"{name}_id")], [migrations.AlterField(model, name, field)]
    )


def key(to: str, related: str, on_delete=django.db.models.deletion.CASCADE) -> models.ForeignKey:
    return models.ForeignKey(db_index=False, on_delete=on_delete, related_name=related, to=to)


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
        covered("message", "ticket", key("desk.ticket", "messages"), "desk_message_ticket_id_2fbacc05"),
        covered("recipient", "message", key("desk.message", "recipients"), "desk_recipient_message_id_6eba79d6"),
        covered("delivery", "message", key("desk.message", "deliveries"), "desk_delivery_message_id_a7b146c5"),
        covered(
            "ticket",
            "client",
            key("clients.client", "tickets", django.db.models.deletion.PROTECT),
            "desk_ticket_client_id_0efde62f",
        ),
    ]
