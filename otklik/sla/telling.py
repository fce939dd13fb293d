"""By when a client is told to hear of us: by the agreement of their own request (R-D4, R-E2, invariant 7).

The time is that of the request's own clocks, less the margin which its terms keep back, so what is told is never later
than what we are judged by. Where no clock counts, or it is late already, the target is counted from now.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from otklik.desk.models import Ticket
from otklik.promises.promising import ANSWER
from otklik.sla import agreements, binding, course, policies, worked
from otklik.sla._instants import from_datetime, to_datetime
from otklik.sla._table import TICKS
from otklik.sla.binding import Newcomer
from otklik.sla.course import Fact, Policy, Rules
from otklik.sla.facts import facts_of
from otklik.sla.models import STANDING, Bond
from otklik.sla.terms import Kind
from otklik.sla.worktime import NoWorkingTime

ANSWERS: Final[tuple[Kind, ...]] = ("response", "next_reply")
_TICK: Final = timedelta(seconds=1) / TICKS


def first_answers(tickets: Sequence[Ticket], *, at: datetime) -> list[datetime]:
    """When the clients of these requests, opened now and not saved yet, hear of us. Four queries for however many.

    The hook that receiving.receive() asks.
    """
    coming = [Newcomer(one.client_id, one.organisation_id, one.priority) for one in tickets]
    versions = binding.choose_coming(coming, at=at)
    rules = policies.rules(set(versions))
    told = {
        (version, priority): _first_answer(version, rules[version], priority, at)
        for version, priority in {
            (version, one.priority) for version, one in zip(versions, coming, strict=True)
        }
    }
    return [told[version, one.priority] for version, one in zip(versions, coming, strict=True)]


def first_answer_of(version_id: int, *, at: datetime) -> datetime:
    """Of a request of usual priority that this version of an agreement will judge."""
    rules = policies.rules([version_id])[version_id]
    return _first_answer(version_id, rules, Ticket.Priority.NORMAL, at)


def after(rules: Rules, kind: Kind, priority: int, *, since: datetime) -> datetime:
    """When its target, less the margin, has passed since a moment; where it has none, that of the next best kind."""
    goal = worked.told(rules.terms, kind, priority)
    try:
        return to_datetime(rules.times.add(from_datetime(since), goal // _TICK))
    except NoWorkingTime:  # a calendar of holidays alone
        return since + goal


class Book:
    """What happened to some requests and what they are judged by, read once, when the first question comes."""

    def __init__(self, ticket_ids: Collection[int]) -> None:
        self._ids = frozenset(ticket_ids)

    def due(self, ticket_id: int, kind: str, *, at: datetime) -> datetime:
        """By when this client hears of us, as the request stood at a moment: later than that. kind: of promising."""
        soon = self.clock(ticket_id, at=at)
        if soon is not None:
            return soon
        facts = self._until(ticket_id, at)
        answer: Kind = "next_reply" if any(one.word == "answered" for one in facts) else "response"
        wanted = answer if kind == ANSWER else "news"
        return after(self._rules(facts), wanted, _latest(facts, "priority"), since=at)

    def clock(
        self, ticket_id: int, *, at: datetime, kinds: Collection[Kind] = course.TOLD
    ) -> datetime | None:
        """By its clocks alone: None where none of these counts, or the nearest is late, or there is no such request."""
        if ticket_id not in self._read[0]:
            return None
        try:
            return course.told(self._until(ticket_id, at), self._read[1], at=at, kinds=kinds)
        except NoWorkingTime:
            return None

    def _rules(self, facts: Sequence[Fact]) -> Rules:
        return self._read[1].versions[_latest(facts, "bound")]

    def _until(self, ticket_id: int, at: datetime) -> list[Fact]:
        """Up to a moment; a request always has the first three, by what it was when it began."""
        facts = self._read[0][ticket_id]
        return facts[:3] + [one for one in facts[3:] if one.at <= at]

    @cached_property
    def _read(self) -> tuple[dict[int, list[Fact]], Policy]:
        standing = Bond.objects.filter(STANDING, ticket__in=self._ids).values_list("ticket_id", flat=True)
        unbound = self._ids - set(standing)
        facts = facts_of(self._ids, unbound=binding.choose_many(unbound) if unbound else {})
        return facts, policies.of(facts.values())


def of_default(at: datetime) -> tuple[int, datetime]:
    """The calendar of the agreement for everybody, and by when it has a letter answered that comes now."""
    agreement = agreements.default()
    return agreement.calendar_id, first_answer_of(agreements.current(agreement.pk, at).pk, at=at)


def _first_answer(version: int, rules: Rules, priority: int, at: datetime) -> datetime:
    """As the clock of the request will count it (sla/course.py)."""
    facts = [Fact(at, "bound", version), Fact(at, "priority", priority), Fact(at, "asked")]
    try:
        told = course.told(facts, Policy(versions={version: rules}, levels={}), at=at, kinds=ANSWERS)
    except NoWorkingTime:
        told = None
    return told or after(rules, "response", priority, since=at)


def _latest(facts: Sequence[Fact], word: str) -> int:
    return [one.id for one in facts if one.word == word][-1]
