"""What history tells of requests like these: how long they waited, how they went through the levels, how many come.

Requests of half a year are drawn by lot, as the page of levels does (sla/levels.py): all of one priority, of one
service or of any, whichever agreement judged them. Their time is counted anew by the hours and pauses of the agreement
that is to promise it: «2 часа» of one calendar are not those of another. Loads numpy: import it where somebody asks.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog

from otklik import rows
from otklik.sla import _instants, course, policies, visits
from otklik.sla._table import TICKS
from otklik.sla.course import Fact, Policy, Rules
from otklik.sla.facts import facts_of
from otklik.sla.levels import DAYS, LOOKED_AT, MOST
from otklik.sla.visits import Way
from otklik.sla.worktime import NoWorkingTime

log = structlog.get_logger(__name__)
WEEKS: Final = 4  # whose arrivals are counted
GAP_S: Final = (
    5,
    1800,
)  # from one answer to the next: in between somebody worked on it; longer is something else
GAPS: Final = 50  # fewer tell no time of handling
ENTRIES: Final = 50_000  # newest of the journal
_DRAWN = """
    WITH newest AS MATERIALIZED
         (SELECT id, priority, created_at, state FROM desk_ticket ORDER BY id DESC LIMIT %(looked)s)
    SELECT n.id, count(*) OVER () FROM newest n
      JOIN LATERAL (SELECT %(tag)s::bigint IS NULL OR EXISTS
                    (SELECT 1 FROM desk_ticket_tags t WHERE t.ticket_id = n.id AND t.tag_id = %(tag)s::bigint)
                    AS its OFFSET 0) of ON of.its
     WHERE n.created_at >= %(since)s AND n.created_at <= %(at)s AND n.priority = %(priority)s AND n.state <> 'spam'
     ORDER BY hashint8(n.id), n.id LIMIT %(most)s
"""
_ARRIVED = """
    SELECT date_trunc('hour', created_at, 'UTC'), count(*)
      FROM (SELECT created_at, state FROM desk_ticket ORDER BY id DESC LIMIT %(looked)s) newest
     WHERE created_at >= %(since)s AND created_at < %(at)s AND state <> 'spam' GROUP BY 1
"""
_WRITTEN = """
    WITH newest AS MATERIALIZED
         (SELECT user_id, at, word = 'message.written' AS written,
                 CASE WHEN word = 'message.written' THEN facts->>'circle' IS DISTINCT FROM 'vendor' END AS answers
            FROM journal_entry ORDER BY id DESC LIMIT %(looked)s),
         gaps AS
         (SELECT answers, extract(epoch FROM at - lag(at) OVER (PARTITION BY user_id ORDER BY at)) AS gap
            FROM newest WHERE written AND user_id IS NOT NULL AND at >= %(since)s AND at < %(at)s)
    SELECT avg(gap) FILTER (WHERE gap BETWEEN %(least)s AND %(most)s),
           count(*) FILTER (WHERE gap BETWEEN %(least)s AND %(most)s),
           count(*) FILTER (WHERE answers), (SELECT min(at) FROM newest)
      FROM gaps
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """tag: the service, None for any; version: of the agreement whose hours count."""

    tag: int | None
    priority: int
    version: int


@dataclass(frozen=True, slots=True)
class History:
    """population: requests like these in half a year; drawn: how many of them were read. at: until when."""

    population: int
    drawn: int
    facts: Mapping[int, Sequence[Fact]]
    policy: Policy
    at: datetime

    def responses(self) -> list[tuple[float, bool]]:
        """(working seconds, whether we answered): one without an answer counts for as long as it went without."""
        return [one for pk in self.facts for one in self._responses(pk)]

    def ways(self) -> list[Way]:
        return [way for pk in self.facts for way in self._ways(pk)]

    def _ways(self, pk: int) -> list[Way]:
        try:
            return visits.ways(self.facts[pk], self.policy, now=self.at)
        except NoWorkingTime as fault:
            return self._lost(pk, fault)

    def _responses(self, pk: int) -> list[tuple[float, bool]]:
        try:
            meters = course.live(self.facts[pk], self.policy).meters
        except NoWorkingTime as fault:
            return self._lost(pk, fault)
        if any(one.kind == "resolution" and one.void and one.ended is not None for one in meters):
            return []  # spam
        at = _instants.from_datetime(self.at)
        return [(one.elapsed(at) / TICKS, one.answered) for one in meters if one.kind == "response"]

    def _lost(self, pk: int, fault: NoWorkingTime) -> list[Any]:  # Any: of either kind, there is none in it
        log.error(
            "history not counted", ticket=pk, cause=str(fault), remedy="look at the agreement's calendar"
        )
        return []


