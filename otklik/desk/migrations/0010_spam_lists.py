"""The list of spam reads an index of its own: among a million closed requests it may be one in a thousand."""

from django.db import migrations, models
from django.db.models import F, Q

from otklik.indexes import AddIndex

SPAM = Q(state="spam")
LATEST = (F("last_message_at").desc(), "id")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("desk", "0009_unpromised")]
    operations = [
        AddIndex("ticket", models.Index("team", *LATEST, condition=SPAM, name="ticket_team_spam")),
        AddIndex("ticket", models.Index(*LATEST, condition=SPAM, name="ticket_spam_last")),
    ]
