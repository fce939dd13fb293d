"""How the promises of a client's requests were kept, counted: the newest by what happened, older ones by the database.

The newest are counted by their facts, so a page that follows an answer at once tells of it already.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from otklik import rows
from otklik.sla.course import Standing
from otklik.sla.terms import Kind

# the first clock of its kind of each request, as `first` chooses it
_OLDER: Final = """
SELECT count(*) FILTER (WHERE kind = 'response'),
       count(*) FILTER (WHERE kind = 'response' AND state = 'done' AND NOT late),
       count(*) FILTER (WHERE kind = 'response' AND is_late),
       count(*) FILTER (WHERE kind = 'response' AND state <> 'done' AND NOT is_late),
       count(*) FILTER (WHERE kind = 'resolution' AND state = 'done'),
       count(*) FILTER (WHERE kind = 'resolution' AND state = 'done' AND NOT late)
  FROM (SELECT DISTINCT ON (c.ticket_id, c.kind) c.kind, c.state, c.late,
               c.late OR (c.state = 'running' AND coalesce(c.due_at < %(at)s, false)) AS is_late
          FROM desk_ticket t JOIN sla_clock c ON c.ticket_id = t.id
         WHERE t.client_id = %(client)s AND t.created_at >= %(since)s AND t.state <> 'spam'
           AND t.id <> ALL(%(but)s::bigint[])
           AND c.kind IN ('response', 'resolution') AND c.state <> 'void'
         ORDER BY c.ticket_id, c.kind, c.started_at, c.id) one
"""


class Tally(NamedTuple):
    """asked: requests that were promised a first answer; waiting: for it, in time so far. solved: with a promise."""

    asked: int
    kept: int
    late: int
    waiting: int
    solved: int
    solved_kept: int

    def with_(self, other: "Tally") -> "Tally":
        return Tally(*(mine + its for mine, its in zip(self, other, strict=True)))


def first(clocks: Sequence[Standing], kind: Kind) -> Standing | None:
    return next((one for one in clocks if one.kind == kind and one.state != "void"), None)


def is_late(one: Standing, at: datetime) -> bool:
    return one.late or (one.state == "running" and one.due_at is not None and one.due_at < at)


def of(clocks: Mapping[int, Sequence[Standing]], at: datetime) -> Tally:
    """By request."""
    firsts = [one for its in clocks.values() if (one := first(its, "response"))]
    solved = [one for its in clocks.values() if (one := first(its, "resolution")) and one.state == "done"]
    return Tally(
        len(firsts), sum(one.state == "done" and not one.late for one in firsts),
        sum(is_late(one, at) for one in firsts),
        sum(one.state != "done" and not is_late(one, at) for one in firsts),
        len(solved), sum(not one.late for one in solved),
    )  # fmt: skip


def older(client_id: int, since: datetime, at: datetime, *, but: Collection[int]) -> Tally:
    """Of the client's requests since then, but for these. One query, by the client."""
    asked = {"client": client_id, "since": since, "at": at, "but": list(but)}
    (found,) = rows.ask(_OLDER, asked)
    return Tally(*found)
