"""Who looks at a request or writes in it: told to those who may see it, kept nowhere.

One NOTIFY a signal. Pages send signals only while somebody else is there too (presence.js); the live stream hands
them to the streams of the request's team. It reads CHANNEL without Django: nothing here may need it at import.

A page that sends signals without end would push to every stream of the team: so many of a person are let through
(Allowance), and what they said of themselves a moment ago is not told again (Echoes). Both count in one process, so
the limit is one of each process of pages: a row a signal would cost more than what it guards.
"""

import json
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from otklik.accounts.models import User

CHANNEL = "otklik_presence"
Doing = Literal["came", "looks", "writes", "gone"]
SIGNALS = 60  # a page writes once in 5 s at most; a team that comes all at once is answered one by one
WITHIN_S = 10.0
ECHO_S = 1.0


class Allowance:
    """How many signals each person may send: `SIGNALS` within `WITHIN_S`. Times are of one clock, in seconds."""

    def __init__(self) -> None:
        self._began_s = 0.0
        self._counts: dict[int, int] = {}

    def takes(self, user_id: int, at_s: float) -> bool:
        """Count one more; False past the limit. Two threads at once may lose a count: that harms nobody."""
        if not 0 <= at_s - self._began_s < WITHIN_S:
            self._began_s, self._counts = at_s, {}
        self._counts[user_id] = count = self._counts.get(user_id, 0) + 1
        return count <= SIGNALS


class Echoes:
    """What each person said last of themselves at each request."""

    def __init__(self) -> None:
        self._said: dict[tuple[int, int], tuple[str, float]] = {}

    def is_echo(self, user_id: int, ticket_id: int, doing: str, at_s: float) -> bool:
        """Whether they said this very thing less than `ECHO_S` ago, and nothing else since: who came, went and came
        again is here.
        """
        said, told_s = self._said.get((user_id, ticket_id), ("", 0.0))
        if said == doing and at_s - told_s < ECHO_S:
            return True
        self._said[user_id, ticket_id] = (doing, at_s)
        return False

    def forget_old(self, at_s: float) -> None:
        self._said = {key: one for key, one in self._said.items() if at_s - one[1] < ECHO_S}


def tell(user: "User", doing: Doing, *, ticket_id: int, team_id: int) -> None:
    """came: tell me who else is here; looks, writes: I am here; gone: no more."""
    from django.db import connection

    told = {"ticket": ticket_id, "team": team_id, "user": user.pk, "name": user.name[:100], "doing": doing}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(told, separators=(",", ":"))])
