"""The journal of the example: the same words that the deeds would have written, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import connection

from otklik.accounts.models import User
from otklik.desk import reaching
from otklik.desk.models import Delivery, Ticket
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.journal.models import Entry, Follower
from otklik.site.demo.casting import ENDED
from otklik.site.demo.house import BOXES
from otklik.site.demo.writing import CLIENT, Desk, Done, Written
from otklik.sla import following

FOLLOWERS = (following.FOLLOWER,)
_DELIVERED = {
    Delivery.State.SENT: "delivery.sent", Delivery.State.BOUNCED: "delivery.bounced",
    Delivery.State.FAILED: "delivery.failed", Delivery.State.UNKNOWN: "delivery.unknown",
}  # fmt: skip
AFTER = timedelta(seconds=1)
Facts = dict[str, object]


def tell(written: Sequence[Written], desk: Desk) -> int:
    """Write the journal and put its readers past it: nothing of the past is to be done again. Returns its length."""
    lines = sorted((line for one in written for line in _lines(one, desk)), key=lambda line: line.at)
    journaling.write_many(lines)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        tx = cursor.fetchone()[0]
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    for name in FOLLOWERS:
        Follower.objects.update_or_create(name=name, defaults={"tx": tx, "entry_id": last})
    return len(lines)


class _Teller:
    """Walks through one case, keeping its team and owner as they were then."""

    def __init__(self, one: Written, desk: Desk) -> None:
        self.one, self.desk = one, desk
        self.team = desk.house.teams[BOXES[one.case.box]].pk
        self.owner: User | None = None

    def line(self, at: datetime, word: str, by: User | None, facts: Facts, *, public: bool = True) -> Line:
        return Line(self.one.ticket.pk, word, at, teams=(self.team,), by=by, public=public, facts=facts)

    def of(self, item: Done) -> Iterator[Line]:
        step = item.step
        by = self.desk.house.users[step.agent.key] if step and step.agent else None
        if item.came:
            yield from self._received(item)
        elif item.note and by:
            yield self.line(item.at, "note.written", by, {"note": item.note.pk}, public=False)
            if step and step.turn.kind == "передать":
                yield from self._moved(item, by, int(step.turn.options.get("уровень", 0)))
        elif item.message and by:
            yield from self._written(item, by)
        for row in item.deliveries:
            facts: Facts = {"message": row.message_id, "delivery": row.pk}
            word = _DELIVERED[Delivery.State(row.state)]
            lost = item.step is not None and row.state in reaching.LOST
            at = row.ended_at or item.at
            yield self.line(at, word, None, facts | ({"lost": True} if lost else {}), public=False)
            if lost and item is self.one.done[-1]:
                gone: Facts = {"from": "waiting_client", "to": "open", "lost": row.message_id}
                yield self.line(at, "ticket.reopened", None, gone)

    def owned(self, at: datetime, new: User, by: User) -> Line:
        former, self.owner = self.owner, new
        facts: Facts = {"from": former.pk if former else None, "to": new.pk}
        return self.line(at, "ticket.assigned", by, facts)

    def _received(self, item: Done) -> Iterator[Line]:
        assert item.message is not None  # noqa: S101 - every letter has become a message
        facts: Facts = {
            "message": item.message.pk, "kind": "words", "circle": item.message.circle, "wakes": True
        }  # fmt: skip
        first = item is self.one.done[0]
        for word in ["ticket.opened", "message.received"] if first else ["message.received"]:
            yield Line(
                self.one.ticket.pk, word, item.at, teams=(self.team,), actor=Entry.Actor.CLIENT,
                public=item.message.circle == CLIENT, facts=facts,
            )  # fmt: skip

    def _written(self, item: Done, by: User) -> Iterator[Line]:
        assert item.message is not None  # noqa: S101 - the caller looked
        if self.owner is None:
            yield self.owned(item.at, by, by)
        then = "work" if item.step and "работа" in item.step.turn.options else "wait"
        facts: Facts = {"message": item.message.pk, "circle": item.message.circle, "then": then}
        yield self.line(item.at, "message.written", by, facts, public=item.message.circle == CLIENT)

    def _moved(self, item: Done, by: User, level: int) -> Iterator[Line]:
        if level:
            former, self.team = self.team, self.desk.house.teams[level].pk
            facts: Facts = {"from": former, "to": self.team}
            teams = (former, self.team)
            yield Line(
                self.one.ticket.pk, "ticket.moved", item.at, teams=teams, by=by, public=True, facts=facts
            )
        new = _next_owner(self.one, item, self.desk)
        if new and new != self.owner:
            yield self.owned(item.at, new, by)


def _next_owner(one: Written, item: Done, desk: Desk) -> User | None:
    """Who takes it over: the one who speaks next, else the owner of today."""
    later = one.done[one.done.index(item) + 1 :]
    key = next(
        (after.step.agent.key for after in later if after.message and after.step and after.step.agent),
        one.case.owner.key if one.case.owner else None,
    )
    return desk.house.users[key] if key else None


def _lines(one: Written, desk: Desk) -> Iterator[Line]:
    teller = _Teller(one, desk)
    for number, item in enumerate(one.done):
        yield from teller.of(item)
        if number == 0:
            for name in one.case.talk.tags[:1]:
                yield teller.line(item.at, "ticket.tagged", None, {"tag": name}, public=False)
    for row in one.promises.rows:
        yield teller.line(row.made_at, "news.promised", row.made_by, {"due_at": row.due_at})
    yield from _ended(one, teller)


def _ended(one: Written, teller: _Teller) -> Iterator[Line]:
    """How it ended: solved by its owner, closed by itself after a week."""
    last, ticket = one.done[-1], one.ticket
    if ticket.state == Ticket.State.OPEN and teller.owner is None and ticket.owner:
        yield teller.owned(last.at, ticket.owner, ticket.owner)
    if ticket.state not in ENDED:
        return
    words = {"solved": ["solved"], "closed": ["solved", "closed"], "spam": ["spam"]}
    for number, word in enumerate(words[ticket.state]):
        at, by = last.at + AFTER + number * timedelta(days=6), ticket.owner if number == 0 else None
        yield teller.line(at, f"ticket.{word}", by, {"to": word})
