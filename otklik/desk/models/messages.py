"""What was said: letters in both directions, and notes that can never leave."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _


def russian_vector(*fields: str) -> Func:
    """A tsvector of these text columns: word forms of Russian, «ё» as «е», the first 200,000 characters of each.

    Kept by the database itself, so no INSERT forgets it. PostgreSQL refuses vectors over 1 MB: hence the cut.
    """
    return Func(*(F(name) for name in fields), function="otklik_vector", output_field=SearchVectorField())


class Message(models.Model):
    """One message to or from somebody outside. Its words never change (invariant 5)."""

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"

    class Circle(models.TextChoices):
        CLIENT = "client"
        VENDOR = "vendor"  # asked for help: the client never sees it

    class Kind(models.TextChoices):
        WORDS = "words"  # a person wrote it
        ACK = "ack"  # «получили ваше письмо»
        LINK = "link"  # the lost link asked for again
        NOTICE = "notice"  # another automatic letter of ours
        AUTO = "auto"  # an automatic letter of theirs
        BOUNCE = "bounce"

    ticket = models.ForeignKey(  # indexed by message_thread
        "desk.Ticket", models.CASCADE, related_name="messages", db_index=False
    )
    direction = models.CharField(max_length=3, choices=Direction)
    circle = models.CharField(max_length=6, choices=Circle, default=Circle.CLIENT)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.WORDS)
    channel = models.CharField(max_length=20)
    box = models.ForeignKey("channels.Box", models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # author, ours
    identity = models.ForeignKey(
        "clients.Identity", models.PROTECT, null=True, related_name="+"
    )  # author, theirs
    author_name = models.CharField(max_length=500, blank=True)  # as it stood in the letter
    confirmed = models.BooleanField(
        default=True
    )  # False: somebody with the link wrote it on the client's page
    at = models.DateTimeField()  # when it came to us or was written here
    said_at = models.DateTimeField(null=True)  # the letter's own date
    subject = models.CharField(max_length=1000, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)  # as it came: made safe at the point of showing
    reply_text = models.TextField()
    quoted_text = models.TextField(blank=True)
    message_id = models.CharField(max_length=1000, blank=True)  # without <>
    in_reply_to = models.CharField(max_length=1000, blank=True)
    references = models.TextField(blank=True)  # ids separated by spaces, oldest first
    odd = models.JSONField(default=list, blank=True)  # the reader's warnings
    answers = models.ForeignKey("self", models.SET_NULL, null=True, related_name="answered_by")
    send_after = models.DateTimeField(null=True)  # out: the undo ends here
    opens = False  # no column: receiving.receive() says of what it has just received whether it opened its request
    search = models.GeneratedField(
        expression=russian_vector("subject", "text"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direction="in", user=None) | Q(direction="out", identity=None),
                name="message_author_fits_direction",
            ),
            models.CheckConstraint(
                condition=Q(direction="in") | (~Q(message_id="") & Q(send_after__isnull=False)),
                name="message_out_has_id_and_time",
            ),
            models.UniqueConstraint(
                fields=["message_id"], condition=Q(direction="out"), name="message_out_one_id"
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="message_thread"),  # threads.read()
            models.Index("message_id", condition=~Q(message_id=""), name="message_by_id"),  # threading
            GinIndex(fields=["search"], name="message_search", fastupdate=True),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} of ticket {self.ticket_id}"


class Recipient(models.Model):
    """To whom a message is addressed, in or out."""

    class Line(models.TextChoices):
        TO = "to", _("Кому")
        CC = "cc", _("Копия")

    message = models.ForeignKey(  # indexed by recipient_once
        Message, models.CASCADE, related_name="recipients", db_index=False
    )
    line = models.CharField(max_length=2, choices=Line)
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["message", "address"], name="recipient_once")]

    def __str__(self) -> str:
        return self.address


class Note(models.Model):
    """Words for colleagues. A table of its own: no flag can send it (invariant 5)."""

    ticket = models.ForeignKey("desk.Ticket", models.CASCADE, related_name="notes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    search = models.GeneratedField(
        expression=russian_vector("text"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_has_words")]
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="note_thread"),
            GinIndex(fields=["search"], name="note_search"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk} of ticket {self.ticket_id}"
