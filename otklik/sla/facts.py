"""The journal of requests as facts for their clocks (sla/course.py). Three queries for however many."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from otklik import rows
from otklik.sla.course import Fact

_ENTRIES = """
    SELECT ticket_id, at, word, facts->>'message', facts->>'circle', facts->>'then', facts->>'from', facts->>'to',
           facts->>'wakes', facts->>'lost', facts->>'state', user_id
      FROM journal_entry WHERE ticket_id = ANY(%(ids)s::bigint[]) AND word = ANY(%(words)s::text[])
     ORDER BY ticket_id, id
"""
_TICKETS = "SELECT id, created_at, team_id, priority FROM desk_ticket WHERE id = ANY(%(ids)s::bigint[])"
_BONDS = """
    SELECT ticket_id, version_id, at, by_id FROM sla_bond
     WHERE ticket_id = ANY(%(ids)s::bigint[]) ORDER BY ticket_id, at, id
"""
EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Told(NamedTuple):
    """An entry of the journal with the facts that clocks read; each a text, None where it has none; who did it."""

    ticket_id: int
    at: datetime
    word: str
    message: str | None
    circle: str | None
    then: str | None
    was: str | None
    to: str | None
    wakes: str | None
    lost: str | None
    state: str | None
    user_id: int | None

    @property
    def about(self) -> int:
        return int(self.message or 0)


class _Row(NamedTuple):
    """A request as it stands."""

    pk: int
    created_at: datetime
    team_id: int
    priority: int


def facts_of(
    ticket_ids: Collection[int], *, unbound: Mapping[int, int] = MappingProxyType({})
) -> dict[int, list[Fact]]:
    """What happened to each of these requests, in order; begins with its first agreement, team and priority.

    One without an agreement (binding.bind_many) has no clocks and is missing, as is one that is not there. unbound:
    by the version that will bind a request, where none does yet.
    """
    ids = list(ticket_ids)
    told: dict[int, list[Told]] = defaultdict(list)
    for entry in rows.ask(_ENTRIES, {"ids": ids, "words": sorted(_READ)}, binary=True):
        told[entry[0]].append(Told(*entry))
    bonds: dict[int, list[Fact]] = defaultdict(list)
    for ticket_id, version_id, at, by in rows.ask(_BONDS, {"ids": ids}, binary=True):
        bonds[ticket_id].append(Fact(at, "bound", version_id, by=by or 0))
    for ticket_id in unbound.keys() - bonds.keys():
        bonds[ticket_id].append(Fact(EVER, "bound", unbound[ticket_id]))
    tickets = [_Row(*row) for row in rows.ask(_TICKETS, {"ids": ids}, binary=True)]
    return {one.pk: _facts(one, told[one.pk], bonds[one.pk]) for one in tickets if one.pk in bonds}


def _facts(ticket: _Row, told: Sequence[Told], bonds: Sequence[Fact]) -> list[Fact]:
    since = min(told[0].at, ticket.created_at) if told else ticket.created_at
    begin = [
        Fact(since, "bound", bonds[0].id),  # what binds a request first binds it from its beginning
        Fact(since, "team", _first(told, "ticket.moved", ticket.team_id)),
        Fact(since, "priority", _first(told, "ticket.priority", ticket.priority)),
    ]
    deeds = [
        Fact(fact.at, fact.word, fact.id, fact.to, one.user_id or 0)
        for one in told
        if (fact := _READ[one.word](one))
    ]
    return begin + _merged(deeds, bonds[1:])


def _first(told: Sequence[Told], word: str, now: int) -> int:
    """What it was before the first change, else what it is."""
    changed = next((one.was for one in told if one.word == word and one.was), None)
    return now if changed is None else int(changed)


def _merged(deeds: list[Fact], bonds: Sequence[Fact]) -> list[Fact]:
    """Deeds keep their order, whatever their times say: a bond goes before the first deed that is later."""
    for bond in bonds:
        place = next((n for n, fact in enumerate(deeds) if fact.at > bond.at), len(deeds))
        deeds.insert(place, bond)
    return deeds


def _opened(one: Told) -> Fact | None:
    return Fact(one.at, "asked") if one.wakes == "true" else None


def _received(one: Told) -> Fact | None:
    if one.wakes != "true":  # history, automatic answers and spam wake nobody
        return None
    return Fact(one.at, "vendor_said" if one.circle == "vendor" else "asked")


def _written(one: Told) -> Fact:
    if one.circle == "vendor":
        return Fact(one.at, "vendor_asked", one.about)
    return Fact(one.at, "answered", one.about, "others" if one.to == "waiting_other" else one.then or "wait")


def _state(one: Told) -> Fact:
    """A request that a colleague passed on for a client says so by the state «new» (desk/passing.py)."""
    return Fact(one.at, "asked") if one.to == "new" else Fact(one.at, "state", to=one.to or "open")


def _solved(one: Told) -> Fact | None:
    """Without `to` it comes with the answer that says so itself (replying.reply)."""
    return Fact(one.at, "ended", to="solved") if one.to else None


def _reopened(one: Told) -> Fact:
    if one.lost:
        return Fact(one.at, "lost", int(one.lost))
    return Fact(one.at, "asked" if one.was == "spam" else "reopened")


def _settled(one: Told) -> Fact | None:
    return Fact(one.at, "resent", one.about) if one.state == "retry" else None


_READ: dict[str, Callable[[Told], Fact | None]] = {
    "ticket.opened": _opened,
    "message.received": _received,
    "message.written": _written,
    "message.undone": lambda one: Fact(one.at, "undone", one.about),
    "ticket.state": _state,
    "ticket.solved": _solved,
    "ticket.closed": lambda one: Fact(one.at, "ended", to="closed"),
    "ticket.spam": lambda one: Fact(one.at, "ended", to="spam"),
    "ticket.reopened": _reopened,
    "ticket.priority": lambda one: Fact(one.at, "priority", int(one.to or 0)),
    "ticket.moved": lambda one: Fact(one.at, "team", int(one.to or 0)),
    "delivery.settled": _settled,
}
WORDS = frozenset(_READ)
