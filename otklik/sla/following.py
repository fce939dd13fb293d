"""After each deed of the desk the next news follows: promised, kept or dropped (invariant 4).

The desk stands left of the promises and knows nothing of them, so the journal is read here in order; this room has the
calendar that the times are counted by.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from otklik.desk.models import Ticket
from otklik.journal import following
from otklik.journal.models import Entry
from otklik.promises import promising, tracking
from otklik.promises.models import STANDING, NextNews
from otklik.sla import calendars
from otklik.sla.worktime import NoWorkingTime
from otklik.staff import queries as staff

FOLLOWER = "next news"
ENDS = {"ticket.solved", "ticket.closed", "ticket.spam"}
UNDONE = "message.undone"
RETURNS = {"ticket.reopened", UNDONE}
WAITS_ON_US = (Ticket.State.NEW, Ticket.State.OPEN, Ticket.State.WAITING_OTHER)
RECEIVED = "message.received"
CHANGES = ENDS | RETURNS | {"message.written", "ticket.state"}


def follow() -> int:
    """One step of the loop: entries read."""
    return following.follow(FOLLOWER, _take, words=CHANGES | {RECEIVED})


def _take(entries: Sequence[Entry]) -> None:
    """A letter to a request whose news is promised already changes nothing: told for all by one query."""
    ids = {entry.ticket_id for entry in entries if _only_asks(entry)}
    promised = set(NextNews.objects.filter(STANDING, ticket__in=ids).values_list("ticket_id", flat=True))
    meant = {one.ticket_id for one in entries if not (_only_asks(one) and one.ticket_id in promised)}
    # in order of id: the entries come in order of time
    promising.lock([ticket_id for ticket_id in meant if ticket_id is not None])
    for entry in entries:
        if entry.ticket_id is None or (_only_asks(entry) and entry.ticket_id in promised):
            continue
        if entry.word in CHANGES:
            promised.discard(entry.ticket_id)  # what stands after this is asked anew
        _one(entry, entry.ticket_id)


def _only_asks(entry: Entry) -> bool:
    return entry.word == RECEIVED and bool(entry.facts.get("wakes"))


def _one(entry: Entry, ticket_id: int) -> None:
    facts = entry.facts
    if entry.word in ENDS:
        _ended(entry, ticket_id)
    elif entry.word == "message.written":
        _written(entry, ticket_id)
    elif entry.word == UNDONE:
        _undone(entry, ticket_id)
    elif entry.word == "ticket.reopened" and facts.get("lost"):
        _lost(entry, ticket_id)
    elif entry.word in RETURNS or (entry.word == RECEIVED and facts.get("wakes")):
        _promise(ticket_id, entry.at, promising.ANSWER)
    elif entry.word == "ticket.state" and facts.get("to") == Ticket.State.WAITING_CLIENT:
        promising.drop([ticket_id], at=entry.at)
    elif entry.word == "ticket.state":
        _promise(ticket_id, entry.at, promising.NEWS)


def _ended(entry: Entry, ticket_id: int) -> None:
    """What we promised in a solved one is owed still (promises/returning.py); one that came back keeps its own."""
    promising.drop([ticket_id], at=entry.at)
    if Ticket.objects.filter(pk=ticket_id, state__in=tracking.FOR_GOOD).exists():
        tracking.let_go([ticket_id], by=entry.user, at=entry.at)


def _written(entry: Entry, ticket_id: int) -> None:
    if entry.facts.get("circle") == "client":
        _answered(entry, ticket_id)
    else:  # a vendor is asked: from now on the client waits for us, even if it was their turn
        _promise(ticket_id, entry.at, promising.NEWS)


def _answered(entry: Entry, ticket_id: int) -> None:
    promising.keep([ticket_id], at=entry.at)
    if entry.facts.get("then") == "work":
        told = parse_datetime(str(entry.facts.get("news_due_at") or ""))
        _promise(ticket_id, entry.at, promising.NEWS, told)


def _undone(entry: Entry, ticket_id: int) -> None:
    """The client has heard nothing: what they were told before stands again, not a later time (invariant 7)."""
    former = _ended_by(ticket_id, entry.facts.get("message"))
    told = NextNews.objects.filter(STANDING, ticket=ticket_id, made_by__isnull=False)
    if former is None:
        _promise(ticket_id, entry.at, promising.ANSWER)
    elif not told.exists():  # what an agent has told since stays
        promising.drop([ticket_id], at=entry.at)
        _promise(ticket_id, entry.at, promising.ANSWER, former.due_at)


def _lost(entry: Entry, ticket_id: int) -> None:
    """The answer did not arrive: what the client was told before stands again, or a new time if that has passed."""
    former = _ended_by(ticket_id, entry.facts["lost"])
    ahead = former is not None and former.due_at > entry.at
    _promise(ticket_id, entry.at, promising.ANSWER, former.due_at if former and ahead else None)


def _ended_by(ticket_id: int, message_id: object) -> NextNews | None:
    """The news that stood until this message was written."""
    written = Entry.objects.filter(
        ticket=ticket_id, word="message.written", facts__message=message_id
    ).first()
    if written is None:
        return None
    news = NextNews.objects.filter(ticket=ticket_id, ended_at=written.at)
    return news.exclude(outcome=NextNews.Outcome.MOVED).order_by("-pk").first()


def _promise(ticket_id: int, at: datetime, kind: str, due_at: datetime | None = None) -> None:
    """What has ended meanwhile, or waits for the client, is promised nothing."""
    waits_on_us = Ticket.objects.filter(pk=ticket_id, state__in=WAITS_ON_US).exists()
    if waits_on_us:
        promising.open_many([(ticket_id, due_at or usual(at))], at=min(at, timezone.now()), kind=kind)


def usual(at: datetime) -> datetime:
    """By when the company answers what comes at this moment."""
    try:
        return calendars.due_after(at, staff.company().answer_within)
    except NoWorkingTime:
        return at + staff.company().answer_within
