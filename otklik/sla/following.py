"""After each deed of the desk the next news follows: promised, kept or dropped (invariant 4).

The desk stands left of the promises and knows nothing of them, so the journal is read here in order; this room has the
agreements that the times are counted by. What stands moves by itself only to an earlier time: the client wrote again
and the agreement has them answered sooner, somebody raised the priority, other terms bind the request.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from otklik.desk.models import Ticket
from otklik.journal import following
from otklik.journal.models import Entry
from otklik.promises import promising, tracking
from otklik.promises.models import STANDING, NextNews
from otklik.sla import binding, telling
from otklik.sla.telling import Book

FOLLOWER = "next news"
ENDS = {"ticket.solved", "ticket.closed", "ticket.spam"}
UNDONE = "message.undone"
RETURNS = {"ticket.reopened", UNDONE}
WAITS_ON_US = (Ticket.State.NEW, Ticket.State.OPEN, Ticket.State.WAITING_OTHER)
RECEIVED = "message.received"
CHANGES = ENDS | RETURNS | {"message.written", "ticket.state"}
HASTENS = {"ticket.priority", binding.BOUND}


def follow() -> int:
    """One step of the loop: entries read."""
    return following.follow(FOLLOWER, _take, words=CHANGES | HASTENS | {RECEIVED})


def _take(entries: Sequence[Entry]) -> None:
    """What changes nothing is told for all by one query: a letter that its own news came with, a first agreement."""
    entries = [one for one in entries if one.word in CHANGES or _only_asks(one) or _may_hasten(one)]
    ids = {one.ticket_id for one in entries if one.word not in CHANGES}
    standing = NextNews.objects.filter(STANDING, ticket__in=ids).values_list("ticket_id", "made_at")
    promised = dict(standing)
    meant = {one.ticket_id for one in entries if one.ticket_id and not _is_told(one, promised)}
    promising.lock(meant)  # in order of id: the entries come in order of time
    book = Book(meant)
    for entry in entries:
        if entry.ticket_id is None or _is_told(entry, promised):
            continue
        if entry.word in CHANGES:
            promised.pop(entry.ticket_id, None)  # what stands after this is asked anew
        _one(entry, entry.ticket_id, book)


def _is_told(entry: Entry, promised: Mapping[int, datetime]) -> bool:
    """Whether what stands was promised in the knowledge of this."""
    made_at = promised.get(entry.ticket_id or 0)
    return entry.word not in CHANGES and made_at is not None and made_at >= entry.at


def _only_asks(entry: Entry) -> bool:
    return entry.word == RECEIVED and bool(entry.facts.get("wakes"))


def _may_hasten(entry: Entry) -> bool:
    """What first binds a request is what its news was counted by."""
    return entry.word in HASTENS and "from" in entry.facts


def _one(entry: Entry, ticket_id: int, book: Book) -> None:
    if entry.word in ENDS:
        _ended(entry, ticket_id)
    elif entry.word == "message.written":
        _written(entry, ticket_id, book)
    elif entry.word == UNDONE:
        _undone(entry, ticket_id, book)
    elif entry.word == "ticket.state" and entry.facts.get("to") == Ticket.State.WAITING_CLIENT:
        promising.drop([ticket_id], at=entry.at)
    elif entry.word == "ticket.state":
        _promise(ticket_id, entry.at, promising.NEWS, book)
    elif entry.word in HASTENS:
        _judged_anew(ticket_id, entry.at, book)
    else:
        _asked(entry, ticket_id, book)


def _asked(entry: Entry, ticket_id: int, book: Book) -> None:
    """A word of the client, or a request that came back. It waits no longer for it than the agreement says."""
    if entry.word == "ticket.reopened" and entry.facts.get("lost"):
        _lost(entry, ticket_id, book)
    elif not _promise(ticket_id, entry.at, promising.ANSWER, book) and entry.word == RECEIVED:
        _asked_again(ticket_id, entry.at, book)


def _ended(entry: Entry, ticket_id: int) -> None:
    """What we promised in a solved one is owed still (promises/returning.py); one that came back keeps its own."""
    promising.drop([ticket_id], at=entry.at)
    if Ticket.objects.filter(pk=ticket_id, state__in=tracking.FOR_GOOD).exists():
        tracking.let_go([ticket_id], by=entry.user, at=entry.at)


def _written(entry: Entry, ticket_id: int, book: Book) -> None:
    if entry.facts.get("circle") == "client":
        _answered(entry, ticket_id, book)
    else:  # a vendor is asked: from now on the client waits for us, even if it was their turn
        _promise(ticket_id, entry.at, promising.NEWS, book)


def _answered(entry: Entry, ticket_id: int, book: Book) -> None:
    promising.keep([ticket_id], at=entry.at)
    if entry.facts.get("then") == "work":
        told = parse_datetime(str(entry.facts.get("news_due_at") or ""))
        _promise(ticket_id, entry.at, promising.NEWS, told or book)


def _undone(entry: Entry, ticket_id: int, book: Book) -> None:
    """The client has heard nothing: what they were told before stands again, not a later time (invariant 7)."""
    former = _ended_by(ticket_id, entry.facts.get("message"))
    told = NextNews.objects.filter(STANDING, ticket=ticket_id, made_by__isnull=False)
    if former is None:
        _promise(ticket_id, entry.at, promising.ANSWER, book)
    elif not told.exists():  # what an agent has told since stays
        promising.drop([ticket_id], at=entry.at)
        _promise(ticket_id, entry.at, promising.ANSWER, former)


def _lost(entry: Entry, ticket_id: int, book: Book) -> None:
    """The answer did not arrive: what the client was told before stands again, or a new time if that has passed."""
    former = _ended_by(ticket_id, entry.facts["lost"])
    ahead = former is not None and former.due_at > entry.at
    _promise(ticket_id, entry.at, promising.ANSWER, former if former and ahead else book)


def _ended_by(ticket_id: int, message_id: object) -> NextNews | None:
    """The news that stood until this message was written."""
    written = Entry.objects.filter(
        ticket=ticket_id, word="message.written", facts__message=message_id
    ).first()
    if written is None:
        return None
    news = NextNews.objects.filter(ticket=ticket_id, ended_at=written.at)
    return news.exclude(outcome=NextNews.Outcome.MOVED).order_by("-pk").first()


def _promise(ticket_id: int, at: datetime, kind: str, told: datetime | NextNews | Book) -> bool:
    """Whether nothing stood. What has ended meanwhile, or waits for the client, is promised nothing.

    told: what the client has been told by a person, what stands again as it stood, or the book that says what their
    agreement promises.
    """
    if not Ticket.objects.filter(pk=ticket_id, state__in=WAITS_ON_US).exists():
        return True
    due_at, counted = _time_of(told, ticket_id, at, kind)
    made_at = min(at, timezone.now())
    return promising.open_many([(ticket_id, due_at)], at=made_at, kind=kind, counted=counted) > 0


def _time_of(
    told: datetime | NextNews | Book, ticket_id: int, at: datetime, kind: str
) -> tuple[datetime, bool]:
    """The time, and whether it was counted: nobody has told it."""
    if isinstance(told, Book):
        return told.due(ticket_id, kind, at=at), True
    return (told.due_at, told.counted) if isinstance(told, NextNews) else (told, False)


def _asked_again(ticket_id: int, at: datetime, book: Book) -> None:
    """What an agent told for later than their silence may last stays theirs until an answer is owed before it."""
    answer, standing = book.clock(ticket_id, at=at, kinds=telling.ANSWERS), promising.standing(ticket_id)
    if answer and standing and answer < standing.due_at:
        _hasten(ticket_id, at, book.clock(ticket_id, at=at))


def _judged_anew(ticket_id: int, at: datetime, book: Book) -> None:
    ticket = Ticket.objects.filter(pk=ticket_id, state__in=WAITS_ON_US).first()
    if ticket is not None:
        _hasten(ticket_id, at, book.due(ticket_id, promising.waits_for(ticket), at=at))


def _hasten(ticket_id: int, at: datetime, due_at: datetime | None) -> None:
    if due_at is not None:
        promising.hasten({ticket_id: due_at}, at=min(at, timezone.now()))


def usual(ticket_id: int, at: datetime, kind: str) -> datetime:
    """By when the client of this request hears of us by its agreement, as it stood at a moment. A dozen queries."""
    return Book([ticket_id]).due(ticket_id, kind, at=at)
