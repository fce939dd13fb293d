"""How the clocks of an organisation or of a client ended in a period: counted by the database (R-E8).

A clock belongs to the period that it ended in: so each is told once, and what a credit is counted on is told here too.
Those that are late and go on are told beside. Two ways lead to the rows, and the planner takes the shorter one: all
requests of whom the report is for (by their key), or all clocks that ended in the period (index clock_ended).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from otklik.sla.penalty import Ratio, Window
from otklik.sla.report.whose import Whose
from otklik.sla.terms import Kind

CLIENTS: Final[tuple[Kind, ...]] = (
    "response",
    "next_reply",
    "news",
    "resolution",
)  # levels and vendors are ours
QUICKLY: Final = 2000  # clocks that a client's page counts at most
MISSES: Final = 100  # told one by one; the others by their number
_WHOSE: Final = {"organisation": "t.organisation_id", "client": "t.client_id"}
_ENDED: Final = """
      FROM desk_ticket t JOIN sla_clock c ON c.ticket_id = t.id JOIN sla_agreementversion v ON v.id = c.version_id
     WHERE {whose} = %(pk)s::bigint AND c.kind = ANY(%(kinds)s::text[]) AND c.state = 'done'
       AND c.ended_at >= %(since)s AND c.ended_at < %(until)s
"""
_FIGURES: Final = (
    """
    SELECT v.agreement_id, c.kind, CASE WHEN grouping(t.priority) = 1 THEN NULL ELSE t.priority END, count(*),
           count(*) FILTER (WHERE NOT c.late), min(c.target_s), max(c.target_s),
           percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY c.elapsed_s)
"""
    + _ENDED
    + "GROUP BY GROUPING SETS ((v.agreement_id, c.kind), (v.agreement_id, c.kind, t.priority))"
)
_MONTHS: Final = (
    """
    SELECT date_trunc('month', c.ended_at AT TIME ZONE %(zone)s::text)::date, count(*),
           count(*) FILTER (WHERE NOT c.late)
"""
    + _ENDED
    + "GROUP BY 1"
)
_VERSIONS: Final = "SELECT v.agreement_id, v.id, count(*)" + _ENDED + "GROUP BY 1, 2"
_MISSED: Final = (
    """
    SELECT t.id, t.number, t.team_id, t.priority, c.kind, c.cycle, c.target_s, c.elapsed_s, c.due_at, c.ended_at
"""
    + _ENDED
    + "AND c.late ORDER BY c.ended_at, c.id LIMIT %(most)s"
)
_KEPT: Final = (
    "SELECT count(*) FILTER (WHERE NOT late), count(*) FROM (SELECT c.late"  # noqa: S608 - texts of ours
    + _ENDED
    + "LIMIT %(most)s) one"
)
_GOING: Final = """
    SELECT count(*) FROM desk_ticket t JOIN sla_clock c ON c.ticket_id = t.id
     WHERE {whose} = %(pk)s::bigint AND c.kind = ANY(%(kinds)s::text[]) AND c.state <> 'void'
       AND (c.ended_at IS NULL OR c.ended_at >= %(until)s)
       AND (c.due_at < %(until)s OR (c.state = 'paused' AND c.late AND c.started_at < %(until)s))
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """Clocks of one kind under one agreement. priority None: all together. goals_s: least and most promised.

    half_s, most_s: in working seconds, half of them took no longer, nine of ten no longer.
    """

    agreement: int
    kind: Kind
    priority: int | None
    count: int
    kept: int
    goals_s: tuple[int, int]
    half_s: int
    most_s: int

    @property
    def ratio(self) -> Ratio:
        return Ratio(self.kept, self.count)


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    count: int
    kept: int


@dataclass(frozen=True, slots=True)
class Miss:
    """A clock that ended late."""

    ticket: int
    number: int
    team: int
    priority: int
    kind: Kind
    cycle: int
    target_s: int
    elapsed_s: int
    due_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """until: of a period that goes on, now. versions: (agreement, version, clocks). going: late and not over yet."""

    window: Window
    until: datetime
    figures: tuple[Figure, ...]
    versions: tuple[tuple[int, int, int], ...]
    months: tuple[Month, ...]
    misses: tuple[Miss, ...]
    going: int

    @property
    def is_over(self) -> bool:
        return self.until == self.window.until

    @property
    def total(self) -> Ratio:
        whole = [one for one in self.figures if one.priority is None]
        return Ratio(sum(one.kept for one in whole), sum(one.count for one in whole))


def read(whose: Whose, window: Window, now: datetime) -> Counts:
    """Five queries."""
    until = max(window.since, min(window.until, now))
    asked: dict[str, object] = {
        "pk": whose.pk, "kinds": list(CLIENTS), "since": window.since, "until": until, "zone": window.zone,
        "most": MISSES,
    }  # fmt: skip
    pictured = shown(window)
    found = {row[0]: row for row in _ask(_MONTHS, whose, {**asked, "since": pictured[0].since})}
    months = (found.get(one.first, (one.first, 0, 0)) for one in pictured)
    return Counts(
        window, until,
        tuple(Figure(a, k, p, n, kept, (low, high), *times) for a, k, p, n, kept, low, high, times in
              _ask(_FIGURES, whose, asked)),
        tuple(sorted(_ask(_VERSIONS, whose, asked))),
        tuple(Month(*one) for one in months),
        tuple(Miss(*one) for one in _ask(_MISSED, whose, asked)),
        int(_ask(_GOING, whose, asked)[0][0]),
    )  # fmt: skip


def kept(whose: Whose, since: datetime, until: datetime) -> Ratio | None:
    """Of all clocks that ended in [since, until). One query; None where there are too many to count for a page."""
    asked = {"pk": whose.pk, "kinds": list(CLIENTS), "since": since, "until": until, "most": QUICKLY}
    ((met, judged),) = _ask(_KEPT, whose, asked)
    return Ratio(met, judged) if judged < QUICKLY else None


def shown(window: Window) -> Sequence[Window]:
    """The months of the picture: those of the period; before a month or a quarter others, to compare with: six."""
    last = Window("month", window.behind, window.zone).moved(-1)
    return [last.moved(-n) for n in reversed(range(12 if window.kind == "year" else 6))]


def _ask(sql: str, whose: Whose, asked: Mapping[str, Any]) -> list[Any]:  # Any: values, columns
    """Planned for these very values: what is quick for a small organisation is slow for a big one."""
    with connection.cursor() as cursor:
        cursor.execute(sql.format(whose=_WHOSE[whose.of]), asked)
        found: list[Any] = cursor.fetchall()
    return found
