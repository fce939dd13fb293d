"""The list of spam reads an index of its own: among a million closed requests it may be one in a thousand."""

from django.db import migrations, models
from django.db.models import F, Q

SPAM = Q(state="spam")
INDEXES = {
    "ticket_team_spam": models.Index(
        "team", F("last_message_at").desc(), "id", condition=SPAM, name="ticket_team_spam"
    ),
    "ticket_spam_last": models.Index(F("last_message_at").desc(), "id", condition=SPAM, name="ticket_spam_last"),
}
COLUMNS = {"ticket_team_spam": "team_id, last_message_at DESC, id", "ticket_spam_last": "last_message_at DESC, id"}


def made(name: str) -> migrations.RunSQL:
    """IF NOT EXISTS: a migration cut short between the two may be run again."""
    return migrations.RunSQL(
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON desk_ticket ({COLUMNS[name]}) WHERE state = 'spam'",
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        state_operations=[migrations.AddIndex("ticket", INDEXES[name])],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("desk", "0009_unpromised")]
    operations = [made(name) for name in INDEXES]
