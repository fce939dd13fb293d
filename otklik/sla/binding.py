"""Which agreement judges a request: the narrowest cover wins; the default where none covers it (R-E1, R-E3).

A request is bound by the terms in force when it came. It gets others by a fact of its own (another tariff, label,
priority, cover) or by an administrator's deed, never because somebody edited an agreement.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from otklik import rows
from otklik.accounts.models import User
from otklik.desk.models import Ticket
from otklik.desk.models.tickets import OPEN_STATES
from otklik.journal import journaling
from otklik.journal.journaling import Line
from otklik.sla import agreements
from otklik.sla.models import STANDING, Bond

BOUND: Final = "agreement.bound"
BATCH: Final = 500

# width: client, organisation, tariff, label, everybody. Of one width: fewer priorities, the higher tier, the older row
_CHOOSE = """
WITH asked AS ({asked})
SELECT asked.id, asked.team_id, chosen.agreement_id, chosen.version_id
  FROM asked CROSS JOIN LATERAL (
    SELECT cover.agreement_id, v.id AS version_id
      FROM (SELECT agreement_id, 1 AS width, priorities, id FROM sla_cover WHERE client_id = asked.client_id
             UNION ALL SELECT agreement_id, 2, priorities, id FROM sla_cover
                        WHERE organisation_id = asked.organisation_id
             UNION ALL SELECT agreement_id, 3, priorities, id FROM sla_cover WHERE tariff_id = asked.tariff_id
             UNION ALL SELECT s.agreement_id, 4, s.priorities, s.id FROM {tagged} g
                         JOIN sla_cover s ON s.tag_id = g.tag_id WHERE g.ticket_id = asked.id
             UNION ALL SELECT id, 5, '{{}}', 0 FROM sla_agreement WHERE is_default) AS cover
      JOIN sla_agreement a ON a.id = cover.agreement_id
     CROSS JOIN LATERAL (SELECT id, terms FROM sla_agreementversion
         WHERE agreement_id = a.id AND effective_from <= asked.at
         ORDER BY effective_from DESC, number DESC LIMIT 1) AS v
     WHERE (cover.priorities = '{{}}' OR asked.priority = ANY(cover.priorities))
       AND (a.ended_at IS NULL OR a.ended_at > asked.at)
       AND (cover.width = 5 OR v.terms->>'until' IS NULL
            OR asked.at < ((v.terms->>'until')::date + 1)::timestamp AT TIME ZONE %(zone)s)
     ORDER BY cover.width, cardinality(cover.priorities) = 0, cardinality(cover.priorities), a.rank DESC, cover.id
     LIMIT 1) AS chosen
"""
_THERE = _CHOOSE.format(
    tagged="desk_ticket_tags",
    asked="""
    SELECT t.id, t.team_id, t.client_id, t.priority, o.id AS organisation_id,
           coalesce(c.tariff_id, o.tariff_id) AS tariff_id, coalesce(%(at)s::timestamptz, t.created_at) AS at
      FROM desk_ticket t JOIN clients_client c ON c.id = t.client_id
      LEFT JOIN clients_organisation o ON o.id = coalesce(t.organisation_id, c.organisation_id)
     WHERE t.id = ANY(%(ids)s::bigint[])""",
)
_COMING = _CHOOSE.format(
    tagged="(SELECT * FROM unnest(%(tagged)s::bigint[], %(tags)s::bigint[]) AS one (ticket_id, tag_id))",
    asked="""
    SELECT n.place AS id, 0 AS team_id, n.client_id, n.priority, o.id AS organisation_id,
           coalesce(c.tariff_id, o.tariff_id) AS tariff_id, %(at)s::timestamptz AS at
      FROM unnest(%(clients)s::bigint[], %(organisations)s::bigint[], %(priorities)s::smallint[])
        WITH ORDINALITY AS n (client_id, organisation_id, priority, place)
      LEFT JOIN clients_client c ON c.id = n.client_id
      LEFT JOIN clients_organisation o ON o.id = coalesce(n.organisation_id, c.organisation_id)""",
)
_BIND = """
INSERT INTO sla_bond (ticket_id, version_id, at, by_id)
SELECT ticket, version, %(at)s, %(by)s::bigint
  FROM unnest(%(tickets)s::bigint[], %(versions)s::bigint[]) AS new (ticket, version) ORDER BY ticket
    ON CONFLICT (ticket_id) WHERE ended_at IS NULL DO NOTHING
RETURNING ticket_id
"""


class Choice(NamedTuple):
    """What a request is to be judged by."""

    ticket_id: int
    team_id: int
    agreement_id: int
    version_id: int


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A request that is about to be opened. organisation_id=None: the client's counts."""

    client_id: int
    organisation_id: int | None = None
    priority: int = Ticket.Priority.NORMAL
    tag_ids: tuple[int, ...] = ()


