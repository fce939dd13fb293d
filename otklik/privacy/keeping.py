"""How long things are kept, by kind; a nightly job in bounded pieces, with a line of the ledger each (R-L4).

What is told of here beside: letters as they came (channels.intake.trimming), sessions and counters (accounts).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from otklik.accounts.models import Look, User
from otklik.desk import files
from otklik.desk.models import Attachment, Draft, Message, Note, Ticket
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.privacy import exporting, rawletters, redacting, sql
from otklik.privacy.gathering import TEXT
from otklik.privacy.models import Export, Keeping, Tidying
from otklik.privacy.redacting import Gone

NIGHT = (1, 5)  # hours of the installation's zone in which the work is done
EVERY = timedelta(hours=20)
BATCH = 100
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Kind:
    """name: a field of Keeping. rows: what is older than a moment; drop: takes a piece of them in a transaction."""

    name: str
    rows: Callable[[datetime], QuerySet]  # type: ignore[type-arg]  # rows of any model
    drop: Callable[[list[int]], set[str]]


def settings() -> Keeping:
    """As a person set them, else as they come; a look at them writes nothing."""
    return Keeping.objects.first() or Keeping()


def save(kept: Keeping, *, by: User, at: datetime) -> None:
    """Keep by these times from now on; the journal has what changed."""
    with transaction.atomic():
        held = Keeping.objects.select_for_update().first() or Keeping()
        kept.pk = held.pk
        kept.save()
        for kind in KINDS:
            was, to = getattr(held, kind.name), getattr(kept, kind.name)
            if was != to:
                facts: dict[str, object] = {"kind": kind.name, "was": was, "to": to}
                journaling.write(Line(None, "keeping.changed", at, by=by, facts=facts))


def counts(kept: Keeping, *, at: datetime) -> dict[str, int]:
    """How many would go now with these times, by kind."""
    return {
        kind.name: kind.rows(at - timedelta(days=days)).count()
        for kind in KINDS
        if (days := getattr(kept, kind.name))
    }


def tick() -> int:
    """For the schedule: once a night all that is due, a piece a call; 1 while there is more."""
    now = timezone.now()
    exporting.drop_old(at=now)
    hour = timezone.localtime(now).hour
    begun = Tidying.objects.filter(at__gt=now - EVERY).values_list("kind", flat=True)
    if not NIGHT[0] <= hour < NIGHT[1]:
        return 0
    waiting = [kind for kind in KINDS if kind.name not in set(begun)]
    if not waiting:
        return 0
    tidy(waiting[0], settings(), at=now)
    return 1


def tidy(kind: Kind, kept: Keeping, *, at: datetime) -> int:
    """All of one kind, in pieces; the ledger's line when it is done. Safe to kill: the next night takes the rest."""
    days, gone = getattr(kept, kind.name), 0
    while days:
        with transaction.atomic():
            sql.allow()
            rows = kind.rows(at - timedelta(days=days))
            pks = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
            hashes = kind.drop(pks) if pks else set()
            free = redacting.unused(_old(hashes, at)) if hashes else []
        for one in free:
            files.path(one).unlink(missing_ok=True)
        gone += len(pks)
        if len(pks) < BATCH:
            break
    Tidying.objects.create(at=at, kind=kind.name, gone=gone)
    return gone


def _old(hashes: set[str], at: datetime) -> list[str]:
    """Files that were not stored again just now; one that was stays, its name is needed in a moment."""
    newest = (at - FRESH).timestamp()
    return [one for one in hashes if not files.path(one).exists() or files.path(one).stat().st_mtime < newest]


def _closed(before: datetime) -> "QuerySet[Ticket]":
    """Ended requests whose last word is as old as that and which still have words."""
    rows = Ticket.objects.filter(state__in=["closed", "solved"], last_message_at__lt=before)
    return rows.filter(pk__in=Message.objects.exclude(text=TEXT).values("ticket"))


def _empty(pks: list[int]) -> set[str]:
    """The talk goes, the request with its times, states and people stays."""
    messages = Message.objects.filter(ticket__in=pks)
    notes = Note.objects.filter(ticket__in=pks)
    attached = Attachment.objects.filter(message__ticket__in=pks) | Attachment.objects.filter(
        note__ticket__in=pks
    )
    hashes = set(attached.values_list("file_id", flat=True))
    attached.delete()
    rawletters.forget(rawletters.of_messages(list(messages.values_list("pk", flat=True))))
    messages.update(text=TEXT, reply_text=TEXT, html="", quoted_text="", subject="")
    notes.update(text=TEXT)
    Ticket.objects.filter(pk__in=pks).update(last_words="")
    return hashes


def _spam(before: datetime) -> "QuerySet[Ticket]":
    return Ticket.objects.filter(state=Ticket.State.SPAM, last_message_at__lt=before)


def _delete(pks: list[int]) -> set[str]:
    """Spam goes with its request: nobody counts it. Its letters must not come again."""
    messages = list(Message.objects.filter(ticket__in=pks).values_list("pk", flat=True))
    attached = Attachment.objects.filter(message__in=messages) | Attachment.objects.filter(
        note__ticket__in=pks
    )
    hashes = set(attached.values_list("file_id", flat=True))
    rawletters.forget(rawletters.of_messages(messages))
    gone = Gone()
    redacting.drop_drafts(list(Draft.objects.filter(ticket__in=pks).values_list("pk", flat=True)), gone)
    Ticket.objects.filter(pk__in=pks).delete()
    return hashes | gone.files


def _looks(before: datetime) -> "QuerySet[Look]":
    return Look.objects.filter(at__lt=before)


def _forget_looks(pks: list[int]) -> set[str]:
    Look.objects.filter(pk__in=pks).delete()
    return set()


def _drafts(before: datetime) -> "QuerySet[Draft]":
    return Draft.objects.filter(saved_at__lt=before)


def _forget_drafts(pks: list[int]) -> set[str]:
    gone = Gone()
    redacting.drop_drafts(pks, gone)
    return gone.files


def _exports(before: datetime) -> "QuerySet[Export]":
    return Export.objects.filter(ready_at__lt=before)


def _forget_exports(pks: list[int]) -> set[str]:
    exporting.drop(list(Export.objects.filter(pk__in=pks)))
    return set()


KINDS = (
    Kind("closed", _closed, _empty),
    Kind("spam", _spam, _delete),
    Kind("looks", _looks, _forget_looks),
    Kind("drafts", _drafts, _forget_drafts),
    Kind("exports", _exports, _forget_exports),
)
