"""File names are found by their words; the lists of those who see all teams read an index in their own order."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import F, Func, Q

from otklik.indexes import AddIndex

OPEN = Q(state__in=("new", "open", "waiting_client", "waiting_other"))
ENDED = Q(state__in=("solved", "closed", "spam"))


def of_tickets(index: models.Index) -> AddIndex:
    return AddIndex(model_name="ticket", index=index)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("desk", "0006_search")]
    operations = [
        AddIndex(
            model_name="attachment",
            index=GinIndex(
                Func(F("name"), function="otklik_file_vector"), condition=Q(inline=False), name="attachment_search"
            ),
        ),
        of_tickets(GinIndex(Func(F("subject"), function="otklik_vector"), name="ticket_subject")),
        of_tickets(models.Index("next_due_at", "id", condition=OPEN, name="ticket_open_due")),
        of_tickets(models.Index(F("last_message_at").desc(), "id", condition=OPEN, name="ticket_open_last")),
        of_tickets(models.Index(F("last_message_at").desc(), "id", condition=ENDED, name="ticket_ended_last")),
    ]
