"""Who looks at a request or writes in it: told to those who may see it, kept nowhere.

One NOTIFY a signal. Pages send signals only while somebody else is there too (presence.js); the live stream hands
them to the streams of the request's team. It reads CHANNEL without Django: nothing here may need it at import.
"""

import json
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from otklik.accounts.models import User

CHANNEL = "otklik_presence"
Doing = Literal["came", "looks", "writes", "gone"]


def tell(user: "User", doing: Doing, *, ticket_id: int, team_id: int) -> None:
    """came: tell me who else is here; looks, writes: I am here; gone: no more."""
    from django.db import connection

    told = {"ticket": ticket_id, "team": team_id, "user": user.pk, "name": user.name[:100], "doing": doing}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(told, separators=(",", ":"))])
