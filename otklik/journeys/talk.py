"""The talk as one participant may read it.

The rule (docs/decisions.md): the page shows a participant what their own mailbox holds or could hold. The requester
reads every letter that came in and every answer addressed to them; one in copy reads what they wrote or were addressed
in. Nobody reads notes, the exchange with vendors, automatic letters, what is still in its undo time or held back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from otklik.clients.models import Identity
from otklik.desk import placing, reaching
from otklik.desk.models import Attachment, Delivery, Message, Participant, Recipient

MOST = 500  # of the newest; a page with more is slow to read and to print


@dataclass(frozen=True, slots=True)
class Said:
    """One message as the page shows it. mine: the reader's own words; lost: our letter did not reach their mailbox."""

    pk: int
    ours: bool
    mine: bool
    confirmed: bool
    author: str
    at: datetime
    text: str
    quoted: str
    files: Sequence[Attachment]
    standing: Mapping[str, int]  # pictures in the text: their files by Content-ID
    lost: bool = False


def visible(participant: Participant, *, at: datetime) -> QuerySet[Message]:
    """Messages that this participant may read; everything the page shows or serves starts from here."""
    client = participant.identity.client_id
    addresses = Identity.objects.filter(client=client, kind=Identity.Kind.EMAIL).values("value")
    named = Recipient.objects.alias(low=Lower("address")).filter(message=OuterRef("pk"), low__in=addresses)
    held = Delivery.objects.filter(message=OuterRef("pk"), state=Delivery.State.HELD)
    came = Q(direction=Message.Direction.IN)
    if participant.part != Participant.Part.REQUESTER:
        came &= Q(identity__client=client) | Q(Exists(named))
    went = Q(direction=Message.Direction.OUT, send_after__lte=at) & Q(Exists(named)) & ~Q(Exists(held))
    talk = Message.objects.filter(ticket=participant.ticket_id, circle=Message.Circle.CLIENT)
    return talk.filter(came | went, kind=Message.Kind.WORDS)


def read(participant: Participant, *, at: datetime, after: int = 0) -> list[Said]:
    """The newest messages, oldest first, in two queries; `after`: only those with a greater id."""
    files = Prefetch("attachments", Attachment.objects.select_related("file"))
    messages = visible(participant, at=at).filter(pk__gt=after).select_related("user", "identity")
    messages = messages.annotate(lost=_lost(participant))
    newest = messages.only(
        "direction", "confirmed", "at", "reply_text", "text", "quoted_text", "author_name", "user__name",
        "identity__client",
    ).prefetch_related(files).order_by("-at", "-pk")[:MOST]  # fmt: skip
    return [_said(message, participant) for message in reversed(newest)]


def _lost(participant: Participant) -> "ExpressionWrapper[Q]":
    """Our letter failed or came back at every address of this reader."""
    theirs = Identity.objects.filter(client=participant.identity.client_id, kind=Identity.Kind.EMAIL)
    rows = Delivery.objects.alias(low=Lower("address"))
    rows = rows.filter(message=OuterRef("pk"), low__in=theirs.values("value"))
    lost = Q(Exists(rows.filter(state__in=reaching.LOST)))
    return ExpressionWrapper(lost & ~Q(Exists(rows.exclude(state__in=reaching.LOST))), BooleanField())


def file_of(participant: Participant, pk: int, *, at: datetime) -> Attachment | None:
    """A file of a message that this participant may read."""
    mine = visible(participant, at=at).values("pk")
    return Attachment.objects.select_related("file").filter(pk=pk, message__in=mine).first()


def _said(message: Message, reader: Participant) -> Said:
    ours = message.direction == Message.Direction.OUT
    identity = message.identity
    mine = identity is not None and identity.client_id == reader.identity.client_id
    text = message.reply_text or message.text
    placed = placing.placed(text)
    files = list(message.attachments.all())
    return Said(
        pk=message.pk,
        ours=ours,
        mine=mine,
        confirmed=message.confirmed,
        author=_author(message, mine),
        at=message.at,
        text=text,
        quoted=message.quoted_text,
        files=[one for one in files if one.content_id not in placed],
        standing={one.content_id: one.pk for one in files if one.content_id in placed},
        lost=bool(getattr(message, "lost", False)),  # annotated by read()
    )


def _author(message: Message, mine: bool) -> str:
    if message.user is not None:
        return message.user.name
    if message.direction == Message.Direction.OUT:
        return ""  # the company itself: the page puts its name there
    if mine:
        return _("Вы") if message.confirmed else _("С этой страницы")
    name = message.author_name.strip()
    # an address of another participant is theirs to give, not ours
    return name if name and "@" not in name else _("Участник переписки")