@dataclass(frozen=True, slots=True)
class Pace:
    """per_hour: requests in the busiest hour of a working day, or in the mean one with the night's, whichever is more.

    hour: its beginning on the clock, None for the mean one. handling_s: of an answer, None where too few tell.
    answers: of ours to clients, a request, of the same whole desk in the same time.
    """

    per_hour: float
    hour: int | None
    handling_s: float | None
    answers: float


def of(wanted: Wanted, at: datetime) -> History:
    """A handful of queries; reading facts takes most of the time, about half a millisecond a request."""
    values = {
        "looked": LOOKED_AT, "since": at - timedelta(days=DAYS), "tag": wanted.tag, "priority": wanted.priority,
        "most": MOST, "at": at,
    }  # fmt: skip
    drawn = rows.ask(_DRAWN, values)
    told = facts_of([pk for pk, _count in drawn])
    known = {pk: [one for one in facts if one.at <= at] for pk, facts in told.items()}
    policy, rules = policies.of(known.values()), policies.rules([wanted.version])[wanted.version]
    judged = replace(policy, versions=dict.fromkeys(policy.versions, rules))
    return History(drawn[0][1] if drawn else 0, len(drawn), known, judged, at)


def pace(version: int, zone: str, at: datetime) -> Pace:
    """Of the whole desk, within the hours of this version's agreement. zone: of its calendar. Two queries of size."""
    since = at - timedelta(weeks=WEEKS)
    arrived = dict(rows.ask(_ARRIVED, {"looked": LOOKED_AT, "since": since, "at": at}))
    least, most = GAP_S
    told = {"looked": ENTRIES, "since": min(arrived, default=since), "at": at, "least": least, "most": most}
    ((gap, gaps, answers, oldest),) = rows.ask(_WRITTEN, told)
    rules = policies.rules([version])[version]
    hour, per_hour = busiest(arrived, rules, ZoneInfo(zone), (since, at))
    handling_s = float(gap) if gap is not None and gaps >= GAPS else None
    return Pace(per_hour, hour, handling_s, answers / max(_came(arrived, oldest), 1))


def _came(arrived: Mapping[datetime, int], oldest: datetime | None) -> int:
    """Requests since the oldest entry that was looked at: the answers of those before it were not."""
    hour = timedelta(hours=1)
    return sum(count for begun, count in arrived.items() if oldest is None or begun + hour > oldest)


def busiest(
    arrived: Mapping[datetime, int], rules: Rules, zone: ZoneInfo, period: tuple[datetime, datetime]
) -> tuple[int | None, float]:
    """(beginning of the hour on the clock, requests an hour) as Pace tells them. arrived: by the hour it came in.

    period: no longer than arrivals tell; only whole hours of it count, the running one does not.
    """
    hour, worked, came = min(arrived, default=period[1]), 0, 0
    if hour < period[0]:  # cut by the period
        hour += timedelta(hours=1)
    by_clock: dict[int, list[int]] = defaultdict(list)
    while hour + timedelta(hours=1) <= period[1]:
        count = arrived.get(hour, 0)
        came += count
        if _is_worked(rules, hour):
            worked += 1
            by_clock[hour.astimezone(zone).hour].append(count)
        hour += timedelta(hours=1)
    even = came / worked if worked else 0.0
    top = max(((sum(some) / len(some), clock) for clock, some in by_clock.items()), default=(0.0, 0))
    return (top[1], top[0]) if top[0] > even else (None, even)


def _is_worked(rules: Rules, hour: datetime) -> bool:
    since, until = (_instants.from_datetime(one) for one in (hour, hour + timedelta(hours=1)))
    return rules.times.between(since, until) == until - since
