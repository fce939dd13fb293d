"""The access log: who opened whose data. One INSERT a page, which waits for no disk (R-L4).

The last half second of the log may be lost with the machine's power; its lines are only ever added.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from otklik import rows
from otklik.accounts import throttling
from otklik.accounts.models import Look, User

AGAIN = timedelta(minutes=10)  # the same page opened once more within it is the same look
PAGE = 100
Kind, Door = Look.Kind, Look.Door


@dataclass(frozen=True, slots=True)
class Seen:
    """What was opened. client_id is filled in from the request where it is not known."""

    kind: str
    ticket_id: int | None = None
    client_id: int | None = None
    object_id: int | None = None
    words: str = ""
    door: str = Door.PAGE


# one round trip; the first row makes this transaction not wait for the disk (config is local to it)
_INSERT = """
WITH quick AS (SELECT set_config('synchronous_commit', %(wait)s, true))
INSERT INTO accounts_look (user_id, kind, door, ticket_id, client_id, object_id, words, place, at)
SELECT %(user)s::bigint, %(kind)s::text, %(door)s::text, %(ticket)s::bigint, %(client)s::bigint, %(object)s::bigint,
       %(words)s::text, %(place)s::text, %(at)s FROM quick
 WHERE NOT EXISTS (
   SELECT 1 FROM accounts_look WHERE user_id = %(user)s::bigint AND at > %(since)s AND kind = %(kind)s::text
      AND door = %(door)s::text AND ticket_id IS NOT DISTINCT FROM %(ticket)s::bigint
      AND object_id IS NOT DISTINCT FROM %(object)s::bigint AND client_id IS NOT DISTINCT FROM %(client)s::bigint
      AND words = %(words)s::text AND place = %(place)s::text)
"""


def note(request: HttpRequest, user: User, seen: Seen, *, at: datetime) -> None:
    """Write the look down, unless the same one stands there from the last ten minutes."""
    values = {
        # within a deed's transaction nothing is made quicker: its own rows must reach the disk
        "wait": "on" if connection.in_atomic_block else "off",
        "user": user.pk, "kind": str(seen.kind), "door": str(seen.door), "ticket": seen.ticket_id,
        "client": seen.client_id, "object": seen.object_id,
        "words": " ".join(seen.words.replace("\0", " ").split())[:100],
        "place": throttling.visitor(request), "at": at, "since": at - AGAIN,
    }  # fmt: skip
    rows.ask(_INSERT, values)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines are asked for; None and '' are any."""

    user_id: int | None = None
    kind: str = ""
    ticket_id: int | None = None
    client_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None  # the last line of the page before


def lines(asked: Filter) -> QuerySet[Look]:
    """The latest lines first, a page of them. Uses look_of_user, look_at_client, look_at_ticket or look_latest."""
    wanted = {
        "user_id": asked.user_id, "kind": asked.kind or None, "ticket_id": asked.ticket_id,
        "client_id": asked.client_id, "at__gte": asked.since, "at__lt": asked.until,
    }  # fmt: skip
    rows = Look.objects.filter(Q(**{name: value for name, value in wanted.items() if value is not None}))
    if asked.before is not None:
        rows = rows.filter(_earlier(asked.before))
    return rows.order_by("-at", "-pk")[:PAGE]


def _earlier(pk: int) -> Q:
    """What stands below this line. Runs a query; where retention has taken the line, its number says it nearly."""
    at = Look.objects.filter(pk=pk).values_list("at", flat=True).first()
    return Q(pk__lt=pk) if at is None else Q(at__lte=at) & (Q(at__lt=at) | Q(pk__lt=pk))
