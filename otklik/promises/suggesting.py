"""The time that a form offers for a next news or a promise: never at night, never on a day off (R-D3, R-E3).

The calendars stand right of this room, so they tell the working time by a function that they add here.
"""

from datetime import datetime, timedelta
from typing import Protocol

STEP = timedelta(minutes=30)
AHEAD = timedelta(hours=2)


class WorkingTime(Protocol):
    """The moment when that much working time has passed, by the calendar that this request is judged by."""

    def __call__(self, ticket_id: int, since: datetime, work: timedelta, /) -> datetime: ...


def _any_time(_ticket_id: int, since: datetime, work: timedelta) -> datetime:
    return since + work


_known: list[WorkingTime] = [_any_time]


def use(working_time: WorkingTime) -> None:
    """Called in the AppConfig.ready() of the room with the calendars."""
    _known[0] = working_time


def suggested(ticket_id: int, standing: datetime | None, now: datetime) -> datetime:
    """Two working hours after what stands, or after now, at the next half hour where people still work then."""
    add = _known[0]
    due = add(ticket_id, max(standing or now, now), AHEAD)
    late = timedelta(minutes=due.minute % 30, seconds=due.second, microseconds=due.microsecond)
    if not late:
        return due
    rounded = due + STEP - late
    return rounded if add(ticket_id, due, STEP - late) == rounded else due.replace(second=0, microsecond=0)
