"""What a target may be advised for. Light: pages of agreements know it too, without numpy."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from otklik.desk.models import Tag

What: TypeAlias = Literal["response", "resolution"]
SHARES: Final = (85, 90, 95)  # percent
USUAL_SHARE: Final = 90


@dataclass(frozen=True, slots=True)
class Subject:
    """A service (None: any), a priority of desk.Ticket, the first answer or the solution."""

    tag: Tag | None
    priority: int
    what: What
