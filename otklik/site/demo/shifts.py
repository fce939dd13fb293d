"""When the people of the example were at work in the last months: the past is counted backwards here."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta

from otklik.sla.worktime import Hours

DAYS = 130
DAY = timedelta(days=1)


class Shifts:
    """Working intervals up to a moment, one a day."""

    def __init__(self, hours: Hours, now: datetime) -> None:
        self.hours = hours
        self.now = now
        self._open: list[datetime] = []
        self._close: list[datetime] = []
        at = now - DAYS * DAY
        while (opens := hours.opening(at)) < now:
            closes = opens + timedelta(seconds=hours.between(opens, opens + DAY / 2 + DAY / 6))
            self._open.append(opens)
            self._close.append(closes)
            at = closes

    def at_work(self, at: datetime) -> datetime:
        """The latest working moment not after `at`."""
        place = bisect_right(self._open, at) - 1
        return min(at, self._close[place])

    def before(self, at: datetime, work: timedelta) -> datetime:
        """The moment since which this much working time has passed until `at`."""
        place = bisect_right(self._open, at) - 1
        at = min(at, self._close[place])
        while (worked := at - self._open[place]) < work:
            work -= worked
            place -= 1
            at = self._close[place]
        return at - work

    def after(self, at: datetime, work: timedelta) -> datetime:
        """The moment by which this much working time will have passed since `at`."""
        return self.hours.add(at, work.total_seconds())
