"""How long things are kept, by kind; a nightly job in bounded pieces, with a line of the ledger each (R-L4).

What is told of here beside: letters as they came (channels.intake.trimming), sessions and counters (accounts),
files of exports (exporting.drop_old: each knows its own end).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from otklik.accounts.models import Look, User
from otklik.desk import files
from otklik.desk.models import Attachment, Draft, Message, Note, Ticket
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.privacy import exporting, rawletters, redacting, sql
from otklik.privacy.gathering import TEXT
from otklik.privacy.models import Keeping, Tidying
from otklik.privacy.redacting import Gone
from otklik.promises import tracking
from otklik.promises.models import Promise

NIGHT = (1, 5)  # hours of the installation's zone in which the work is done
EVERY = timedelta(hours=20)
BATCH = 100
STEP_S = 1.0
COUNTED = 10_000
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
        for name in (*(kind.name for kind in KINDS), "exports"):
            was, to = getattr(held, name), getattr(kept, name)
            if was != to:
                facts: dict[str, object] = {"kind": name, "was": was, "to": to}
                journaling.write(Line(None, "keeping.changed", at, by=by, facts=facts))


def counts(kept: Keeping, *, at: datetime) -> dict[str, int]:
    """How many would go now with these times, by kind; COUNTED is that many or more."""
    return {
        kind.name: kind.rows(at - timedelta(days=days))[:COUNTED].count()
        for kind in KINDS
        if (days := getattr(kept, kind.name))
    }


@dataclass(slots=True)
class _Place:
    """How far this process has come with a kind tonight: the last row looked at, and how many went."""

    after: int = 0
    gone: int = 0


_places: dict[str, _Place] = {}


def tick() -> int:
    """For the schedule: at night what is due, a second of it a call, so that whoever stops us waits no longer."""
    now = timezone.now()
    exporting.drop_old(at=now)
    if not NIGHT[0] <= timezone.localtime(now).hour < NIGHT[1]:
        for name in list(_places):  # the night was too short: the next one begins anew
            _note(name, _places.pop(name).gone, now)
        return 0
    begun = set(Tidying.objects.filter(at__gt=now - EVERY).values_list("kind", flat=True))
    kind = next((one for one in KINDS if one.name not in begun), None)
    if kind is None:
        return 0
    place, end = _places.setdefault(kind.name, _Place()), time.monotonic() + STEP_S
    while time.monotonic() < end:
        if not _piece(kind, settings(), place, now):
            _note(kind.name, _places.pop(kind.name).gone, now)
            break
    return 1


def tidy(kind: Kind, kept: Keeping, *, at: datetime) -> int:
    """All of one kind, in pieces; the ledger's line when it is done. Safe to kill: the next night takes the rest."""
    place = _Place()
    while _piece(kind, kept, place, at):
        pass
    _note(kind.name, place.gone, at)
    return place.gone


def _note(name: str, gone: int, at: datetime) -> None:
    Tidying.objects.create(at=at, kind=name, gone=gone)


def _piece(kind: Kind, kept: Keeping, place: _Place, at: datetime) -> bool:
    """The next rows; whether there may be more. What somebody is at now is passed over, and what they have just done
    is asked again under our lock: a client's new letter, «не спам».
    """
    days = getattr(kept, kind.name)
    if not days:
        return False
    with transaction.atomic():
        sql.allow()
        rows = kind.rows(at - timedelta(days=days)).order_by("pk")
        free = rows.filter(pk__gt=place.after).select_for_update(skip_locked=True, of=("self",))
        found = list(free.values_list("pk", flat=True)[:BATCH])
        pks = list(rows.filter(pk__in=found).values_list("pk", flat=True))
        hashes = kind.drop(pks) if pks else set()
        free_files = redacting.unused(_old(hashes, at)) if hashes else []
    for one in free_files:
        files.path(one).unlink(missing_ok=True)
    place.gone += len(pks)
    place.after = found[-1] if found else place.after
    return len(found) == BATCH


def _old(hashes: set[str], at: datetime) -> list[str]:
    """Files that were not stored again just now; one that was stays, its name is needed in a moment."""
    newest = (at - FRESH).timestamp()
    return [one for one in hashes if not files.path(one).exists() or files.path(one).stat().st_mtime < newest]


def _closed(before: datetime) -> "QuerySet[Ticket]":
    """Ended requests whose last word is as old as that and which still have words."""
    rows = Ticket.objects.filter(state__in=["closed", "solved"], last_message_at__lt=before)
    return rows.filter(Exists(Message.objects.filter(ticket=OuterRef("pk")).exclude(text=TEXT)))


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
    tracking.let_go(pks, by=None, at=timezone.now())
    Promise.objects.filter(ticket__in=pks).update(action=TEXT, who="")
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


KINDS = (
    Kind("closed", _closed, _empty),
    Kind("spam", _spam, _delete),
    Kind("looks", _looks, _forget_looks),
    Kind("drafts", _drafts, _forget_drafts),
)
