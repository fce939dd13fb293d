"""A part of a list: of one owner, what is late, due today or waits on us. The lead's page leads to these."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils import timezone

Only = Literal["", "late", "today", "ours"]
_PARTS: dict[Only, str] = {
    "": "",
    "late": " AND next_due_at <= %(now)s",
    "today": " AND next_due_at > %(now)s AND next_due_at < %(tomorrow)s",
    "ours": " AND state IN ('new', 'open')",  # the next word is ours
}


@dataclass(frozen=True, slots=True)
class Narrow:
    """owner_id: of this person alone; only: late, due by the end of `at`'s day, or waiting on us."""

    owner_id: int | None = None
    only: Only = ""
    at: datetime | None = None  # now, when left out

    @property
    def condition(self) -> str:
        """To follow the condition of a list, in SQL."""
        return _PARTS[self.only] + (" AND owner_id = %(owner)s" if self.owner_id is not None else "")

    @property
    def values(self) -> Mapping[str, int | datetime | None]:
        at = self.at or timezone.now()
        return {"owner": self.owner_id, "now": at, "tomorrow": tomorrow(at)} if self.condition else {}


WHOLE = Narrow()


def tomorrow(at: datetime) -> datetime:
    """The midnight after this moment, in the zone of the page."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
