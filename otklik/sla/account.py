"""«Почему такой срок» of one request, read anew from its journal: which clocks it has, and the lines of one of them.

Nothing here comes from the rows of clocks: whoever opens the page sees what the journal says this very moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.promises.models import STANDING, NextNews
from otklik.sla import _instants, agreements, course, policies
from otklik.sla.course import Fact, Line, Policy, Standing
from otklik.sla.facts import facts_of
from otklik.sla.models import AgreementVersion
from otklik.sla.terms import Kind
from otklik.sla.worktime import Hours
from otklik.staff.models import Team

OPEN: Final = ("running", "paused")
_BY_DUE: Final[dict[str, tuple[Kind, ...]]] = {"answer": ("response", "next_reply"), "news": ("news",)}
_ORDER: Final[tuple[Kind, ...]] = ("response", "next_reply", "news", "resolution", "level", "vendor")


@dataclass(frozen=True, slots=True)
class Names:
    """What facts and clocks name by number: people, teams, versions of agreements."""

    people: dict[int, str]
    teams: dict[int, str]
    versions: dict[int, AgreementVersion]
    by_tariff: frozenset[int]


@dataclass(frozen=True, slots=True)
class Account:
    """clocks: those that stand, then the last of each kind that ended. told_at: what the client was told, if so.

    priority: the one that the chosen clock is judged by; of an ended one, by which it was. hours: in force now.
    """

    ticket: Ticket
    clocks: tuple[Standing, ...]
    chosen: Standing
    priority: int
    lines: tuple[Line, ...]
    hours: Hours
    names: Names
    told_at: datetime | None
    news: NextNews | None
    now: datetime

    @property
    def version(self) -> AgreementVersion:
        return self.names.versions[self.chosen.version]


def read(ticket: Ticket, wanted: tuple[str, int] | None, *, now: datetime) -> Account | None:
    """wanted: kind and cycle; None: what falls due next. None for a request without clocks. Raises NoWorkingTime."""
    facts = facts_of([ticket.pk]).get(ticket.pk)
    if not facts:
        return None
    policy = policies.of([facts])
    every = course.run(facts, policy)
    clocks = _shown(every)
    chosen = _chosen(every if wanted else clocks, wanted or _first(ticket, clocks))
    if chosen is None:
        return None
    lines = course.trace(facts, policy, chosen.kind, chosen.cycle, until=now)
    news = NextNews.objects.filter(STANDING, ticket=ticket).first() if chosen.kind == "news" else None
    hours = policy.versions[chosen.version].times.hours_at(_instants.from_datetime(now))
    return Account(
        ticket, clocks, chosen, _priority(facts, chosen.ended_at), tuple(lines), hours,
        _names(facts, policy, clocks), _told(ticket, chosen), news, now,
    )  # fmt: skip


def _priority(facts: Sequence[Fact], ended_at: datetime | None) -> int:
    """Facts begin with one."""
    known = [one for one in facts if one.word == "priority" and (ended_at is None or one.at <= ended_at)]
    return known[-1].id if known else Ticket.Priority.NORMAL


def _shown(every: Sequence[Standing]) -> tuple[Standing, ...]:
    """Those that stand in the order of a life, then what is over: the last of each kind."""
    standing = [one for one in every if one.state in OPEN]
    over = {one.kind: one for one in every if one.state not in OPEN}
    for kind in {one.kind for one in standing}:
        over.pop(kind, None)
    rank = _ORDER.index
    return (
        *sorted(standing, key=lambda one: rank(one.kind)),
        *sorted(over.values(), key=lambda one: rank(one.kind)),
    )


def _first(ticket: Ticket, clocks: Sequence[Standing]) -> tuple[str, int] | None:
    """What the head of the request shows, else what falls due first, else what stands, else what ended last."""
    if not clocks:
        return None
    kinds = _BY_DUE.get(ticket.next_due_kind, ())
    far = datetime.max.replace(tzinfo=clocks[0].started_at.tzinfo)

    def nearness(one: Standing) -> tuple[bool, bool, datetime]:
        return one.state not in OPEN, one.kind not in kinds, one.due_at or far

    nearest = min(clocks, key=nearness)
    return nearest.kind, nearest.cycle


def _chosen(clocks: Sequence[Standing], wanted: tuple[str, int] | None) -> Standing | None:
    return next((one for one in clocks if (one.kind, one.cycle) == wanted), None)


def _told(ticket: Ticket, chosen: Standing) -> datetime | None:
    is_told = chosen.state in OPEN and chosen.kind in _BY_DUE.get(ticket.next_due_kind, ())
    return ticket.next_due_at if is_told else None


def _names(facts: Sequence[Fact], policy: Policy, clocks: Sequence[Standing]) -> Names:
    """Four queries."""
    people = {fact.by for fact in facts if fact.by}
    teams = {fact.id for fact in facts if fact.word == "team"} | {one.team for one in clocks if one.team}
    found = AgreementVersion.objects.filter(pk__in=list(policy.versions)).defer("terms")
    versions = {one.pk: one for one in found.select_related("agreement__calendar")}
    return Names(
        dict(User.objects.filter(pk__in=people).values_list("pk", "name")),
        dict(Team.objects.filter(pk__in=teams).values_list("pk", "name")),
        versions, agreements.given_by_tariff({one.agreement_id for one in versions.values()}),
    )  # fmt: skip
