"""The append-only journal: what happened, to what, by whom (design §2)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Func, Q

MESSAGES = ("message.received", "message.written")

if TYPE_CHECKING:
    _TextField = models.Field[str, str]
else:
    _TextField = models.Field


class Xid8Field(_TextField):
    """PostgreSQL's 64-bit transaction id. Readers go by (tx, id): ids alone commit out of order."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002 - Django's signature
        return "xid8"


class Entry(models.Model):
    """One thing that happened. Never changed, never deleted except with its request."""

    class Actor(models.TextChoices):
        AGENT = "agent"
        CLIENT = "client"
        INTEGRATION = "integration"
        SYSTEM = "system"

    tx = Xid8Field(db_default=Func(function="pg_current_xact_id"), editable=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=12, choices=Actor)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ticket = models.ForeignKey(  # indexed by entry_ticket
        "desk.Ticket", models.CASCADE, null=True, related_name="entries", db_index=False
    )
    word = models.CharField(max_length=60)  # thing.past: ticket.solved
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    audience = ArrayField(models.IntegerField(), default=list)  # teams that may see it
    public = models.BooleanField(default=False)  # the client's page may be told

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["tx", "id"], name="entry_following"),  # following.py, the live stream
            models.Index(fields=["ticket", "id"], name="entry_ticket"),  # all of a request
            # The talk of a request tells its deeds between the messages (desk.threads). Of a long one most entries
            # are its messages, and at a million requests each of them lies on a page of its own.
            models.Index(fields=["ticket", "id"], condition=~Q(word__in=MESSAGES), name="entry_deed"),
        ]

    def __str__(self) -> str:
        return f"{self.word} {self.at:%Y-%m-%d %H:%M:%S}"


class Follower(models.Model):
    """How far a reader of the journal has come."""

    name = models.CharField(max_length=60, unique=True)
    tx = Xid8Field(default="0")
    entry_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.tx}-{self.entry_id}"
