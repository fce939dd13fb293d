"""The lists of the desk and how many rows each has: one statement each, in SQL since every page asks them.

Composed by Django they took a third of a page; planned anew each time, most of the rest. Limits stand in the statement:
where they are values the plan is made for a tenth of the table. Whose requests may be seen stays one rule
(staff.queries.seen_teams).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple, TypeAlias

from django.db import connection

from otklik import rows
from otklik.accounts.models import User
from otklik.desk.models.tickets import OPEN_STATES
from otklik.desk.narrowing import WHOLE, Narrow
from otklik.staff import queries as staff

View = Literal["mine", "unowned", "all", "waiting", "solved", "spam"]
Order = Literal["due", "last"]
Value: TypeAlias = int | list[int] | datetime | None
PAGE = 50
MANY = 100  # counts say «99+» from here
ENDED: frozenset[View] = frozenset({"solved", "spam"})

# What each list holds, as narrow as an index has it
_HELD: dict[View, str] = {
    "mine": f"state IN {OPEN_STATES} AND owner_id = %(me)s",
    "unowned": f"state IN {OPEN_STATES} AND owner_id IS NULL",
    "all": f"state IN {OPEN_STATES}",
    "waiting": "state IN ('waiting_client', 'waiting_other')",
    "solved": "state IN ('solved', 'closed')",
    "spam": "state = 'spam'",
}
_ORDERS: dict[Order, str] = {"due": "{0}next_due_at, {0}id", "last": "{0}last_message_at DESC, {0}id"}
# where a page begins: each of these is a stretch of an index
_FIRST = ("true",)
_AFTER_DUE = ("next_due_at >= %(at)s AND (next_due_at > %(at)s OR id > %(pk)s)", "next_due_at IS NULL")
_AFTER_LAST_DUE = ("next_due_at IS NULL AND id > %(pk)s",)
_AFTER_WORD = ("last_message_at <= %(at)s AND (last_message_at < %(at)s OR id > %(pk)s)",)

_KEYS = "id, next_due_at, last_message_at"
_STRETCH = "(SELECT {keys} FROM desk_ticket WHERE {held} AND {begins} ORDER BY {order} LIMIT {most})"
# CASE: one's own requests are all in one's own teams but for moments. PostgreSQL takes the two for independent, and
# would read all of the team and all that the person ever had; of a CASE it supposes half, and goes along its index.
_OWN = """(SELECT {keys} FROM desk_ticket WHERE {held} AND CASE WHEN {seen} THEN true END AND {begins}
    ORDER BY {order} LIMIT {most})"""
# The first rows of each team out of its own index: however many teams, and however much lies in them.
_EACH_TEAM = """(SELECT one.* FROM unnest(%(teams)s::bigint[]) AS seen (team) CROSS JOIN LATERAL (
    SELECT {keys} FROM desk_ticket WHERE team_id = seen.team AND {held} AND {begins}
     ORDER BY {order} LIMIT {most}) one)"""
_PAGE = """
SELECT t.id, t.number, t.subject, t.channel, t.state, t.last_words, t.last_message_at, t.last_by, t.unread,
       t.next_due_at, t.next_due_kind, t.owner_id, c.name, u.name
  FROM (SELECT * FROM ({stretches}) every ORDER BY {order} LIMIT {most}) page JOIN desk_ticket t USING (id)
  JOIN clients_client c ON c.id = t.client_id LEFT JOIN accounts_user u ON u.id = t.owner_id
 ORDER BY {page_order}
"""
# Each count stops at a hundred rows whatever the table holds.
_COUNT = "(SELECT count(*) FROM (SELECT FROM desk_ticket WHERE {{seen}} AND {held} LIMIT {most}) counted)"
_COUNT_OWN = """(SELECT count(*) FROM (SELECT FROM desk_ticket WHERE {held} AND CASE WHEN {{seen}} THEN true END
    LIMIT {most}) counted)"""
_COUNTS = {
    "mine": _COUNT_OWN.format(held=_HELD["mine"], most=MANY),
    "unowned": _COUNT.format(held=_HELD["unowned"], most=MANY),
    "all": _COUNT.format(held=_HELD["all"], most=MANY),
    "waits": _COUNT_OWN.format(held=f"{_HELD['mine']} AND unread", most=MANY),
}


class Row(NamedTuple):
    """A request as a list shows it."""

    pk: int
    number: int
    subject: str
    channel: str
    state: str
    last_words: str
    last_message_at: datetime
    last_by: str
    unread: bool
    next_due_at: datetime | None
    next_due_kind: str
    owner_id: int | None
    client: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list ended: the key of its last row. at is None past the rows with a clock."""

    at: datetime | None
    pk: int


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    more: Place | None


def queue(
    user: User,
    view: View,
    order: Order,
    after: Place | None = None,
    limit: int = PAGE,
    *,
    narrow: Narrow = WHOLE,
) -> Page:
    """A page of a list. Uses the indexes ticket_mine_*, ticket_team_*, ticket_open_*, ticket_unowned_due, …"""
    teams = staff.seen_teams(user)
    if teams is not None and not teams:
        return Page([], None)
    order = "last" if view in ENDED else order
    values: dict[str, Value] = {"me": user.pk, "teams": teams}
    values |= narrow.values
    if after:
        values |= {"at": after.at, "pk": after.pk}
    statement = _statement(view, order, _begins(order, after), teams is None, narrow.condition, limit + 1)
    busy = after is None and not narrow.condition  # what a page of everybody's asks
    read = rows.ask(statement, values, binary=True) if busy else _read(statement, values)
    found = [Row._make(one) for one in read]
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    return Page(found[:limit], Place(last.next_due_at if order == "due" else last.last_message_at, last.pk))


def counts(user: User) -> dict[str, int]:
    """How many rows each view has, up to 100; `waits` is what waits for this person and nobody read yet. One query."""
    return _counted(user, *_COUNTS)


def waits(user: User) -> int:
    """What waits for this person and nobody read yet, up to 100. Each page that shows no counts asks it."""
    return _counted(user, "waits")["waits"]


def _counted(user: User, *names: str) -> dict[str, int]:
    teams = staff.seen_teams(user)
    if teams is not None and not teams:
        return dict.fromkeys(names, 0)
    sql = "SELECT " + ", ".join(_COUNTS[name] for name in names)
    (found,) = rows.ask(sql.format(seen=_seen(teams is None)), {"me": user.pk, "teams": teams})
    return dict(zip(names, found, strict=True))


@cache
def _statement(
    view: View, order: Order, begins: tuple[str, ...], sees_all: bool, part: str, most: int
) -> str:
    stretch = _OWN if view == "mine" else _STRETCH if sees_all else _EACH_TEAM
    by, page_order = (_ORDERS[order].format(table) for table in ("", "page."))
    words = {"keys": _KEYS, "held": _HELD[view] + part, "order": by, "seen": _seen(sees_all), "most": most}
    stretches = " UNION ALL ".join(stretch.format(begins=one, **words) for one in begins)
    return _PAGE.format(stretches=stretches, order=by, page_order=page_order, most=most)


def _seen(sees_all: bool) -> str:
    return "true" if sees_all else "team_id = ANY(%(teams)s)"


def _begins(order: Order, after: Place | None) -> tuple[str, ...]:
    if after is None:
        return _FIRST
    if order == "last":
        return _AFTER_WORD
    return _AFTER_DUE if after.at else _AFTER_LAST_DUE


def _read(sql: str, values: Mapping[str, Value]) -> list[tuple[Any, ...]]:  # Any: whatever the columns hold
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
