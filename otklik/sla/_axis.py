"""Working time of one calendar as an axis that grows where it is asked; all in ticks (see `_table`)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from otklik.sla._errors import BadCall, NoWorkingTime
from otklik.sla._spec import Rules
from otklik.sla._table import DAY_S, TICKS, Table, build, new_year

HORIZON = 3653 * DAY_S * TICKS  # ten years
FIRST, LAST = new_year(1900), new_year(2200)  # what may be asked about: [FIRST, LAST)
_YEARS_BACK, _YEARS_ON = 1, 10  # around the first instant asked for: twelve years in all
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Pause = tuple[int, int | None]


class Axis:
    """Answers in ticks. Safe to share between threads: a grown table takes the old one's place whole."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self.table = Table(1, 0, [], [], [0])  # knows nothing yet

    def between(self, since: int, until: int) -> int:
        """Ticks of work in [since, until); 0 when `until` <= `since`."""
        table = self.table
        if not (table.lo <= since <= table.hi and table.lo <= until <= table.hi):
            table = self.covering(min(since, until), max(since, until))
        return table.work(until) - table.work(since) if until > since else 0

    def between_paused(self, since: int, until: int, pauses: Iterable[Pause]) -> int:
        """The same outside the pauses."""
        done = 0
        for begin, end in sorted(pauses, key=_begin):
            if begin >= until or (end is not None and end <= since):
                continue
            done += self.between(since, begin)
            since = until if end is None else min(end, until)
        return done + self.between(since, until)

    def add(self, since: int, amount: int) -> int:
        """The earliest instant with `amount` >= 0 ticks of work in [since, it). Raises NoWorkingTime."""
        return self._by(since, amount, since + HORIZON)

    def add_paused(self, since: int, amount: int, pauses: Iterable[Pause]) -> int | None:
        """The same outside the pauses; None when an open pause begins before the work is done."""
        limit = since + HORIZON
        for begin, end in sorted(pauses, key=_begin):
            if end is not None and end <= since:
                continue
            done = self.between(since, begin)
            if amount <= done:
                break
            if end is None:
                return None
            amount -= done
            since = end
        return self._by(since, amount, limit)

    def opening(self, at: int) -> int:
        """The earliest working instant at or after `at`. Raises NoWorkingTime."""
        found = self.covering(at, at).opening(at)
        if found is None:
            found = self.reaching(at, at + HORIZON).opening(at)
        if found is None or found > at + HORIZON:
            raise nothing_after(at)
        return found

    def _by(self, since: int, amount: int, limit: int) -> int:
        table = self.table
        if not table.lo <= since <= table.hi:
            table = self.covering(since, since)
        found = table.after(since, amount) if amount else since
        if found is None:
            found = self.reaching(since, max(since, limit)).after(since, amount)
        if found is None or found > limit:
            raise nothing_after(limit - HORIZON)
        return found

    def covering(self, since: int, until: int) -> Table:
        """A table with both instants in it. Raises BadCall for instants outside 1900–2199."""
        if since < FIRST or until >= LAST:
            raise BadCall("время вне 1900–2199 годов")
        return self.reaching(since, until)

    def reaching(self, since: int, until: int) -> Table:
        """The table, grown if need be; `until` may lie ten years past what may be asked about."""
        table = self.table
        if table.lo <= since and until <= table.hi:
            return table
        first, last = _year(since) - _YEARS_BACK, max(_year(until), _year(since) + _YEARS_ON)
        if table.hi:
            first, last = min(first, _year(table.lo)), max(last, _year(table.hi - 1))
        table = self.table = build(self._rules, first, last)
        return table


@lru_cache(maxsize=32)
def axis(rules: Rules) -> Axis:
    """One axis for all that have equal rules: a version of a calendar builds its table once."""
    return Axis(rules)


def nothing_after(since: int) -> NoWorkingTime:
    return NoWorkingTime(
        f"за десять лет после {_moment(since):%Y-%m-%d %H:%M} UTC не набирается рабочего времени"
    )


def _begin(pause: Pause) -> int:
    return pause[0]


def _moment(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


def _year(at: int) -> int:
    return _moment(at).year
