"""When a promised news nears, by the share of working time at which its agreement warns, and when the one after is due.

Both are told to people: the owner is offered a note from the first on, the client reads the second (R-D4, R-E6).
"""

from datetime import datetime, timedelta

from otklik.promises.models import NextNews
from otklik.sla import timetables
from otklik.sla.worked import Judge

LAST_QUARTER = (
    75  # percent: from here on a due time nears; the first share of the agreement that is not earlier
)
SOON = timedelta(minutes=15)  # the sweep of warnings tells of news then at the latest
STEP = timedelta(minutes=5)


def near_at(news: NextNews, judge: Judge) -> datetime:
    """From then on it nears. Of what was promised for sooner than half an hour it is half of the time."""
    share = min((one for one in judge.terms.warn_at if one >= LAST_QUARTER), default=LAST_QUARTER)
    whole = timetables.between(judge.timetable, news.made_at, news.due_at)
    by_share = judge.add(news.made_at, timedelta(seconds=whole * share / 100)) if whole else news.due_at
    return min(by_share, news.due_at - min(SOON, (news.due_at - news.made_at) / 2))


def next_due(judge: Judge, priority: int, *, at: datetime) -> datetime:
    """The news after one that is told now: by the agreement, at a time that is easily said, never later."""
    due = judge.add(at, judge.told("news", priority))
    plain = due - timedelta(minutes=due.minute % 5, seconds=due.second, microseconds=due.microsecond)
    return plain if plain - at >= 2 * STEP else due