def choose_coming(newcomers: Sequence[Newcomer], *, at: datetime) -> list[int]:
    """The version that will judge each of these, opened at this moment; two queries for however many."""
    if not newcomers:
        return []
    agreements.default()
    tagged = [(place, tag) for place, one in enumerate(newcomers, 1) for tag in one.tag_ids]
    values = {
        "clients": [one.client_id for one in newcomers],
        "organisations": [one.organisation_id for one in newcomers],
        "priorities": [int(one.priority) for one in newcomers], "at": at, "zone": settings.TIME_ZONE,
        "tagged": [place for place, _tag in tagged], "tags": [tag for _place, tag in tagged],
    }  # fmt: skip
    chosen = {row[0]: row[3] for row in rows.ask(_COMING, values)}
    return [chosen[place] for place in range(1, len(newcomers) + 1)]


def choose_many(ticket_ids: Collection[int], *, at: datetime | None = None) -> dict[int, int]:
    """Ticket → version: by the terms in force at a moment, the one when each request came where none is given.

    Two queries for however many. A ticket that is not there is missing.
    """
    return {one.ticket_id: one.version_id for one in _choices(ticket_ids, at)}


def bind_many(ticket_ids: Collection[int], *, by: User | None, at: datetime) -> int:
    """Bind those that nothing binds yet; how many they were. Safe twice and at once. At most six queries."""
    bound = Bond.objects.filter(STANDING, ticket__in=list(ticket_ids)).values_list("ticket_id", flat=True)
    unbound = set(ticket_ids) - set(bound)
    if not unbound:
        return 0
    with transaction.atomic():
        _hold(unbound)
        return _bind(_choices(unbound, None), {}, by=by, at=at)


def rebind(ticket: Ticket, *, by: User | None, at: datetime) -> bool:
    """After a change of its client's tariff, its organisation, labels, priority: whether other terms judge it now."""
    return rebind_many([ticket.pk], by=by, at=at) > 0


def rebind_many(ticket_ids: Collection[int], *, by: User | None, at: datetime, newest: bool = False) -> int:
    """Requests of another agreement than they are bound to get it, by its terms of this moment; how many did.

    One that stays with its agreement keeps the terms it has, unless the newest are asked for.
    """
    with transaction.atomic():
        _hold(ticket_ids)
        standing = _standing(ticket_ids)
        moved = [one for one in _choices(ticket_ids, at) if _is_other(one, standing, newest=newest)]
        former = {
            one.ticket_id: standing[one.ticket_id].version_id for one in moved if one.ticket_id in standing
        }
        ended = [standing[ticket_id].pk for ticket_id in former]
        Bond.objects.filter(STANDING, pk__in=ended).update(ended_at=Greatest(F("at"), Value(at)))
        return _bind(moved, former, by=by, at=at)


def move_open(agreement_id: int, *, by: User, at: datetime) -> int:
    """Open requests of an agreement go over to its terms in force now: an administrator's deed. How many did."""
    version = agreements.current(agreement_id, at)
    older = Bond.objects.filter(STANDING, version__agreement=agreement_id, ticket__state__in=OPEN_STATES)
    ids = list(older.exclude(version=version).order_by("ticket").values_list("ticket_id", flat=True))
    return sum(rebind_many(part, by=by, at=at, newest=True) for part in parts(ids))


def parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _hold(ticket_ids: Collection[int]) -> None:
    """The requests before their bonds, as whoever changes a request locks: else two would wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM desk_ticket WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [list(ticket_ids)]
        )


class _Standing(NamedTuple):
    pk: int
    version_id: int
    agreement_id: int


def _standing(ticket_ids: Collection[int]) -> dict[int, _Standing]:
    """The bonds as they stand, locked in order of their tickets."""
    found = Bond.objects.filter(STANDING, ticket__in=list(ticket_ids)).order_by("ticket")
    locked = found.select_for_update(of=("self",)).annotate(agreement=F("version__agreement_id"))
    columns = locked.values_list("ticket_id", "pk", "version_id", "agreement")
    return {ticket_id: _Standing(*rest) for ticket_id, *rest in columns}


def _is_other(one: Choice, standing: Mapping[int, _Standing], *, newest: bool) -> bool:
    was = standing.get(one.ticket_id)
    if was is None:
        return True
    return was.version_id != one.version_id if newest else was.agreement_id != one.agreement_id


def _choices(ticket_ids: Collection[int], at: datetime | None) -> list[Choice]:
    agreements.default()  # there is one for everybody
    values = {"ids": list(ticket_ids), "at": at, "zone": settings.TIME_ZONE}
    return [Choice(*row) for row in rows.ask(_THERE, values)]


def _bind(choices: Sequence[Choice], former: Mapping[int, int], *, by: User | None, at: datetime) -> int:
    """Rows and lines of the journal for those that nobody else has bound meanwhile."""
    if not choices:
        return 0
    values = {
        "tickets": [one.ticket_id for one in choices], "versions": [one.version_id for one in choices],
        "at": at, "by": by.pk if by else None,
    }  # fmt: skip
    bound = {ticket_id for (ticket_id,) in rows.ask(_BIND, values)}
    lines = [_line(one, former.get(one.ticket_id), by, at) for one in choices if one.ticket_id in bound]
    journaling.write_many(lines)
    return len(lines)


def _line(one: Choice, former: int | None, by: User | None, at: datetime) -> Line:
    facts: dict[str, object] = {"version": one.version_id}
    if former is not None:
        facts["from"] = former
    return Line(one.ticket_id, BOUND, at, teams=(one.team_id,), by=by, facts=facts)
