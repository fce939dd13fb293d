"""How a team or a person writes, month by month, and which rules people don't agree with (R-B13).

A lead sees their teams and each person of them; everybody else their own figures alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from otklik import replica, rows

MONTHS = 12
CASES, LEAST = 50, 0.30  # a rule accepted less often in so many cases is proposed to be switched off

_WRITTEN = """
SELECT date_trunc('month', at AT TIME ZONE %(zone)s)::date, count(*), sum(length),
       count(*) FILTER (WHERE closes AND thanks IS NOT NULL), count(*) FILTER (WHERE closes AND thanks)
  FROM assist_written WHERE {whose} AND at >= %(since)s GROUP BY 1
"""
_COUNTS = """
SELECT date_trunc('month', at AT TIME ZONE %(zone)s)::date, rule, sum(n::int)
  FROM assist_written CROSS JOIN LATERAL jsonb_each_text(counts) AS found (rule, n)
 WHERE {whose} AND at >= %(since)s GROUP BY 1, 2
"""
_FATES = """
SELECT date_trunc('month', at AT TIME ZONE %(zone)s)::date, rule, what, count(*)
  FROM assist_outcome WHERE {whose} AND at >= %(since)s GROUP BY 1, 2, 3
"""
# the latest cases of each rule. Uses outcome_of_rule
_DOUBTED = """
SELECT known.rule, count(*), count(*) FILTER (WHERE last.what IN ('taken', 'mended'))
  FROM unnest(%(rules)s::text[]) known (rule) CROSS JOIN LATERAL (
    SELECT what FROM assist_outcome WHERE team_id = %(team)s AND rule = known.rule
     ORDER BY at DESC LIMIT %(cases)s) last
 GROUP BY known.rule
"""
_OF_TEAM = "team_id = %(team)s AND (%(user)s::bigint IS NULL OR user_id = %(user)s::bigint)"
_OF_PERSON = "user_id = %(user)s::bigint"


@dataclass(frozen=True, slots=True)
class Whose:
    """team_id None: of a person in all their teams; user_id None: of all people of the team."""

    team_id: int | None
    user_id: int | None


@dataclass(slots=True)
class Month:
    """found: findings left in sent replies by rule; fates: how many of each outcome."""

    day: date
    replies: int = 0
    length: int = 0
    closings: int = 0
    thanked: int = 0
    found: dict[str, int] = field(default_factory=dict)
    fates: dict[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float | None:
        """Findings per 1,000 characters."""
        return 1000 * sum(self.found.values()) / self.length if self.length else None

    @property
    def accepted(self) -> int:
        return self.fates.get("taken", 0) + self.fates.get("mended", 0)

    @property
    def dismissed(self) -> int:
        return self.fates.get("dismissed", 0)

    @property
    def thanks(self) -> float | None:
        """Share of closings with thanks, 0 to 100."""
        return 100 * self.thanked / self.closings if self.closings else None


@dataclass(slots=True)
class Rule:
    """One rule over all months. rate: left in sent replies per 1,000 characters."""

    code: str
    rate: float = 0.0
    taken: int = 0
    mended: int = 0
    dismissed: int = 0
    left: int = 0

    @property
    def cases(self) -> int:
        return self.taken + self.mended + self.dismissed + self.left

    @property
    def accepted(self) -> float | None:
        """0 to 100."""
        return 100 * (self.taken + self.mended) / self.cases if self.cases else None


@dataclass(frozen=True, slots=True)
class Figures:
    months: list[Month]
    rules: list[Rule]  # those that people dismiss most come first


def read(whose: Whose, *, now: datetime, tz: tzinfo) -> Figures:
    """The last twelve months, this one included. Three queries. Uses written_of_team, outcome_of_team, …_of_person."""
    months = {day: Month(day) for day in _days(now.astimezone(tz).date())}
    since = datetime.combine(min(months), datetime.min.time(), tz)
    which = _OF_PERSON if whose.team_id is None else _OF_TEAM
    values = {"team": whose.team_id, "user": whose.user_id, "since": since, "zone": str(tz)}
    rules: dict[str, Rule] = {}

    def ask(sql: str) -> list[tuple[Any, ...]]:  # Any: what the statements above give
        found = rows.ask(sql.format(whose=which), values, of=replica.connection())
        return [row for row in found if row[0] in months]

    for day, *counts in ask(_WRITTEN):
        one = months[day]
        one.replies, one.length, one.closings, one.thanked = (int(count or 0) for count in counts)
    whole = sum(one.length for one in months.values())
    for day, code, count in ask(_COUNTS):
        months[day].found[code] = count
        rules.setdefault(code, Rule(code)).rate += 1000 * count / whole if whole else 0
    for day, code, what, count in ask(_FATES):
        months[day].fates[what] = months[day].fates.get(what, 0) + count
        rule = rules.setdefault(code, Rule(code))
        setattr(rule, what, getattr(rule, what) + count)
    ordered = sorted(rules.values(), key=lambda one: (-one.dismissed, -one.rate, one.code))
    return Figures(list(months.values()), ordered)


def doubted(team_id: int, codes: Iterable[str]) -> list[Rule]:
    """Of these rules, those that the team accepted in under 30 % of the last 50 cases."""
    values = {"team": team_id, "rules": sorted(codes), "cases": CASES}
    found = rows.ask(_DOUBTED, values, of=replica.connection())
    return [
        Rule(str(code), taken=int(accepted), left=int(cases - accepted))
        for code, cases, accepted in found
        if cases >= CASES and accepted < LEAST * cases
    ]


def _days(today: date) -> list[date]:
    """The first days of the months, the oldest first."""
    last = today.year * 12 + today.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(last - MONTHS + 1, last + 1)]
