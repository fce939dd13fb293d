"""Who may read from the replica (otklik/replica.py): pages that say so, for readers who find their writes there.

The browser keeps in a cookie how far the log had come when it last changed something; a replica that hasn't come so far
is not asked. Nor one that hasn't heard of a change of this person's rights: those stand in the queries themselves.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.http import HttpRequest, HttpResponse

from otklik import replica
from otklik.accounts.models import User
from otklik.web.requests import SAFE, AgentRequest

COOKIE = "otklik_wrote"
LIFE_S = 60  # far past replica.LAG_LIMIT_S: what was written earlier is there, or the replica isn't asked
T = TypeVar("T")


def read(request: AgentRequest, ask: Callable[[], T]) -> T:
    """What `ask` reads, from the replica where that is right, else, and after any fault there, from the primary.

    ask: reads alone, gives what it read and no lazy queryset; it may be called twice.
    """
    watcher = replica.watcher()
    if watcher is None or not _is_right(request, watcher.standing()):
        return ask()
    try:
        with replica.lagging():
            if _knows_rights(request.user):
                return ask()
    except DatabaseError as fault:
        connections[replica.ALIAS].close()
        watcher.doubt(str(fault).strip().split("\n", 1)[0])
    return ask()


def _is_right(request: HttpRequest, standing: replica.Standing) -> bool:
    wrote = replica.lsn(request.COOKIES.get(COOKIE, ""))
    return standing.is_near(time.monotonic()) and (wrote is None or standing.replayed >= wrote)


def _knows_rights(user: User) -> bool:
    """Whether the replica has heard of the last change of their rights. request.user comes from the primary."""
    epochs = User.objects.filter(pk=user.pk, is_active=True).values_list("access_epoch", flat=True)
    return epochs.first() == user.access_epoch


class OwnWritesMiddleware:
    """Notes in the browser how far the log has come after whatever it changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method in SAFE or replica.watcher() is None:
            return response
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_wal_flush_lsn()::text")
                (place,) = cursor.fetchone()
        except DatabaseError:  # what was asked for has its answer already
            return response
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, place, max_age=LIFE_S, httponly=True, samesite="Lax", secure=secure)
        return response
